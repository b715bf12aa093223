// One thread serves all connections with `poll`: requests are parsed, answered by the script, and
// sent when the latency model says so. Other threads leave orders in a box and wake the server.

private import Foundation
public import HTTP
private import Synchronization

/// An OpenAI-compatible server without a model, for tests and for simulating many GPUs.
public final class ScriptedEngine: Sendable {
    /// Where it listens.
    public let endpoint: HTTPEndpoint

    private let orders: OrderBox

    /// A server that listens at `endpoint`; port 0 takes a free one.
    ///
    /// - Throws: ``SocketFailure`` when it cannot listen there.
    public init(at endpoint: HTTPEndpoint, _ options: ScriptedEngineOptions = .init()) throws {
        let (listener, actual) = try ServerSocket.listening(at: endpoint)
        let (waker, wakened) = try ServerSocket.pair()
        let orders = OrderBox(waker: waker)
        self.endpoint = actual
        self.orders = orders
        let thread = Thread {
            EngineServer(listener: listener, wakened: wakened, orders: orders, options).run()
        }
        thread.name = "scripted-engine"
        thread.stackSize = 4 << 20
        thread.start()
    }

    deinit { orders.post(.stop) }

    /// What it has seen so far.
    public var record: ScriptedEngineRecord { orders.record }

    /// Makes something go wrong with coming requests.
    public func plan(_ fault: PlannedFault) { orders.post(.plan(fault)) }

    /// Stops answering anything, as a stopped process does, until ``resume()``.
    public func freeze() { orders.post(.freeze(true)) }

    /// Goes on after ``freeze()``.
    public func resume() { orders.post(.freeze(false)) }

    /// Replaces what the model says.
    public func replaceScript(_ script: @escaping Script) { orders.post(.script(script)) }

    /// Blocks until the server has stopped, by ``stop()`` or by ``Fault/die``.
    public func waitUntilStopped() { orders.waitUntilStopped() }

    /// Stops serving and drops all connections.
    public func stop() {
        orders.post(.stop)
        orders.waitUntilStopped()
    }
}

/// What other threads ask of the server's thread, and what they may know of it.
final class OrderBox: Sendable {
    enum Order: Sendable {
        case plan(PlannedFault)
        case freeze(Bool)
        case script(Script)
        case stop
    }

    private struct State {
        var orders: [Order] = []
        var record = ScriptedEngineRecord()
        var hasStopped = false
    }

    private let state = Mutex(State())
    private let waker: ServerSocket

    init(waker: ServerSocket) { self.waker = waker }

    func post(_ order: Order) {
        state.withLock { state in
            guard !state.hasStopped else { return }
            state.orders.append(order)
            // A full socket means that a wake-up is already on its way.
            _ = waker.write([1])
        }
    }

    func take() -> [Order] {
        state.withLock { state in
            defer { state.orders = [] }
            return state.orders
        }
    }

    var record: ScriptedEngineRecord { state.withLock { $0.record } }

    func note(_ change: (inout ScriptedEngineRecord) -> Void) {
        state.withLock { change(&$0.record) }
    }

    func markStopped() {
        state.withLock { state in
            state.hasStopped = true
            waker.close()
        }
    }

    func waitUntilStopped() {
        while !state.withLock({ $0.hasStopped }) { Thread.sleep(forTimeInterval: 0.005) }
    }
}
