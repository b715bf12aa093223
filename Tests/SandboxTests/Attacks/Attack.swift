import Testing

/// A hostile snippet of our own, beside the shared corpus.
///
/// It prints ESCAPED when it has achieved something, and says how it may end.
struct Attack: Sendable, CustomTestStringConvertible {
    let name: String
    /// Kinds of ends, joined by `|`, as in the corpus.
    let expect: String
    /// Python; `@FIX@` stands for the folder of canaries.
    let code: String
    /// A second snippet of the same session, and how it must end.
    var then: (code: String, expect: String)?
    /// Whether it prints ESCAPED where the session filter is left out: then it surely attacks.
    var hasTeeth = false

    var testDescription: String { name }

    /// What must hold after every one of them.
    static let mustNot = [
        "no_output:ESCAPED", "no_output:\(Canaries.fileText)",
        "no_output:\(Canaries.environmentText)", "victim_intact", "no_connect", "no_leftover_proc",
        "next_trace_ok", "wall_le_timeout_plus:1.0", "rss_le_mb:1300", "supervisor_rss_le_mb:+64",
        "output_le_bytes:65536", "valid_utf8_result",
    ]

    /// All but those against limits: ``time`` and ``memory``.
    static let all = processes + files + sockets + kernel + channels + protocols

    /// System calls by x86-64's number, behind libc's back.
    static let raw = """
        import ctypes
        c = ctypes.CDLL(None, use_errno=True)
        def raw(n, *a):
            return c.syscall(ctypes.c_long(n), *[ctypes.c_long(x) if isinstance(x, int) else x for x in a])
        def make_room():  # The limit on descriptors would stop what the filter is to stop.
            for fd in (0, 2): raw(3, fd)

        """
}
