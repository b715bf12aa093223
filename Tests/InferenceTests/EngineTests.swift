import Foundation
import HTTP
import Inference
import Logging
import Sandbox
import ScriptedEngine
import Testing

/// A supervised engine whose server is the scripted one, in a process of its own.
struct SupervisedFixture {
    var options: EngineOptions
    private let scratch: ScratchDirectory
    var directory: String { scratch.path }

    /// The `scripted-engine` beside the test bundle.
    static var executable: String {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
        let directory = URL(filePath: bundle).deletingLastPathComponent()
        return directory.appending(path: "scripted-engine").path(percentEncoded: false)
    }

    /// A server with `behaviour` as JSON, in which STARTS is the path of a file of the fixture's.
    init(behaviour: String = "{}") throws {
        let scratch = try ScratchDirectory()
        self.scratch = scratch
        let directory = scratch.path
        let behaviour = behaviour.replacing("STARTS", with: directory + "/starts")
        options = EngineOptions(
            python: Self.executable,
            model: "/no/model",
            servedName: "policy",
            runDirectory: directory,
            logPath: directory + "/log",
            environment: ["SCRIPTED_ENGINE": behaviour],
            readyTimeout: .seconds(20),
            requestTimeout: .seconds(30),
            stallTimeout: .seconds(1),
            probeTimeout: .seconds(1),
            restartLimit: 3,
            restartPause: .milliseconds(20),
            stopGrace: .milliseconds(300)
        )
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func start() async throws(InferenceError) -> Engine {
        try await Engine.start(options, logger: Self.logger)
    }

    /// The processes with this fixture's socket in their command line: the server, its guard.
    func processes() throws -> [Int32] { try commandLines().map(\.process) }

    /// Sends `signal` to the server itself.
    func endServer(_ signal: Int32) throws {
        #expect(kill(try server(), signal) == 0)
    }

    /// Stops the server, and returns when none of its threads runs any more.
    func haltServer() async throws {
        let server = try server()
        #expect(kill(server, SIGSTOP) == 0)
        let threads = "/proc/\(server)/task"
        while try FileManager.default.contentsOfDirectory(atPath: threads).contains(where: {
            // Gone meanwhile: it does not run either.
            guard let line = FileManager.default.contents(atPath: "\(threads)/\($0)/stat") else {
                return false
            }
            return String(decoding: line, as: UTF8.self).split(separator: ")").last?
                .hasPrefix(" T") != true
        }) {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func server() throws -> Int32 {
        try #require(try commandLines().first { $0.words.first == options.python }?.process)
    }

    private func commandLines() throws -> [(process: Int32, words: [String])] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
            guard let number = Int32(name) else { return nil }
            do {
                let line = try Data(contentsOf: URL(filePath: "/proc/\(name)/cmdline"))
                let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
                let isOurs = words.contains { $0.hasPrefix(directory + "/engine/") }
                return isOurs ? (number, words) : nil
            } catch { return nil }
        }
    }
}

@Suite(.timeLimit(.minutes(2))) struct EngineTests {
    private func sampling(_ maxTokens: Int = 8) -> SamplingParameters {
        SamplingParameters(temperature: 0.7, maxTokens: maxTokens, seed: 5)
    }

    @Test func startedServerServesAndLeavesNothing() async throws {
        let fixture = try SupervisedFixture()
        let engine = try await fixture.start()
        let ids = try await engine.promptIDs([ChatMessage(role: "user", content: "1 + 1")]).ids
        #expect(try await engine.complete(ids, sampling()).ids.count == 8)
        #expect(try await engine.tokenIDs("ab").ids == [97, 98])
        let statistics = await engine.statistics
        #expect(statistics.version == "scripted-1")
        #expect(statistics.maxModelLength == 4096)
        #expect(statistics.callCount == 1 && statistics.restartCount == 0)
        #expect(statistics.logProbabilityMode == .processed)
        #expect(statistics.flags.contains("--uds"))
        #expect(try !fixture.processes().isEmpty)
        let socket = fixture.directory + "/engine/socket"
        let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
        await engine.stop()
        #expect(try fixture.processes().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: fixture.directory + "/engine"))
        await #expect(throws: InferenceError.self) { try await engine.tokenIDs("a").ids }
    }

    @Test func forgottenEngineLeavesNothing() async throws {
        let fixture = try SupervisedFixture()
        do {
            let engine = try await fixture.start()
            _ = try await engine.tokenIDs("a").ids
        }
        while try !fixture.processes().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test func killedServerIsReplacedAndCallsGoOnWithTheSameIDs() async throws {
        let fixture = try SupervisedFixture(
            behaviour: """
                {"latency":{"firstTokenSeconds":0.2,"streamTokensPerSecond":100,\
                "totalTokensPerSecond":0,"placeCount":64}}
                """
        )
        let engine = try await fixture.start()
        let completions = try await withThrowingTaskGroup(of: (Int32, Completion).self) { group in
            for index in 0..<40 {
                group.addTask {
                    let id = Int32(index)
                    return (id, try await engine.complete([id, 7], sampling(50)))
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            try fixture.endServer(SIGKILL)
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(completions.count == 40)
        // The model is a function of the ids alone, so the answers tell what was sent.
        for (id, completion) in completions {
            let call = CompletionCall(
                prompt: [id, 7],
                model: "policy",
                maxTokens: 50,
                temperature: 0.7,
                seed: 5,
                stop: []
            )
            #expect(completion.ids == Scripts.babble()(call).ids)
            #expect(completion.retryCount == 1)
        }
        let statistics = await engine.statistics
        #expect(statistics.restartCount == 1 && statistics.retryCount == 40)
        await engine.stop()
    }

    @Test func tasksOnTheThreadOfTheTransfersAreAnswered() async throws {
        let fixture = try SupervisedFixture()
        let engine = try await fixture.start()
        let parameters = sampling()
        let ids = try await Task(executorPreference: try EventLoop.shared()) {
            try await withThrowingTaskGroup { group in
                for id in Int32(1)...40 {
                    group.addTask {
                        let first = try await engine.complete([id], parameters).ids
                        return try await engine.complete([id], parameters).ids == first ? id : 0
                    }
                }
                return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
            }
        }.value
        #expect(ids == Set(1...40))
        await engine.stop()
    }

    @Test func idleServerThatDiedIsReplacedUnasked() async throws {
        let fixture = try SupervisedFixture()
        let engine = try await fixture.start()
        try fixture.endServer(SIGKILL)
        while await engine.statistics.restartCount == 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await engine.complete([1], sampling()).retryCount == 0)
        await engine.stop()
    }

    @Test func stoppedServerIsFoundOutAndReplaced() async throws {
        let fixture = try SupervisedFixture()
        let engine = try await fixture.start()
        let first = try await engine.complete([1], sampling())
        try await fixture.haltServer()
        let second = try await engine.complete([1], sampling())
        #expect(second.ids == first.ids && second.retryCount == 1)
        #expect(await engine.statistics.restartCount == 1)
        await engine.stop()
        #expect(try fixture.processes().isEmpty)
    }

    @Test func silenceAboutOneCallIsNoReasonToRestart() async throws {
        // The server goes on serving others, so only the call's own deadline ends it.
        let fixture = try SupervisedFixture(
            behaviour: """
                {"firstFaults":[{"fault":{"hang":{}},\
                "path":"/v1/completions","after":1,"count":1}]}
                """
        )
        var quick = fixture
        quick.options.requestTimeout = .seconds(3)
        let engine = try await quick.start()
        let completion = try await engine.complete([1], sampling())
        #expect(completion.retryCount == 1)
        #expect(await engine.statistics.restartCount == 0)
        await engine.stop()
    }

    /// The web server goes on answering everything but completions, and is asked all the time.
    @Test func hangingCoreBehindALivelyServerIsReplaced() async throws {
        let fixture = try SupervisedFixture(
            behaviour: """
                {"startsPath":"STARTS","firstFaults":[{"fault":{"hang":{}},\
                "path":"/v1/completions","after":1,"count":1000}]}
                """
        )
        let engine = try await fixture.start()
        let questions = Task {
            while !Task.isCancelled {
                _ = try await engine.metrics()
                _ = try await engine.tokenIDs("a").ids
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let completion = try await engine.complete([1], sampling())
        questions.cancel()
        #expect(completion.retryCount == 1)
        #expect(await engine.statistics.restartCount == 1)
        await engine.stop()
    }

    @Test func longWorkIsNoStall() async throws {
        let fixture = try SupervisedFixture(
            behaviour: """
                {"latency":{"firstTokenSeconds":0,"streamTokensPerSecond":10,\
                "totalTokensPerSecond":0,"placeCount":64}}
                """
        )
        let engine = try await fixture.start()
        // Four seconds of work against a stall timeout of one.
        #expect(try await engine.complete([1], sampling(40)).retryCount == 0)
        #expect(await engine.statistics.restartCount == 0)
        await engine.stop()
    }

    @Test func faultsOfSingleCallsAreRetriedInPlace() async throws {
        let faults = [
            #"{"status":{"_0":503,"message":"busy"}}"#, #"{"brokenJSON":{}}"#, #"{"cut":{}}"#,
            #"{"fewerLogProbabilities":{}}"#, #"{"garbage":{}}"#,
            #"{"missingField":{"_0":"token_ids"}}"#,
        ]
        for fault in faults {
            let planned = """
                {"fault":\(fault),"path":"/v1/completions","after":1,"count":1}
                """
            let fixture = try SupervisedFixture(behaviour: #"{"firstFaults":[\#(planned)]}"#)
            let engine = try await fixture.start()
            let completion = try await engine.complete([1], sampling())
            #expect(completion.retryCount == 1, "\(fault)")
            #expect(await engine.statistics.restartCount == 0, "\(fault)")
            await engine.stop()
        }
    }

    @Test func serverThatFailsEveryCallIsReplaced() async throws {
        let fixture = try SupervisedFixture(
            behaviour: """
                {"startsPath":"STARTS","firstFaults":[{"fault":{"status":{"_0":500,\
                "message":"EngineCore encountered an issue"}},"path":"/v1/completions","after":1,\
                "count":1000}]}
                """
        )
        let engine = try await fixture.start()
        #expect(try await engine.complete([1], sampling()).ids.count == 8)
        #expect(await engine.statistics.restartCount == 1)
        await engine.stop()
    }

    @Test func callThatCannotSucceedFailsAtOnce() async throws {
        let fixture = try SupervisedFixture()
        let engine = try await fixture.start()
        let error = await #expect(throws: InferenceError.self) {
            try await engine.complete([Int32](repeating: 1, count: 5000), sampling())
        }
        guard case .contextExceeded(5000, 4096, _)? = error?.cause else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(await engine.statistics.retryCount == 0)
        await engine.stop()
    }

    @Test func engineIsLostAfterTheLastRestart() async throws {
        let fixture = try SupervisedFixture(
            behaviour: #"{"startsPath":"STARTS","startLimit":1}"#
        )
        let engine = try await fixture.start()
        try fixture.endServer(SIGKILL)
        let error = await #expect(throws: InferenceError.self) {
            try await engine.complete([1], sampling())
        }
        #expect(error?.isEngineLost == true)
        #expect(error?.description.contains("3 restarts did not help") == true)
        #expect(error?.description.contains("ending with status 3") == true)
        #expect(await engine.statistics.restartCount == 3)
        #expect(await engine.isLost)
        // Later calls learn the same at once.
        await #expect(throws: InferenceError.self) { try await engine.tokenIDs("a").ids }
        await engine.stop()
    }

    @Test func cancelledCallDoesNotWaitForARestart() async throws {
        var fixture = try SupervisedFixture(
            behaviour: #"{"startsPath":"STARTS","startLimit":1}"#
        )
        fixture.options.restartPause = .seconds(600)
        let engine = try await fixture.start()
        try fixture.endServer(SIGKILL)
        let call = Task { try await engine.complete([1], sampling()) }
        try await Task.sleep(for: .milliseconds(500))
        call.cancel()
        let error = await #expect(throws: InferenceError.self) { try await call.value }
        #expect(error?.cause == .cancelled)
        await engine.stop()
    }

    @Test func adapterIsServedAndLoadedOnesSurviveARestart() async throws {
        var fixture = try SupervisedFixture()
        let adapter = fixture.directory + "/adapter"
        try FileManager.default.createDirectory(
            atPath: adapter,
            withIntermediateDirectories: true
        )
        try Data(#"{"r":8}"#.utf8).write(to: URL(filePath: adapter + "/adapter_config.json"))
        fixture.options.adapter = adapter
        let engine = try await fixture.start()
        _ = try await engine.complete([1], sampling())
        try await engine.loadAdapter(name: "policy-000001", path: adapter)
        _ = try await engine.complete([1], sampling(), model: "policy-000001")
        try fixture.endServer(SIGKILL)
        let later = try await engine.complete([1], sampling(), model: "policy-000001")
        #expect(later.ids.count == 8)
        try await engine.unloadAdapter(name: "policy-000001")
        await #expect(throws: InferenceError.self) {
            try await engine.complete([1], sampling(), model: "policy-000001")
        }
        await engine.stop()
    }

    @Test func adapterIsLoadedAlthoughTheCallWasCutAndNeverTwiceUnderOneName() async throws {
        let server = try ScriptedEngine(at: .http(host: "127.0.0.1", port: 0))
        let engine = try await Engine.start(
            EngineOptions(
                python: "",
                model: "",
                servedName: "scripted",
                runDirectory: "/no/run",
                logPath: "/no/log",
                attach: server.endpoint
            ),
            logger: SupervisedFixture.logger
        )
        // Loaded, and then the answer is lost.
        server.plan(PlannedFault(.cut, path: "/v1/load_lora_adapter"))
        try await engine.loadAdapter(name: "one", path: "/adapter")
        #expect(try await engine.complete([1], sampling(), model: "one").ids.count == 8)
        // What somebody else has loaded under that name may have other weights.
        let error = await #expect(throws: InferenceError.self) {
            try await engine.loadAdapter(name: "one", path: "/other")
        }
        #expect(error?.description.contains("already been loaded") == true)
        server.plan(PlannedFault(.cut, path: "/v1/unload_lora_adapter"))
        try await engine.unloadAdapter(name: "one")
        try await engine.unloadAdapter(name: "one")
        await engine.stop()
    }
}
