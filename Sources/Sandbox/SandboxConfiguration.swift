/// How snippets are run: what they may import, how long, and with how much memory and output.
public struct SandboxConfiguration: Sendable {
    /// Path of the Python interpreter; numpy, scipy, sympy and mpmath must be importable in it.
    public var python: String
    /// Top-level modules that snippets may import; `*` allows all.
    ///
    /// A convenience for the model, never a boundary.
    public var allowedModules: [String]
    /// Processor time one snippet has.
    public var snippetTimeout: Duration
    /// Wall-clock time one snippet has, whatever it waits for; that for a processor does not count.
    public var wallTimeout: Duration
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
    /// For tests: filter rules to leave out.
    var omittedRules: [String] = []
    /// For tests: filter rules that apply whatever the arguments are.
    var loosenedRules: [String] = []
    /// For tests: where a cgroup may be made; nil: where this process is.
    var controlGroupPlaces: [String]?
    /// For tests: the controller that must be handed down there.
    var controlGroupController = "memory"
    /// For tests: how much of its first size a zygote may grow before another takes over.
    var allowedGrowth = 0.5
    /// For measurements: whether the shared memory is put into huge pages.
    var usesHugePages = true

    /// What `wallTimeout` is in `snippetTimeout`: enough for a snippet that sleeps now and then, and for
    /// kernels that do not tell how long a process has waited for a processor.
    public static let wallFactor = 6

    /// The kernel's limit on processor time behind that of a snippet, in whole seconds.
    var kernelSeconds: UInt64 { UInt64(max(1, snippetTimeout.inSeconds.rounded(.up))) + 1 }

    /// The processor time that a session's process starts with, in seconds; it is moved when it is near.
    var sessionSeconds: UInt64 { 100 * kernelSeconds }

    /// Bytes a snippet may print before it is stopped: enough for what is then cut.
    var floodLimitBytes: Int { max(1 << 20, 16 * outputLimitBytes) }

    /// - Parameters:
    ///   - python: path of the interpreter.
    ///   - allowedModules: top-level modules; `*` allows all.
    ///   - snippetTimeout: processor time of one snippet.
    ///   - wallTimeout: wall-clock time of one snippet; nil: ``wallFactor`` times its processor time.
    ///   - memoryLimitBytes: beyond what is shared with the zygote.
    ///   - outputLimitBytes: of UTF-8, per result.
    ///   - require: locks that must be in force.
    ///   - seed: mixed into every session's seed.
    ///   - launcherPath: nil: beside the running executable.
    ///   - startTimeout: for the imports.
    public init(
        python: String = ".venv/bin/python",
        allowedModules: [String],
        snippetTimeout: Duration = .seconds(10),
        wallTimeout: Duration? = nil,
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
        self.wallTimeout = wallTimeout ?? snippetTimeout * Self.wallFactor
        self.memoryLimitBytes = memoryLimitBytes
        self.outputLimitBytes = outputLimitBytes
        self.require = require
        self.seed = seed
        self.launcherPath = launcherPath
        self.startTimeout = startTimeout
    }
}
