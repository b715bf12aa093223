import Glibc

/// Ever longer sleeps between two looks at a request: a wait that does not spin a core.
///
/// MPI moves messages only inside its calls, so a wait must look again; twenty quick looks keep a
/// collective among ready ranks fast, and one look a millisecond costs nothing in a long wait. In between
/// a sleep is a fifth of the wait so far, so what comes is noticed soon for its time.
struct Pause {
    private var lookCount = 0
    private var microseconds: UInt32 = 20

    /// Sleeps for at most one millisecond.
    mutating func wait() {
        lookCount += 1
        guard lookCount > 20 else { return }
        usleep(microseconds)
        microseconds = min(microseconds + microseconds / 4, 1000)
    }
}
