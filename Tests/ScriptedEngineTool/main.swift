// The scripted engine as a program that takes vLLM's command line, so that whatever starts vLLM can
// start this instead. `SCRIPTED_ENGINE` holds its behaviour as JSON (see `Behaviour`).

import Foundation
import HTTP
import ScriptedEngine

/// What the program does beyond serving.
struct Behaviour: Decodable {
    /// Seconds before it listens.
    var startSeconds = 0.0
    /// Ends with this status before it listens.
    var exitStatus: Int32?
    /// File with one line for each start so far; a start beyond `startLimit` ends with status 3.
    var startsPath: String?
    /// Starts that succeed.
    var startLimit = Int.max
    /// What the model says to everything; nil: letters that depend on prompt and seed.
    var reply: String?
    /// Whether the model is the reckoner, which uses its tool.
    var reckons = false
    /// How long it takes.
    var latency: LatencyModel?
    /// What goes wrong in the first process that `startsPath` counts.
    var firstFaults: [PlannedFault] = []

    enum Key: String, CodingKey {
        case startSeconds, exitStatus, startsPath, startLimit, reply, reckons, latency, firstFaults
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        startSeconds = try values.decodeIfPresent(Double.self, forKey: .startSeconds) ?? 0
        exitStatus = try values.decodeIfPresent(Int32.self, forKey: .exitStatus)
        startsPath = try values.decodeIfPresent(String.self, forKey: .startsPath)
        startLimit = try values.decodeIfPresent(Int.self, forKey: .startLimit) ?? .max
        reply = try values.decodeIfPresent(String.self, forKey: .reply)
        reckons = try values.decodeIfPresent(Bool.self, forKey: .reckons) ?? false
        latency = try values.decodeIfPresent(LatencyModel.self, forKey: .latency)
        firstFaults =
            try values.decodeIfPresent([PlannedFault].self, forKey: .firstFaults) ?? []
    }
}

/// Writes a line to standard error; where that is full, nobody can be told.
func log(_ line: String) {
    do {
        try FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    } catch { return }
}

func value(of flag: String, in arguments: [String]) -> String? {
    guard let index = arguments.lastIndex(of: flag), index + 1 < arguments.count else {
        return nil
    }
    return arguments[index + 1]
}

/// Counts this start in the file at `path`.
func startCount(_ path: String) throws -> Int {
    let before =
        FileManager.default.fileExists(atPath: path)
        ? try String(contentsOfFile: path, encoding: .utf8) : ""
    try (before + "start\n").write(toFile: path, atomically: true, encoding: .utf8)
    return before.split(separator: "\n").count + 1
}

func adapterName(_ module: String) throws -> String {
    struct Module: Decodable { let name: String }
    return try JSONDecoder().decode(Module.self, from: Data(module.utf8)).name
}

func serve(_ arguments: [String]) throws {
    var behaviour = Behaviour()
    if let text = ProcessInfo.processInfo.environment["SCRIPTED_ENGINE"] {
        behaviour = try JSONDecoder().decode(Behaviour.self, from: Data(text.utf8))
    }
    log("scripted engine: starting with \(arguments.joined(separator: " "))")
    let start = try behaviour.startsPath.map(startCount) ?? 1
    if let status = behaviour.exitStatus { throw Exit(status: status) }
    if start > behaviour.startLimit { throw Exit(status: 3) }
    Thread.sleep(forTimeInterval: behaviour.startSeconds)

    var options = ScriptedEngineOptions()
    options.model = value(of: "--served-model-name", in: arguments) ?? "scripted"
    if let length = value(of: "--max-model-len", in: arguments).flatMap({ Int($0) }) {
        options.maxModelLength = length
    }
    if let module = value(of: "--lora-modules", in: arguments) {
        options.adapters = [try adapterName(module)]
    }
    options.latency = behaviour.latency
    if let reply = behaviour.reply { options.script = Scripts.always(reply) }
    if behaviour.reckons { options.script = Scripts.reckoner }
    if start == 1 { options.faults = behaviour.firstFaults }

    let endpoint: HTTPEndpoint
    if let path = value(of: "--uds", in: arguments) {
        endpoint = .unixSocket(path: path)
    } else {
        let port = value(of: "--port", in: arguments).flatMap { Int($0) } ?? 0
        endpoint = .http(host: "127.0.0.1", port: port)
    }
    let engine = try ScriptedEngine(at: endpoint, options)
    log("scripted engine: listening at \(engine.endpoint)")
    engine.waitUntilStopped()
    throw Exit(status: 1)
}

struct Exit: Error { let status: Int32 }

do {
    try serve(Array(CommandLine.arguments.dropFirst()))
} catch let end as Exit {
    log("scripted engine: Error: ending with status \(end.status)")
    exit(end.status)
} catch {
    log("scripted engine: Error: \(error)")
    exit(2)
}
