import Foundation
import HTTP
import Inference
import ScriptedEngine
import Testing

@Suite(.timeLimit(.minutes(2))) struct EngineStartTests {
    private func failure(_ fixture: SupervisedFixture) async throws -> InferenceError {
        let error = await #expect(throws: InferenceError.self) { try await fixture.start() }
        #expect(try fixture.processes().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: fixture.directory + "/engine"))
        return try #require(error)
    }

    @Test func serverThatEndsIsReportedWithItsLastLines() async throws {
        let error = try await failure(SupervisedFixture(behaviour: #"{"exitStatus":7}"#))
        #expect(error.description.contains("the server ended with status 7"))
        #expect(error.description.contains("\n    scripted engine: Error: ending with status 7"))
    }

    @Test func serverThatIsNeverReadyMeetsTheDeadline() async throws {
        var fixture = try SupervisedFixture(behaviour: #"{"startSeconds":600}"#)
        fixture.options.readyTimeout = .seconds(1)
        let error = try await failure(fixture)
        #expect(error.description.contains("not ready within 1.0 seconds"))
        #expect(error.description.contains("scripted engine: starting"))
    }

    @Test func healthyServerThatCannotGenerateIsNotReady() async throws {
        let error = try await failure(
            SupervisedFixture(
                behaviour: """
                    {"firstFaults":[{"fault":{"status":{"_0":500,"message":"EngineCore died"}},\
                    "path":"/v1/completions","after":0,"count":9}]}
                    """
            )
        )
        #expect(error.description.contains("EngineCore died"))
    }

    @Test func pythonThatIsNotThereIsNamed() async throws {
        var fixture = try SupervisedFixture()
        fixture.options.python = "/no/such/python"
        #expect(try await failure(fixture).description.contains("/no/such/python"))
    }

    @Test func logThatCannotBeWrittenIsNamed() async throws {
        var fixture = try SupervisedFixture()
        fixture.options.logPath = "/no/such/directory/log"
        #expect(try await failure(fixture).description.contains("/no/such/directory/log"))
    }

    @Test func fullDiskUnderTheLogDoesNoHarm() async throws {
        var fixture = try SupervisedFixture()
        fixture.options.logPath = "/dev/full"
        let engine = try await fixture.start()
        #expect(try await engine.tokenIDs("a").ids == [97])
        await engine.stop()
    }

    @Test func adapterThatDoesNotFitStartsNothing() async throws {
        var fixture = try SupervisedFixture()
        fixture.options.adapter = "/no/such/adapter"
        let error = try await failure(fixture)
        #expect(error.description.contains("/no/such/adapter/adapter_config.json"))
        #expect(!FileManager.default.fileExists(atPath: fixture.options.logPath))
    }

    @Test func cancelledStartLeavesNothing() async throws {
        let fixture = try SupervisedFixture(behaviour: #"{"startSeconds":600}"#)
        let start = Task { try await fixture.start() }
        while try fixture.processes().count < 2 { try await Task.sleep(for: .milliseconds(10)) }
        start.cancel()
        let error = await #expect(throws: InferenceError.self) { try await start.value }
        #expect(error?.cause == .cancelled)
        #expect(try fixture.processes().isEmpty)
    }

    @Test func socketOfAServerThatIsGoneIsReplaced() async throws {
        let fixture = try SupervisedFixture()
        let path = fixture.directory + "/engine/socket"
        try FileManager.default.createDirectory(
            atPath: fixture.directory + "/engine",
            withIntermediateDirectories: true
        )
        try ScriptedEngine(at: .unixSocket(path: path)).stop()
        #expect(FileManager.default.fileExists(atPath: path))
        let engine = try await fixture.start()
        #expect(try await engine.tokenIDs("a").ids == [97])
        await engine.stop()
    }

    @Test func addressInUseIsNamedAndItsOwnerLeftAlone() async throws {
        let fixture = try SupervisedFixture()
        let path = fixture.directory + "/engine/socket"
        try FileManager.default.createDirectory(
            atPath: fixture.directory + "/engine",
            withIntermediateDirectories: true
        )
        let owner = try ScriptedEngine(at: .unixSocket(path: path))
        let error = await #expect(throws: InferenceError.self) { try await fixture.start() }
        #expect(error?.description.contains("another server listens at '\(path)'") == true)
        let client = EngineClient(
            endpoint: owner.endpoint,
            model: "scripted",
            http: try HTTPClient(),
            requestTimeout: .seconds(5)
        )
        #expect(try await client.version() == "scripted-1")
    }

    // MARK: Attaching

    private func attached(
        to endpoint: HTTPEndpoint,
        _ change: (inout EngineOptions) -> Void = { _ in }
    ) async throws(InferenceError) -> Engine {
        var options = EngineOptions(
            python: "",
            model: "",
            servedName: "scripted",
            runDirectory: "/no/run",
            logPath: "/no/log",
            readyTimeout: .seconds(5),
            requestTimeout: .seconds(30),
            stallTimeout: .seconds(1),
            probeTimeout: .seconds(1),
            restartPause: .milliseconds(20),
            attach: endpoint
        )
        change(&options)
        return try await Engine.start(options, logger: SupervisedFixture.logger)
    }

    private let sampling = SamplingParameters(temperature: 0.7, maxTokens: 8, seed: 5)

    @Test func runningServerIsUsedAndLeftAlone() async throws {
        let server = try ScriptedEngine(at: .http(host: "127.0.0.1", port: 0))
        let engine = try await attached(to: server.endpoint)
        #expect(try await engine.complete([1], sampling).ids.count == 8)
        #expect(await engine.statistics.logProbabilityMode == .unknown)
        await engine.stop()
        let second = try await attached(to: server.endpoint)
        #expect(try await second.tokenIDs("a").ids == [97])
        await second.stop()
    }

    @Test func serverThatComesLaterIsWaitedFor() async throws {
        let scratch = try ScratchDirectory()
        let endpoint = scratch.socket()
        let start = Task { try await attached(to: endpoint) }
        try await Task.sleep(for: .milliseconds(300))
        let server = try ScriptedEngine(at: endpoint)
        let engine = try await start.value
        #expect(try await engine.tokenIDs("a").ids == [97])
        await engine.stop()
        server.stop()
    }

    @Test func serverThatNeverComesMeetsTheDeadline() async throws {
        let error = await #expect(throws: InferenceError.self) {
            try await attached(to: .unixSocket(path: "/no/such/socket")) {
                $0.readyTimeout = .milliseconds(200)
            }
        }
        guard case .unreachable? = error?.cause else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func serverThatAcceptsAndNeverAnswersMeetsTheDeadline() async throws {
        let server = try ScriptedEngine(at: .http(host: "127.0.0.1", port: 0))
        server.freeze()
        let error = await #expect(throws: InferenceError.self) {
            try await attached(to: server.endpoint) {
                $0.readyTimeout = .milliseconds(200)
                $0.requestTimeout = .seconds(1)
            }
        }
        guard case .timedOut? = error?.cause else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func wrongModelNameFailsAtOnce() async throws {
        let server = try ScriptedEngine(at: .http(host: "127.0.0.1", port: 0))
        let error = await #expect(throws: InferenceError.self) {
            try await attached(to: server.endpoint) { $0.servedName = "other" }
        }
        #expect(error?.description.contains("no model 'other', only 'scripted'") == true)
    }

    @Test func serverThatDoesNotTellItsLengthFailsAtOnce() async throws {
        var options = ScriptedEngineOptions()
        options.maxModelLength = 0
        let server = try ScriptedEngine(at: .http(host: "127.0.0.1", port: 0), options)
        let error = await #expect(throws: InferenceError.self) {
            try await attached(to: server.endpoint)
        }
        #expect(error?.description.contains("max_model_len") == true)
    }

    @Test func frozenServerIsTakenUpAgainWhenItGoesOn() async throws {
        let server = try ScriptedEngine(at: .http(host: "127.0.0.1", port: 0))
        let engine = try await attached(to: server.endpoint) { $0.readyTimeout = .seconds(30) }
        server.freeze()
        let call = Task { try await engine.complete([1], sampling) }
        while await engine.statistics.restartCount == 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        server.resume()
        #expect(try await call.value.ids.count == 8)
        await engine.stop()
    }
}
