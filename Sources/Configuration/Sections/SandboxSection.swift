/// `sandbox`: where and within which limits snippets run.
public struct SandboxSection: Hashable, Sendable, Codable {
    /// The interpreter; nil takes the engine's.
    public var python: String?
    /// Processor time of a snippet, seconds, above 0 and at most a day.
    ///
    /// Not wall time, so that a result does not depend on how busy the machine is. What waits instead
    /// of computing ends after six times as many seconds on the wall clock.
    public var snippetSeconds = 10.0
    /// Memory of an interpreter's own, MiB (2^20 bytes): what it adds to what it starts with and shares
    /// with others, and what it changes of that.
    public var memoryMegabytes = 1_024
    /// Output of a snippet, bytes of UTF-8; the middle is cut out beyond.
    public var outputBytes = 16_384
    /// Modules a snippet may import: for the model's convenience, no security rests on it.
    public var modules = Self.usualModules
    /// Second locks without which nothing starts; the boundary itself is always required.
    public var require: [String] = []

    /// All defaults.
    public init() {}

    /// Mathematics, and of the standard library what programs that compute commonly name.
    ///
    /// What some of these could do to a machine (`os`), the kernel refuses. `threading` runs a thread to
    /// its end when it is started. `signal` is not here: no signal or alarm reaches a snippet.
    public static let usualModules = [
        "bisect", "cmath", "collections", "copy", "dataclasses", "datetime", "decimal",
        "fractions", "functools", "heapq", "itertools", "math", "mpmath", "numpy", "operator",
        "random", "re", "scipy", "statistics", "string", "sympy", "time", "typing",
        "abc", "argparse", "array", "ast", "atexit", "base64", "binascii", "builtins", "calendar",
        "contextlib", "csv", "difflib", "enum", "gc", "hashlib", "html", "inspect", "io", "json",
        "keyword", "locale", "logging", "numbers", "os", "pprint", "queue", "reprlib", "secrets",
        "struct", "sys", "textwrap", "threading", "timeit", "traceback", "types",
        "unicodedata", "uuid", "warnings", "weakref", "zlib", "zoneinfo",
    ]
}

extension SandboxSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "python",
                \.python,
                must: .ifGiven(.notEmpty),
                scope: .placement,
                "Python with numpy, scipy and sympy; null takes engine.python."
            ),
            ConfigurationKey(
                "snippet_seconds",
                \.snippetSeconds,
                must: .above(0, upTo: 86_400),
                "Processor time of a snippet, seconds; six times as much on the wall clock ends one that waits."
            ),
            ConfigurationKey(
                "memory_megabytes",
                \.memoryMegabytes,
                must: .within(16...16_777_216),
                "Memory of an interpreter's own, MiB: what it adds, and what it changes of what it starts with."
            ),
            ConfigurationKey(
                "output_bytes",
                \.outputBytes,
                must: .within(64...16_777_216),
                "Output of a snippet, bytes; the middle is cut out beyond."
            ),
            ConfigurationKey(
                "modules",
                \.modules,
                must: .each(.notEmpty),
                "Modules a snippet may import. A convenience: no security rests on it."
            ),
            ConfigurationKey(
                "require",
                \.require,
                must: .each(.notEmpty),
                scope: .placement,
                "Second locks (such as landlock) without which nothing starts."
            ),
        ]
    }
}
