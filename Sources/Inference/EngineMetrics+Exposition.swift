extension EngineMetrics {
    /// Reads the Prometheus text format; series that are not there, or
    /// make no sense, count as 0.
    ///
    /// Several engines behind one server each have a series: counts are summed, and the fullest
    /// cache counts.
    init(exposition: [UInt8]) {
        for line in exposition.split(separator: UInt8(ascii: "\n")) {
            guard line.first != UInt8(ascii: "#"), line.starts(with: Array("vllm:".utf8)),
                let space = line.lastIndex(of: UInt8(ascii: " ")),
                let value = Double(String(decoding: line[(space + 1)...], as: UTF8.self)),
                (0..<0x1p53).contains(value)
            else { continue }
            let end = line.firstIndex(of: UInt8(ascii: "{")) ?? space
            add(value, to: String(decoding: line[..<end].dropFirst("vllm:".count), as: UTF8.self))
        }
    }

    private mutating func add(_ value: Double, to name: String) {
        switch name {
        case "num_requests_running": runningCount += Int(value)
        case "num_requests_waiting": waitingCount += Int(value)
        case "kv_cache_usage_perc", "gpu_cache_usage_perc": cacheUse = max(cacheUse, value)
        case "num_preemptions_total": preemptionCount += Int(value)
        case "generation_tokens_total": generatedTokenCount += Int(value)
        case "prompt_tokens_total": promptTokenCount += Int(value)
        default: break
        }
    }
}
