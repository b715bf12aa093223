import Foundation

/// Processor time that this process has used, all threads together.
enum ProcessorTime {
    /// Since the process began, seconds.
    static func seconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
