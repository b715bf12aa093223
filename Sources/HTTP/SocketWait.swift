internal import CCurlShim
private import Glibc

/// Waits for the sockets and the time that libcurl names, and for being woken by another thread.
///
/// libcurl says when a socket is to be watched and when it wants to be called at the latest, so the
/// cost of a turn of the loop does not grow with the number of transfers in flight. All of it is in one
/// descriptor, which another loop can watch.
@safe final class SocketWait {
    /// Something happened at a socket.
    struct Event {
        let socket: Int32
        /// libcurl's `CURL_CSELECT_` bits.
        let bits: Int32
    }

    private let epoll: Int32
    private let wakeUp: Int32
    private let timer: Int32
    private let alarm: Int32
    private var known: Set<Int32> = []
    /// Whether libcurl wants to be called now even if nothing happened.
    private(set) var isDue = false
    private var timerIsSet = false
    /// Whether the time of ``setAlarm(after:)`` has come.
    private var alarmHasRung = false
    // More than are ready at once, so that an alarm does not overtake an answer.
    private var buffer = unsafe [epoll_event](repeating: epoll_event(), count: 1024)

    init() throws(HTTPError.Cause) {
        epoll = ccurl_epoll_create()
        wakeUp = ccurl_eventfd()
        timer = ccurl_timerfd()
        alarm = ccurl_timerfd()
        guard epoll >= 0, wakeUp >= 0, timer >= 0, alarm >= 0,
            ccurl_epoll_control(epoll, EPOLL_CTL_ADD, wakeUp, EPOLLIN.rawValue) == 0,
            ccurl_epoll_control(epoll, EPOLL_CTL_ADD, timer, EPOLLIN.rawValue) == 0,
            ccurl_epoll_control(epoll, EPOLL_CTL_ADD, alarm, EPOLLIN.rawValue) == 0
        else { throw .failed("epoll: \(unsafe String(cString: strerror(errno)))") }
    }

    deinit {
        _ = ccurl_close(alarm)
        _ = ccurl_close(timer)
        _ = ccurl_close(wakeUp)
        _ = ccurl_close(epoll)
    }

    /// Readable while there is something to do; open as long as this lives.
    var descriptor: Int32 { epoll }

    /// Wakes the waiting thread; good on any thread while the wait lives.
    var waker: @Sendable () -> Void {
        let wakeUp = wakeUp
        return { _ = ccurl_write_eventfd(wakeUp) }
    }

    /// Whether ``isDue``; asked once, it is forgotten.
    func takesDueTimer() -> Bool {
        defer { isDue = false }
        return isDue
    }

    /// Whether the alarm has rung; asked once, it is forgotten.
    func takesAlarm() -> Bool {
        defer { alarmHasRung = false }
        return alarmHasRung
    }

    /// Rings once in place of any alarm before, not earlier than after `duration`.
    func setAlarm(after duration: Duration) {
        _ = ccurl_timerfd_set(alarm, duration.wholeMilliseconds)
    }

    /// What has happened; with `waits` it is waited for.
    func events(waits: Bool) -> [Event] {
        let patience: Int32 = waits ? -1 : 0
        let count = unsafe ccurl_epoll_wait(epoll, &buffer, Int32(buffer.count), patience)
        guard count > 0 else { return [] }
        return unsafe buffer[..<Int(count)].compactMap { event in
            let socket = unsafe ccurl_epoll_socket(event)
            switch socket {
            case wakeUp:
                _ = ccurl_read_eventfd(wakeUp)
                return nil
            case timer:
                _ = ccurl_read_timerfd(timer)
                timerIsSet = false
                isDue = true
                return nil
            case alarm:
                _ = ccurl_read_timerfd(alarm)
                alarmHasRung = true
                return nil
            default:
                return unsafe Event(
                    socket: socket,
                    bits: Self.bits(ccurl_epoll_events(event))
                )
            }
        }
    }

    /// An error or a hang-up is told as both: reading or writing then tells which.
    private static func bits(_ events: UInt32) -> Int32 {
        let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
        let reads = events & (EPOLLIN.rawValue | failed) != 0
        let writes = events & (EPOLLOUT.rawValue | failed) != 0
        return (reads ? CURL_CSELECT_IN : 0) | (writes ? CURL_CSELECT_OUT : 0)
    }

    // MARK: What libcurl says

    /// Makes `multi` report its sockets and its timer here; it must be cleaned up before this goes.
    func serve(_ multi: UnsafeMutableRawPointer) throws(HTTPError.Cause) {
        let this = unsafe Unmanaged.passUnretained(self).toOpaque()
        let socketFunction: curl_socket_callback = { _, socket, what, context, _ in
            guard let context = unsafe context else { return -1 }
            let wait = unsafe Unmanaged<SocketWait>.fromOpaque(context).takeUnretainedValue()
            return wait.watch(socket, what)
        }
        let timerFunction: curl_multi_timer_callback = { _, milliseconds, context in
            guard let context = unsafe context else { return -1 }
            let wait = unsafe Unmanaged<SocketWait>.fromOpaque(context).takeUnretainedValue()
            return wait.setTimer(milliseconds)
        }
        try unsafe Call.multi(
            "SOCKETFUNCTION",
            ccurl_multi_set_socket_function(multi, socketFunction)
        )
        try unsafe Call.multi("SOCKETDATA", ccurl_multi_set_socket_context(multi, this))
        try unsafe Call.multi(
            "TIMERFUNCTION",
            ccurl_multi_set_timer_function(multi, timerFunction)
        )
        try unsafe Call.multi("TIMERDATA", ccurl_multi_set_timer_context(multi, this))
    }

    /// Negative: none any more.
    private func setTimer(_ milliseconds: Int) -> Int32 {
        isDue = milliseconds == 0
        guard timerIsSet || milliseconds > 0 else { return 0 }
        timerIsSet = milliseconds > 0
        // It rounds down, and (7.88) forgets a limit that it looks at in the very millisecond in which it
        // is reached. Two more make that rare: another event in that millisecond still does it, and then
        // the request's own deadline ends it.
        return ccurl_timerfd_set(timer, milliseconds > 0 ? milliseconds + 2 : 0)
    }

    private func watch(_ socket: Int32, _ what: Int32) -> Int32 {
        if what == CURL_POLL_REMOVE {
            if known.remove(socket) != nil {
                _ = ccurl_epoll_control(epoll, EPOLL_CTL_DEL, socket, 0)
            }
            return 0
        }
        let events =
            (what & CURL_POLL_IN != 0 ? EPOLLIN.rawValue : 0)
            | (what & CURL_POLL_OUT != 0 ? EPOLLOUT.rawValue : 0)
        let operation = known.insert(socket).inserted ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        return ccurl_epoll_control(epoll, operation, socket, events) == 0 ? 0 : -1
    }
}

extension Duration {
    /// Rounded up, at least one, at most some three weeks.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let milliseconds = min(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15, 2e9)
        return max(1, Int(milliseconds.rounded(.up)))
    }
}
