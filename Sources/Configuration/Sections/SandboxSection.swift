/// `sandbox`: where and within which limits snippets run.
public struct SandboxSection: Hashable, Sendable, Codable {
    /// The interpreter; nil takes the engine's.
    public var python: String?
    /// Wall and CPU time of a snippet, seconds, above 0 and at most a day.
    public var snippetSeconds = 10.0
    /// Memory of an interpreter beyond what it starts with, MiB (2^20 bytes).
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
    /// What some of these could do to a machine (`os`, `signal`), the kernel refuses.
    public static let usualModules = [
        "bisect", "cmath", "collections", "copy", "dataclasses", "datetime", "decimal",
        "fractions", "functools", "heapq", "itertools", "math", "mpmath", "numpy", "operator",
        "random", "re", "scipy", "statistics", "string", "sympy", "time", "typing",
        "abc", "argparse", "array", "ast", "atexit", "base64", "binascii", "builtins", "calendar",
        "contextlib", "csv", "difflib", "enum", "gc", "hashlib", "html", "inspect", "io", "json",
        "keyword", "locale", "logging", "numbers", "os", "pprint", "queue", "reprlib", "secrets",
        "signal", "struct", "sys", "textwrap", "threading", "timeit", "traceback", "types",
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
                "Time limit of a snippet, seconds; enforced from outside."
            ),
            ConfigurationKey(
                "memory_megabytes",
                \.memoryMegabytes,
                must: .within(16...16_777_216),
                "Memory of an interpreter beyond what it starts with, MiB."
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
