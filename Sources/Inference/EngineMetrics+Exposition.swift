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
        case "num_requests_running": Self.add(value, to: &runningCount)
        case "num_requests_waiting": Self.add(value, to: &waitingCount)
        case "kv_cache_usage_perc", "gpu_cache_usage_perc": cacheUse = max(cacheUse, min(1, value))
        case "num_preemptions_total": Self.add(value, to: &preemptionCount)
        case "generation_tokens_total": Self.add(value, to: &generatedTokenCount)
        case "prompt_tokens_total": Self.add(value, to: &promptTokenCount)
        default: break
        }
    }

    /// Sums stay below 2^53: a server of any number of engines has no more.
    private static func add(_ value: Double, to sum: inout Int) {
        sum = Int(min(0x1p53, Double(sum) + value))
    }
}
