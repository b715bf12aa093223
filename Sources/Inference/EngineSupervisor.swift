internal import HTTP
internal import Logging

/// Keeps one server in service.
actor EngineSupervisor {
    struct Service {
        let client: EngineClient
        let generation: Int
    }

    let options: EngineOptions
    let logger: Logger
    private(set) var statistics = EngineStatistics()
    private var service: Service?
    private var lost: String?

    init(_ options: EngineOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    func start() async throws(InferenceError) {
        guard let endpoint = options.attach else {
            throw InferenceError(
                operation: "starting the engine",
                endpoint: nil,
                cause: .invalidOptions("starting an engine")
            )
        }
        let http: HTTPClient
        do throws(HTTPError.Cause) {
            http = try HTTPClient()
        } catch {
            throw InferenceError(
                operation: "starting the engine",
                endpoint: endpoint,
                cause: .transport("\(error)")
            )
        }
        let client = EngineClient(
            endpoint: endpoint,
            model: options.servedName,
            http: http,
            requestTimeout: options.requestTimeout
        )
        statistics.maxModelLength = try await client.modelCard().maxModelLength ?? 0
        statistics.version = try await client.version()
        service = Service(client: client, generation: 0)
    }

    func serviceable() async throws(InferenceError) -> Service {
        guard let service else {
            throw InferenceError(
                operation: "calling the engine",
                endpoint: nil,
                cause: .engineLost(lost ?? "it was not started")
            )
        }
        return service
    }

    nonisolated func call<Value: Sendable>(
        _ body: @Sendable (EngineClient) async throws(InferenceError) -> Value
    ) async throws(InferenceError) -> (value: Value, retryCount: Int) {
        (try await body(try await serviceable().client), 0)
    }

    func loadAdapter(name: String, path: String) async throws(InferenceError) {
        try await serviceable().client.loadAdapter(name: name, path: path)
    }

    func unloadAdapter(name: String) async throws(InferenceError) {
        try await serviceable().client.unloadAdapter(name: name)
    }

    func stop() async {
        service?.client.http.close()
        service = nil
        lost = "it was stopped"
    }
}
