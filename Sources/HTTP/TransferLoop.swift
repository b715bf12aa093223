internal import CCurlShim

/// All transfers of one client, on one thread.
@safe final class TransferLoop {
    private let mailbox: Mailbox
    private let options: HTTPClient.Options
    private let multi: UnsafeMutableRawPointer
    private let wait: SocketWait
    private let headers: RequestHeaders
    private var active: [ObjectIdentifier: Transfer] = [:]
    private var idle: [Transfer] = []
    /// When the alarm rings: no request's deadline comes before, but the request that had this one may
    /// have ended.
    private var nextDeadline: ContinuousClock.Instant?

    init(mailbox: Mailbox, options: HTTPClient.Options) throws(HTTPError.Cause) {
        try Call.easy("curl_global_init", Call.globalSetUp)
        headers = try RequestHeaders()
        wait = try SocketWait()
        guard let multi = unsafe ccurl_multi_init() else { throw .failed("curl_multi_init") }
        unsafe self.multi = multi
        self.mailbox = mailbox
        self.options = options
        try unsafe Call.multi(
            "MAXCONNECTS",
            ccurl_multi_set_max_connects(multi, options.connectionLimit)
        )
        try unsafe Call.multi(
            "MAX_TOTAL_CONNECTIONS",
            ccurl_multi_set_max_total_connections(multi, options.connectionLimit)
        )
        try unsafe wait.serve(multi)
    }

    deinit {
        let code = unsafe ccurl_multi_cleanup(multi)
        precondition(code == CURLM_OK, "no transfer outlives its loop")
    }

    /// Readable while there is something to do: time for a ``turn(waits:)``.
    var descriptor: Int32 { wait.descriptor }

    /// Makes the descriptor readable; good on any thread while the loop lives.
    var waker: @Sendable () -> Void { wait.waker }

    /// Drives transfers until the mailbox is closed.
    func run() {
        while turn(waits: true) {}
    }

    /// Does what is to be done now; with `waits` it is waited for.
    ///
    /// - Returns: whether there may be more: false once the mailbox is closed.
    func turn(waits: Bool) -> Bool {
        let events = wait.events(waits: waits)
        let looked = ContinuousClock.now
        endingAllIfItThrows { () throws(HTTPError.Cause) in
            for event in events { try act(event.socket, event.bits) }
        }
        // Always: what comes after this look has woken the wait, what came before has not.
        let mail = mailbox.take()
        if mail.isClosed {
            end(mail.submissions)
            return false
        }
        mail.submissions.forEach(start)
        mail.cancellations.forEach(cancel)
        endingAllIfItThrows { () throws(HTTPError.Cause) in
            repeat {
                if wait.takesDueTimer() { try act(CURL_SOCKET_TIMEOUT, 0) }
                // The end of a transfer may be due work for another.
                reap()
                // Last: what is there by now came in time.
                if !wait.isDue, wait.takesAlarm() { endOverdue(at: looked) }
            } while wait.isDue
        }
        return true
    }

    /// Runs `body`; its failure is that of every transfer.
    private func endingAllIfItThrows(_ body: () throws(HTTPError.Cause) -> Void) {
        do throws(HTTPError.Cause) {
            try body()
        } catch {
            for transfer in active.values { unsafe transfer.finish(.failure(error), in: multi) }
            active = [:]
        }
    }

    /// Lets libcurl do what can be done at one socket, or what is due.
    private func act(_ socket: Int32, _ bits: Int32) throws(HTTPError.Cause) {
        var runningCount: Int32 = 0
        try unsafe Call.multi(
            "curl_multi_socket_action",
            ccurl_multi_socket_action(multi, socket, bits, &runningCount)
        )
    }

    private func start(_ submission: Submission) {
        guard !submission.ticket.isCancelled.load(ordering: .sequentiallyConsistent) else {
            submission.continuation.resume(returning: .failure(.cancelled))
            return
        }
        do throws(HTTPError.Cause) {
            let transfer = if let known = idle.popLast() { known } else { try Transfer() }
            do throws(HTTPError.Cause) {
                try unsafe transfer.start(
                    submission,
                    in: multi,
                    headers: headers,
                    connectTimeout: options.connectTimeout
                )
                active[ObjectIdentifier(submission.ticket)] = transfer
                note(transfer.deadline)
            } catch {
                transfer.resume(.failure(error))
            }
        } catch {
            submission.continuation.resume(returning: .failure(error))
        }
    }

    private func cancel(_ ticket: Ticket) {
        guard let transfer = active.removeValue(forKey: ObjectIdentifier(ticket)) else { return }
        unsafe transfer.finish(.failure(.cancelled), in: multi)
        idle.append(transfer)
    }

    // Not libcurl's own limit: that is two timers for each request, and may be forgotten (see
    // ``SocketWait``).

    private func note(_ deadline: ContinuousClock.Instant) {
        if let nextDeadline, nextDeadline <= deadline { return }
        nextDeadline = deadline
        wait.setAlarm(after: deadline - .now)
    }

    private func endOverdue(at now: ContinuousClock.Instant) {
        for (ticket, transfer) in active where transfer.deadline <= now {
            guard let deadline = transfer.submission?.request.deadline else { continue }
            active[ticket] = nil
            unsafe transfer.finish(.failure(.timedOut(after: deadline)), in: multi)
            idle.append(transfer)
        }
        nextDeadline = nil
        if let next = active.values.map(\.deadline).min() { note(next) }
    }

    /// Ends every transfer that libcurl reports as done.
    private func reap() {
        var remainingCount: Int32 = 0
        while let message = unsafe ccurl_multi_info_read(multi, &remainingCount) {
            guard unsafe message.pointee.msg == CURLMSG_DONE,
                let easy = unsafe message.pointee.easy_handle,
                let transfer = unsafe Transfer.owner(of: easy),
                let submission = transfer.submission
            else { continue }
            let outcome = unsafe transfer.outcome(message.pointee.data.result)
            active[ObjectIdentifier(submission.ticket)] = nil
            unsafe transfer.finish(outcome, in: multi)
            idle.append(transfer)
        }
    }

    private func end(_ submissions: [Submission]) {
        for transfer in active.values { unsafe transfer.finish(.failure(.closed), in: multi) }
        active = [:]
        for submission in submissions + mailbox.seal().submissions {
            submission.continuation.resume(returning: .failure(.closed))
        }
    }
}

/// Carries a loop to its thread, which alone uses it from then on.
struct LoopSeat: @unchecked Sendable {
    private let loop: TransferLoop

    init(_ loop: TransferLoop) { self.loop = loop }

    var descriptor: Int32 { loop.descriptor }

    var waker: @Sendable () -> Void { loop.waker }

    func run() { loop.run() }

    func turn() -> Bool { loop.turn(waits: false) }
}
