// When a session's process is ended, stopped and continued by this side.

import CSandboxShim
import Glibc
import Synchronization

extension SessionChannel {
    // MARK: A snippet's limits

    /// Memory is looked at this often where the kernel's limits do not cover all of it.
    private static let memoryInterval = Duration.milliseconds(100)

    /// Begins to measure a snippet's time, and looks at it when it may be over.
    func startClock(of running: inout Running, _ state: inout State) {
        state.account?.allow(
            seconds: configuration.kernelSeconds,
            next: configuration.sessionSeconds
        )
        let time = SnippetTime(
            processorLimit: configuration.snippetTimeout,
            wallLimit: configuration.wallTimeout,
            // What it has used since its last answer is the next snippet's.
            processorBefore: state.account?.cpuTime ?? .zero,
            started: .now,
            interval: watchesMemory(state) ? Self.memoryInterval : nil
        )
        running.time = time
        running.alarm = look(at: time.due, of: running.nonce)
    }

    private func look(at due: ContinuousClock.Instant, of nonce: UInt64) -> EventLoop.Alarm {
        loop.schedule(at: due) { [weak self] in self?.look(at: nonce) }
    }

    /// The answer may have come while this was about to be called, and the next snippet may run.
    private func look(at nonce: UInt64) {
        let process = state.withLock { state -> Descriptor? in
            guard var running = state.running, running.nonce == nonce,
                var time = running.time, let process = state.process
            else { return nil }
            let processor = state.account?.lookAtCPUTime()
            let finding = time.look(
                at: .now,
                processor: processor,
                queued: state.account?.queuedTime
            )
            // When it has ended, its number may be another process's, and its end is on its way.
            guard csandbox_pidfd_send_signal(process.number, 0) == 0 else { return nil }
            if let processor { running.lastProcessorTime = time.processorTime(until: processor) }
            running.time = time
            var cause: Cause? = hasTakenTooMuchMemory(&state) ? .memory : nil
            switch finding {
            case .over(let limit): cause = cause ?? .timeout(limit)
            case .lookAgain(let due): running.alarm = look(at: due, of: nonce)
            }
            state.running = running
            guard let cause else { return nil }
            // In the same step, so that no answer counts any more.
            state.cause = state.cause ?? cause
            return process
        }
        if let process { _ = csandbox_pidfd_send_signal(process.number, SIGKILL) }
    }

    // MARK: Memory

    /// Whether the kernel's limits leave room for more than the limit on memory: what the process
    /// shares with the zygote, should it write to all of it, is more than they hold back.
    private func watchesMemory(_ state: State) -> Bool {
        state.sharedBytes > configuration.memoryLimitBytes / WireFormat.sharedPartOfLimit
    }

    /// Looks where the kernel's limits do not suffice and the kernel lets this user look.
    func hasTakenTooMuchMemory(_ state: inout State) -> Bool {
        guard watchesMemory(state), let account = state.account, account.mayHaveGrown,
            let bytes = account.privateBytes
        else { return false }
        return bytes > configuration.memoryLimitBytes
    }

    // MARK: Between snippets

    /// How long a process may go on after its answer: what it does then is to wait for the next snippet,
    /// and a stop costs more than the wait when that comes at once.
    private static let grace = Duration.milliseconds(5)

    /// Stops the process unless the next snippet comes soon.
    func stopSoon(_ state: inout State) {
        state.answered = .now
        guard state.stopAlarm == nil else { return }
        state.stopAlarm = scheduleStop(at: .now + Self.grace)
    }

    private func scheduleStop(at moment: ContinuousClock.Instant) -> EventLoop.Alarm {
        loop.schedule(at: moment) { [weak self] in self?.stopNow() }
    }

    private func stopNow() {
        state.withLock { state in
            state.stopAlarm = nil
            guard state.running == nil, !state.hasEnded, let process = state.process,
                let answered = state.answered
            else { return }
            guard answered + Self.grace <= .now else {
                state.stopAlarm = scheduleStop(at: answered + Self.grace)
                return
            }
            state.isStopped = csandbox_pidfd_send_signal(process.number, SIGSTOP) == 0
        }
    }

    /// Lets a stopped process go on.
    func goOn() {
        state.withLock { state in
            guard state.isStopped, let process = state.process else { return }
            state.isStopped = false
            _ = csandbox_pidfd_send_signal(process.number, SIGCONT)
        }
    }
}
