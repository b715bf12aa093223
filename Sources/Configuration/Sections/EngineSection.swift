/// `engine`: the vLLM server of each worker rank.
public struct EngineSection: Hashable, Sendable, Codable {
    /// Python with vLLM.
    public var python = ".venv/bin/python"
    /// Servers that already run (`http://host:port`, `unix:/path`); empty starts one a worker.
    public var attach: [String] = []
    /// Further arguments of the server, one element a word.
    public var arguments: [String] = []
    /// Further variables of the server's environment.
    public var environment: [String: String] = [:]
    /// Time for a server to become ready, seconds, above 0.
    public var readySeconds = 900.0
    /// Time for one call to a server, seconds, above 0.
    public var requestSeconds = 3_600.0
    /// Restarts of a dead or hung server before its rank gives its work back, 0 or more.
    public var restarts = 3
    /// Episodes a worker keeps in flight.
    public var concurrency = ConcurrencySetting.fixed(64)
    /// GPUs of one server, 1 or more.
    public var tensorParallel = 1
    /// Directory of a LoRA adapter; nil for the model alone.
    public var adapter: String?
    /// How servers on CPUs share cores: `auto` gives each worker of a node its own; nil leaves it
    /// to the operating system.
    public var cpuBinding: String?
    /// Lines of the server's log shown when it fails, 0 or more.
    public var logLines = 20

    /// All defaults.
    public init() {}
}

extension EngineSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] { processKeys + serviceKeys }

    private static var processKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "python",
                \.python,
                must: .notEmpty,
                scope: .placement,
                "Python with vLLM, and for what the other sections do not name."
            ),
            ConfigurationKey(
                "attach",
                \.attach,
                must: .each(EngineAddress.rule),
                scope: .placement,
                "Servers that already run; empty starts one for each worker rank."
            ),
            ConfigurationKey(
                "arguments",
                \.arguments,
                must: .each(.notEmpty),
                scope: .part(EngineArguments.deciding),
                "Further arguments of the server, one element a word."
            ),
            ConfigurationKey(
                "environment",
                \.environment,
                scope: .placement,
                "Further variables of the server's environment."
            ),
            ConfigurationKey(
                "tensor_parallel",
                \.tensorParallel,
                must: .within(1...1_024),
                scope: .placement,
                "GPUs of one server."
            ),
            ConfigurationKey(
                "cpu_binding",
                \.cpuBinding,
                must: .ifGiven(.notEmpty),
                scope: .placement,
                "Cores of a CPU server: auto shares a node's among its workers, null leaves it open."
            ),
            ConfigurationKey(
                "adapter",
                \.adapter,
                must: .ifGiven(.notEmpty),
                "Directory of a LoRA adapter; null for the model alone."
            ),
        ]
    }

    private static var serviceKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "concurrency",
                \.concurrency,
                scope: .placement,
                "Episodes a worker keeps in flight; auto follows the server's load."
            ),
            ConfigurationKey(
                "ready_seconds",
                \.readySeconds,
                must: .above(0, upTo: Limits.seconds),
                scope: .placement,
                "Time for a server to become ready, seconds."
            ),
            ConfigurationKey(
                "request_seconds",
                \.requestSeconds,
                must: .above(0, upTo: Limits.seconds),
                scope: .placement,
                "Time for one call to a server, seconds."
            ),
            ConfigurationKey(
                "restarts",
                \.restarts,
                must: .within(0...Limits.restarts),
                scope: .placement,
                "Restarts of a failed server before its rank gives its work back."
            ),
            ConfigurationKey(
                "log_lines",
                \.logLines,
                must: .within(0...1_000),
                scope: .placement,
                "Lines of the server's log shown when it fails."
            ),
        ]
    }
}

/// The forms an address of a running server may have.
enum EngineAddress {
    static var rule: ValueRule<String> {
        ValueRule("http://HOST:PORT or unix:/PATH") { address in
            ["http://", "https://", "unix:/"].contains { prefix in
                address.hasPrefix(prefix) && address.count > prefix.count
            }
        }
    }
}

/// Which of the server's arguments decide what it answers.
enum EngineArguments {
    /// Arguments of vLLM that change capacity, speed, placement or logging, but no answer.
    ///
    /// Rounding aside. A run may be taken up again on other hardware, so these may differ.
    private static let indifferent: Set<String> = [
        "--gpu-memory-utilization", "--max-num-seqs", "--max-num-batched-tokens",
        "--enforce-eager", "--enable-prefix-caching", "--no-enable-prefix-caching",
        "--enable-chunked-prefill", "--no-enable-chunked-prefill", "--tensor-parallel-size",
        "--pipeline-parallel-size", "--data-parallel-size", "--distributed-executor-backend",
        "--disable-log-requests", "--disable-log-stats", "--uvicorn-log-level", "--swap-space",
        "--cpu-offload-gb", "--block-size", "--load-format", "--download-dir", "--host", "--port",
        "--max-loras", "--max-cpu-loras", "--max-log-len",
    ]

    /// `arguments` without the indifferent ones and their values.
    @Sendable static func deciding(_ arguments: [String]) -> [String] {
        var kept: [String] = []
        var isDropping = false
        for argument in arguments {
            if argument.hasPrefix("--") {
                let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init)
                isDropping = name.map(indifferent.contains) ?? false
            }
            if !isDropping { kept.append(argument) }
        }
        return kept
    }
}
