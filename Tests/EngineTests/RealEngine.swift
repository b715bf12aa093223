import Foundation
import Inference
import Logging
import Testing

/// Where the real engine's parts are; see ``RealEngineTests``.
enum RealEngine {
    private static let environment = ProcessInfo.processInfo.environment

    static var isWanted: Bool {
        environment["DEEPMATH_ENGINE_TESTS"] == "1" || isEverythingWanted
    }
    static var isEverythingWanted: Bool { environment["DEEPMATH_ENGINE_TESTS"] == "all" }
    static var python: String { absolute("DEEPMATH_ENGINE_PYTHON", ".venv/bin/python") }
    static var model: String { absolute("DEEPMATH_ENGINE_MODEL", "configs/demo/model") }

    private static func absolute(_ name: String, _ standard: String) -> String {
        let path = environment[name] ?? standard
        if path.hasPrefix("/") { return path }
        return FileManager.default.currentDirectoryPath + "/" + path
    }

    static let directory = "/tmp/real-engine-\(UUID().uuidString.prefix(8))"

    static var options: EngineOptions {
        EngineOptions(
            python: python,
            model: model,
            servedName: "policy",
            runDirectory: directory,
            logPath: directory + "/engine.log",
            arguments: [
                "--dtype", "float32", "--enforce-eager", "--max-model-len", "1024",
                "--no-enable-chunked-prefill", "--max-num-batched-tokens", "16384",
            ],
            environment: ["VLLM_CPU_KVCACHE_SPACE": "1"],
            readyTimeout: .seconds(600),
            requestTimeout: .seconds(120),
            stallTimeout: .seconds(10),
            probeTimeout: .seconds(20),
            adapterRank: 8
        )
    }

    /// One engine for all tests of the suite: a start takes the better part of a minute.
    static let shared = Task {
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true
        )
        var strict = options
        strict.arguments += ["--chat-template", try strictTemplate()]
        return try await Engine.start(strict, logger: Logger(label: "engine"))
    }

    /// The model's chat template, made to refuse a role as templates of other models do.
    private static func strictTemplate() throws -> String {
        struct Tokenizer: Decodable { let chat_template: String }
        let settings = try Data(contentsOf: URL(filePath: model + "/tokenizer_config.json"))
        let refusal =
            "{% for message in messages %}{% if message.role == 'nobody' %}"
            + "{{ raise_exception('nobody has no turn') }}{% endif %}{% endfor %}"
        let path = directory + "/template.jinja"
        try (refusal + JSONDecoder().decode(Tokenizer.self, from: settings).chat_template)
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Runs `script` with `argument` and returns what it prints.
    static func run(python script: String, _ argument: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", script, argument]
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The processes of this suite's engine: those that have its socket on their command line, and
    /// what these have started.
    static func processes() throws -> [(process: Int32, name: String)] {
        var found: [Int32: (parent: Int32, name: String, isOurs: Bool)] = [:]
        for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let number = Int32(entry) else { continue }
            do {
                let line = try Data(contentsOf: URL(filePath: "/proc/\(entry)/cmdline"))
                let status = try String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8)
                let parent = status.split(separator: ")").last?.split(separator: " ").dropFirst()
                let text = String(decoding: line, as: UTF8.self)
                found[number] = (
                    parent.flatMap { Int32($0.first ?? "") } ?? 0, text, text.contains(directory)
                )
            } catch { continue }
        }
        func isOurs(_ number: Int32) -> Bool {
            guard let entry = found[number] else { return false }
            return entry.isOurs || isOurs(entry.parent)
        }
        return found.filter { isOurs($0.key) }.map { ($0.key, $0.value.name) }
    }
}
