public import HTTP

/// How the engine of one rank is started and watched.
public struct EngineOptions: Sendable {
    /// The Python that has vLLM: a path, or a name to be found in PATH.
    public var python: String
    /// Directory of the model, or a name vLLM can resolve.
    public var model: String
    /// Name the model is served under.
    public var servedName: String
    /// Private directory of the rank, best on the node itself; made if it does not exist.
    ///
    /// The socket is made in a directory of mode 0700 in it. When its path would be longer than a
    /// socket's path can be, a private directory below `TMPDIR` takes its place.
    public var runDirectory: String
    /// File that the server's output is appended to.
    public var logPath: String
    /// Further arguments for vLLM, as its command line takes them; they win over our own.
    public var arguments: [String]
    /// Further environment of the server; it wins over our own.
    public var environment: [String: String]
    /// Longest wait until a started server has generated its first token.
    public var readyTimeout: Duration
    /// Longest wait for one completion.
    public var requestTimeout: Duration
    /// Longest time, or up to about an eighth more, without any sign of progress while calls wait, before
    /// the server is probed.
    public var stallTimeout: Duration
    /// Longest wait for one token when the server is probed.
    public var probeTimeout: Duration
    /// Most restarts in a row before the engine is lost.
    ///
    /// The count starts again once a server has been in service for ``stableDuration``.
    public var restartLimit: Int
    /// Pause before the first restart; it doubles with each further one in a row, up to a minute.
    public var restartPause: Duration
    /// Time in service after which earlier restarts are forgotten.
    public var stableDuration: Duration
    /// Most times one call is sent again while the engine itself is well.
    public var retryLimit: Int
    /// Time the server has to end by itself before it is killed.
    public var stopGrace: Duration
    /// GPUs that one copy of the model is spread over.
    public var tensorParallel: Int
    /// Directory of a LoRA adapter to serve under ``servedName``; nil for the plain model.
    public var adapter: String?
    /// Largest rank of the adapters to be loaded later; nil when there will be none.
    public var adapterRank: Int?
    /// A server that already runs; then nothing is started or stopped.
    public var attach: EngineEndpoint?
    /// GPUs for the server, as `CUDA_VISIBLE_DEVICES` names them; nil leaves the variable alone.
    public var gpus: [String]?
    /// Whether the server has no accelerator: it then gives way to interpreters and graders.
    public var computesOnCores: Bool
    /// Lines of the server's log that an error quotes.
    public var logTailLines: Int

    /// The stated options.
    public init(
        python: String,
        model: String,
        servedName: String,
        runDirectory: String,
        logPath: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        readyTimeout: Duration = .seconds(900),
        requestTimeout: Duration = .seconds(3600),
        stallTimeout: Duration = .seconds(30),
        probeTimeout: Duration = .seconds(60),
        restartLimit: Int = 3,
        restartPause: Duration = .seconds(1),
        stableDuration: Duration = .seconds(900),
        retryLimit: Int = 3,
        stopGrace: Duration = .seconds(10),
        tensorParallel: Int = 1,
        adapter: String? = nil,
        adapterRank: Int? = nil,
        attach: EngineEndpoint? = nil,
        gpus: [String]? = nil,
        computesOnCores: Bool = false,
        logTailLines: Int = 30
    ) {
        self.python = python
        self.model = model
        self.servedName = servedName
        self.runDirectory = runDirectory
        self.logPath = logPath
        self.arguments = arguments
        self.environment = environment
        self.readyTimeout = readyTimeout
        self.requestTimeout = requestTimeout
        self.stallTimeout = stallTimeout
        self.probeTimeout = probeTimeout
        self.restartLimit = restartLimit
        self.restartPause = restartPause
        self.stableDuration = stableDuration
        self.retryLimit = retryLimit
        self.stopGrace = stopGrace
        self.tensorParallel = tensorParallel
        self.adapter = adapter
        self.adapterRank = adapterRank
        self.attach = attach
        self.gpus = gpus
        self.computesOnCores = computesOnCores
        self.logTailLines = logTailLines
    }
}
