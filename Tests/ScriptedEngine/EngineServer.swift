private import Foundation
internal import HTTP

/// The server's loop: connections, orders and simulated time, all on one thread.
final class EngineServer {
    final class Connection {
        let socket: ServerSocket
        var input: [UInt8] = []
        var output: [UInt8] = []
        var sentCount = 0
        /// The request that is being answered, if any.
        var pending: Int?
        var closesAfterOutput = false
        /// Afterwards the socket's number may be that of another one, in any thread of the process.
        var isOpen = true

        init(_ socket: ServerSocket) { self.socket = socket }
    }

    let orders: OrderBox
    let options: ScriptedEngineOptions
    var adapters: Set<String>
    var script: Script
    var faults: [PlannedFault]
    var queue: SimulatedQueue
    var generatedTokenCount = 0
    var promptTokenCount = 0
    /// Answers that wait for simulated time, with the connection each belongs to.
    private var simulated: [Int: (connection: Connection, answer: [UInt8])] = [:]
    private var delayed: [(time: Double, connection: Connection, answer: [UInt8])] = []
    private var connections: [ServerSocket: Connection] = [:]
    private let listener: ServerSocket
    private let wakened: ServerSocket
    private var isFrozen = false
    private var isStopping = false
    private var nextID = 0
    private let start = ContinuousClock.now

    init(
        listener: ServerSocket,
        wakened: ServerSocket,
        orders: OrderBox,
        _ options: ScriptedEngineOptions
    ) {
        self.listener = listener
        self.wakened = wakened
        self.orders = orders
        self.options = options
        adapters = Set(options.adapters)
        script = options.script
        faults = options.faults
        queue = SimulatedQueue(options.latency ?? LatencyModel(streamTokensPerSecond: 1))
    }

    var now: Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    func run() {
        while !isStopping {
            let ready = ServerSocket.wait(for: interests, milliseconds: isFrozen ? -1 : patience)
            takeOrders(ready)
            if isFrozen { continue }
            for socket in ready where socket != wakened { serve(socket) }
            sendDueAnswers()
        }
        for connection in connections.values { connection.socket.close() }
        listener.close()
        wakened.close()
        orders.markStopped()
    }

    /// Ends the loop after this turn.
    func stop() { isStopping = true }

    private var interests: [ServerSocket.Interest] {
        let wake = [ServerSocket.Interest(wakened, wantsWrite: false)]
        if isFrozen { return wake }
        return wake + [ServerSocket.Interest(listener, wantsWrite: false)]
            + connections.values.map { .init($0.socket, wantsWrite: !$0.output.isEmpty) }
    }

    /// Milliseconds until the next answer is due; negative: nothing is.
    private var patience: Int32 {
        let simulatedTime = options.latency == nil ? nil : queue.nextTime
        let times = [simulatedTime, delayed.map(\.time).min()].compactMap { $0 }
        guard let time = times.min() else { return -1 }
        return Int32(clamping: Int(((time - now) * 1000).rounded(.up))) < 0
            ? 0 : Int32(clamping: Int(((time - now) * 1000).rounded(.up)))
    }

    private func takeOrders(_ ready: [ServerSocket]) {
        if ready.contains(wakened) { _ = wakened.read() }
        for order in orders.take() {
            switch order {
            case .plan(let fault): faults.append(fault)
            case .freeze(let isFrozen): self.isFrozen = isFrozen
            case .script(let script): self.script = script
            case .stop: stop()
            }
        }
    }

    private func serve(_ socket: ServerSocket) {
        if socket == listener {
            while let new = listener.accept() { connections[new] = Connection(new) }
            let count = connections.count
            orders.note { $0.mostConnections = max($0.mostConnections, count) }
            return
        }
        guard let connection = connections[socket] else { return }
        flush(connection)
        guard connection.isOpen else { return }
        switch connection.socket.read() {
        case .bytes(let bytes): connection.input += bytes
        case .nothingYet: return
        case .end:
            if let pending = connection.pending { abandon(pending) }
            drop(connection)
            return
        }
        while connection.isOpen, connection.pending == nil, !isStopping,
            let request = ArrivedRequest.take(from: &connection.input)
        {
            nextID += 1
            connection.pending = nextID
            handle(request, on: connection)
        }
    }

    private func abandon(_ id: Int) {
        queue.remove(id, now: now)
        simulated[id] = nil
        orders.note { $0.abortedCount += 1 }
    }

    func drop(_ connection: Connection) {
        guard connection.isOpen else { return }
        connection.isOpen = false
        connections[connection.socket] = nil
        delayed.removeAll { $0.connection === connection }
        connection.socket.close()
    }

    // MARK: Answers

    /// Sends `bytes`, after `seconds` if there are any.
    func send(_ bytes: [UInt8], to connection: Connection, after seconds: Double = 0) {
        guard seconds == 0 else {
            delayed.append((now + seconds, connection, bytes))
            return
        }
        connection.pending = nil
        connection.output += bytes
        flush(connection)
    }

    /// Sends `bytes` when the simulated engine has drawn `tokenCount` tokens.
    func send(_ bytes: [UInt8], to connection: Connection, drawing tokenCount: Int) {
        guard options.latency != nil, let id = connection.pending else {
            send(bytes, to: connection)
            return
        }
        queue.add(id, tokenCount: tokenCount, now: now)
        simulated[id] = (connection, bytes)
        let count = queue.runningCount
        orders.note { $0.mostRunning = max($0.mostRunning, count) }
    }

    private func sendDueAnswers() {
        let time = now
        if options.latency != nil {
            for id in queue.completed(at: time) {
                guard let due = simulated.removeValue(forKey: id) else { continue }
                send(due.answer, to: due.connection)
            }
        }
        let due = delayed.filter { $0.time <= time }
        delayed.removeAll { $0.time <= time }
        for entry in due { send(entry.answer, to: entry.connection) }
    }

    private func flush(_ connection: Connection) {
        guard connection.isOpen else { return }
        while connection.sentCount < connection.output.count {
            let rest = connection.output[connection.sentCount...]
            guard let count = connection.socket.write(rest) else {
                drop(connection)
                return
            }
            if count == 0 { return }
            connection.sentCount += count
        }
        connection.output = []
        connection.sentCount = 0
        if connection.closesAfterOutput { drop(connection) }
    }
}
