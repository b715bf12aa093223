private import Foundation
internal import Sandbox

/// The command line and environment of our own vLLM, worked out and checked before it is started.
struct LaunchPlan {
    let arguments: [String]
    let environment: [String: String]
    let logProbabilityMode: LogProbabilityMode

    init(_ options: EngineOptions, socketPath: String) throws(InferenceError.Cause) {
        let given = GivenArguments(options.arguments)
        let adapterArguments = try Self.adapterArguments(options, given: given)
        var arguments = [
            "-m", "vllm.entrypoints.openai.api_server", "--model", options.model, "--uds",
            socketPath,
        ]
        // The name that calls use is the adapter's when there is one.
        let name = options.adapter == nil ? options.servedName : options.servedName + "-base"
        var own = [("--served-model-name", name)]
        // The policy sampled from, not the model at temperature 1: see `LogProbabilityMode`.
        own.append(("--logprobs-mode", LogProbabilityMode.processed.rawValue))
        // Without this the model's own defaults (a repetition penalty, say) change the policy.
        own.append(("--generation-config", "vllm"))
        own.append(("--uvicorn-log-level", "warning"))
        if options.tensorParallel > 1 {
            own.append(("--tensor-parallel-size", "\(options.tensorParallel)"))
        }
        for (flag, value) in own where given.value(of: flag) == nil { arguments += [flag, value] }
        if !given.contains("--enable-prompt-tokens-details") {
            arguments.append("--enable-prompt-tokens-details")
        }
        self.arguments = arguments + adapterArguments + options.arguments
        let mode = given.value(of: "--logprobs-mode") ?? LogProbabilityMode.processed.rawValue
        logProbabilityMode = LogProbabilityMode(rawValue: mode) ?? .unknown
        environment = Self.environment(options, servesAdapters: !adapterArguments.isEmpty)
    }

    private static func adapterArguments(
        _ options: EngineOptions,
        given: GivenArguments
    ) throws(InferenceError.Cause) -> [String] {
        var rank = options.adapterRank
        if let adapter = options.adapter {
            rank = max(rank ?? 0, try AdapterConfiguration(directory: adapter).rank)
        }
        guard let rank else { return [] }
        var arguments = given.contains("--enable-lora") ? [] : ["--enable-lora"]
        if let text = given.value(of: "--max-lora-rank") {
            guard let limit = Int(text), limit >= rank else {
                throw .invalidOptions(
                    "the adapter has rank \(rank), and the engine's arguments have --max-lora-rank"
                        + " \(text); raise it or leave it out"
                )
            }
        } else {
            arguments += ["--max-lora-rank", "\(try AdapterConfiguration.servable(rank))"]
        }
        if let adapter = options.adapter {
            let module = JSONText.object { text in
                text.key("name")
                text.value(options.servedName)
                text.key("path")
                text.value(adapter)
            }
            arguments += ["--lora-modules", String(decoding: module.bytes, as: UTF8.self)]
        }
        return arguments
    }

    private static func environment(
        _ options: EngineOptions,
        servesAdapters: Bool
    ) -> [String: String] {
        var own = ["VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"]
        if servesAdapters { own["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] = "1" }
        // A model that is here needs nobody else; any other may have to be fetched.
        if FileManager.default.fileExists(atPath: options.model) { own["HF_HUB_OFFLINE"] = "1" }
        if let gpus = options.gpus { own["CUDA_VISIBLE_DEVICES"] = gpus.joined(separator: ",") }
        if computesOnOneCore(options) {
            // vLLM's scheduler, a process of its own, otherwise waits for the process that computes by
            // looking without pause, and takes a second core from interpreters and graders: on two
            // cores this makes four attempts of three. With one thread nothing is left for vLLM to bind.
            own["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"
            own["OMP_NUM_THREADS"] = "1"
        }
        return ChildEnvironment.inherited(adding: own.merging(options.environment) { $1 })
    }

    /// Whether all cores are equally near to all memory: a single process is not bound to its core, and
    /// vLLM would take its memory from the first node.
    static let hasOneMemoryNode = !FileManager.default
        .fileExists(atPath: "/sys/devices/system/node/node1")

    /// Whether the server has no accelerator and a single core is its share.
    private static func computesOnOneCore(_ options: EngineOptions) -> Bool {
        guard options.computesOnCores, options.tensorParallel == 1, hasOneMemoryNode else {
            return false
        }
        return options.environment["VLLM_CPU_OMP_THREADS_BIND"].flatMap { UInt($0) } != nil
    }
}

/// The arguments a user gave, as `--flag value` or `--flag=value`.
private struct GivenArguments {
    private let arguments: [String]

    init(_ arguments: [String]) { self.arguments = arguments }

    func contains(_ flag: String) -> Bool {
        arguments.contains { $0 == flag || $0.hasPrefix(flag + "=") }
    }

    /// The last value of `flag`; nil when it is not given.
    func value(of flag: String) -> String? {
        for (index, argument) in arguments.enumerated().reversed() {
            if argument.hasPrefix(flag + "=") { return String(argument.dropFirst(flag.count + 1)) }
            if argument == flag, index + 1 < arguments.count { return arguments[index + 1] }
        }
        return nil
    }
}
