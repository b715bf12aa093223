/// How snippets are run: what they may import, how long, and with how much memory and output.
public struct SandboxConfiguration: Sendable {
    /// Path of the Python interpreter; numpy, scipy, sympy and mpmath must be importable in it.
    public var python: String
    /// Top-level modules that snippets may import; `*` allows all.
    ///
    /// A convenience for the model, never a boundary.
    public var allowedModules: [String]
    /// Wall-clock time one snippet has.
    public var snippetTimeout: Duration
    /// CPU seconds one snippet has; a second limit, enforced by the kernel.
    public var cpuSeconds: Int
    /// Memory one session may add to what it shares with the zygote, in bytes.
    public var memoryLimitBytes: Int
    /// Bytes of UTF-8 that one result's output may have; more is cut in the middle.
    public var outputLimitBytes: Int
    /// Locks that must be in force: names from ``SandboxEnforcement/lockNames``.
    public var require: [String]
    /// Mixed into every session's own seed.
    public var seed: UInt64
    /// Path of `sandbox-launch`; nil: beside the running executable.
    public var launcherPath: String?
    /// How long the interpreter may take to import its modules.
    public var startTimeout: Duration
    /// For tests: locks to leave out: namespaces, landlock (and the empty root), session-filter.
    var withoutLocks: [String] = []
    /// For tests: a filter rule to leave out.
    var omittedRule: String?
    /// For tests: a filter rule that applies whatever the arguments are.
    var loosenedRule: String?
    /// For measurements: whether the shared memory is put into huge pages.
    var usesHugePages = true

    /// Bytes a snippet may print before it is stopped: enough for what is then cut.
    var floodLimitBytes: Int { max(1 << 20, 16 * outputLimitBytes) }

    /// Modules that snippets may import unless configured otherwise.
    ///
    /// Mathematics, and of the standard library what programs that compute commonly name. What
    /// some of these could do to a machine (`os`, `signal`), the kernel refuses.
    public static let defaultModules = [
        "abc", "argparse", "array", "ast", "atexit", "base64", "binascii", "bisect", "builtins",
        "calendar", "cmath", "collections", "contextlib", "copy", "csv", "dataclasses", "datetime",
        "decimal", "difflib", "enum", "fractions", "functools", "gc", "hashlib", "heapq", "html",
        "inspect", "io", "itertools", "json", "keyword", "locale", "logging", "math", "mpmath",
        "numbers", "numpy", "operator", "os", "pprint", "queue", "random", "re", "reprlib", "scipy",
        "secrets", "signal", "statistics", "string", "struct", "sympy", "sys", "textwrap",
        "threading", "time", "timeit", "traceback", "types", "typing", "unicodedata", "uuid",
        "warnings", "weakref", "zlib", "zoneinfo",
    ]

    /// - Parameters:
    ///   - python: path of the interpreter.
    ///   - allowedModules: top-level modules; `*` allows all.
    ///   - snippetTimeout: wall-clock time of one snippet.
    ///   - cpuSeconds: CPU time of one snippet.
    ///   - memoryLimitBytes: beyond what is shared with the zygote.
    ///   - outputLimitBytes: of UTF-8, per result.
    ///   - require: locks that must be in force.
    ///   - seed: mixed into every session's seed.
    ///   - launcherPath: nil: beside the running executable.
    ///   - startTimeout: for the imports.
    public init(
        python: String = ".venv/bin/python",
        allowedModules: [String] = SandboxConfiguration.defaultModules,
        snippetTimeout: Duration = .seconds(10),
        cpuSeconds: Int = 20,
        memoryLimitBytes: Int = 1 << 30,
        outputLimitBytes: Int = 16_384,
        require: [String] = [],
        seed: UInt64 = 0,
        launcherPath: String? = nil,
        startTimeout: Duration = .seconds(120)
    ) {
        self.python = python
        self.allowedModules = allowedModules
        self.snippetTimeout = snippetTimeout
        self.cpuSeconds = cpuSeconds
        self.memoryLimitBytes = memoryLimitBytes
        self.outputLimitBytes = outputLimitBytes
        self.require = require
        self.seed = seed
        self.launcherPath = launcherPath
        self.startTimeout = startTimeout
    }
}
