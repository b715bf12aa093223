public import HTTP

/// How the engine of one rank is started and watched.
public struct EngineOptions: Sendable {
    /// The Python that has vLLM: a path, or a name to be found in PATH.
    public var python: String
    /// Directory of the model, or a name vLLM can resolve.
    public var model: String
    /// Name the model is served under.
    public var servedName: String
    /// Private directory of the rank; the socket is made in it.
    ///
    /// When the socket's path would be longer than a socket path can be, a private directory below
    /// `TMPDIR` is made for it.
    public var runDirectory: String
    /// File that the server's output is appended to.
    public var logPath: String
    /// Further arguments for vLLM, as its command line takes them.
    public var arguments: [String]
    /// Further environment of the server.
    public var environment: [String: String]
    /// Longest wait until a started server has generated its first token.
    public var readyTimeout: Duration
    /// Longest wait for one completion.
    public var requestTimeout: Duration
    /// Longest time without any sign of progress while calls wait, before the server is probed.
    public var stallTimeout: Duration
    /// Longest wait for one token when the server is probed.
    public var probeTimeout: Duration
    /// Most restarts in a row before the engine is lost.
    ///
    /// The count starts again once a server has been in service for ``stableDuration``.
    public var restartLimit: Int
    /// Time in service after which earlier restarts are forgotten.
    public var stableDuration: Duration
    /// Most times one call is sent again while the engine itself is well.
    public var retryLimit: Int
    /// GPUs that one copy of the model is spread over.
    public var tensorParallel: Int
    /// Directory of a LoRA adapter to serve under ``servedName``; nil for the plain model.
    public var adapter: String?
    /// A server that already runs; then nothing is started or stopped.
    public var attach: EngineEndpoint?
    /// GPUs for the server, as `CUDA_VISIBLE_DEVICES` names them; nil leaves the variable alone.
    public var gpus: [String]?
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
        stallTimeout: Duration = .seconds(60),
        probeTimeout: Duration = .seconds(60),
        restartLimit: Int = 3,
        stableDuration: Duration = .seconds(900),
        retryLimit: Int = 3,
        tensorParallel: Int = 1,
        adapter: String? = nil,
        attach: EngineEndpoint? = nil,
        gpus: [String]? = nil,
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
        self.stableDuration = stableDuration
        self.retryLimit = retryLimit
        self.tensorParallel = tensorParallel
        self.adapter = adapter
        self.attach = attach
        self.gpus = gpus
        self.logTailLines = logTailLines
    }
}
