import Glibc

/// The number of descriptors this process may have open; a session takes three.
enum DescriptorLimit {
    /// Raises the soft limit, up to the hard one, when fewer than `count` more would fit.
    static func raise(toHold count: Int) throws(SystemCallError) {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw SystemCallError("getrlimit")
        }
        let wanted = rlim_t(count + 1024)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw SystemCallError("setrlimit(RLIMIT_NOFILE)")
        }
    }
}
