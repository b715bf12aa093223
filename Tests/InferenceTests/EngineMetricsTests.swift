import Testing

@testable import Inference

@Suite struct EngineMetricsTests {
    @Test func vLLMsSeriesAreRead() {
        let text = """
            # HELP vllm:num_requests_running Number of requests in model execution batches.
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="policy"} 64.0
            vllm:num_requests_waiting{engine="0",model_name="policy"} 3.0
            vllm:num_requests_waiting_by_reason{engine="0",model_name="policy",reason="capacity"} 3.0
            vllm:kv_cache_usage_perc{engine="0",model_name="policy"} 0.75
            vllm:num_preemptions_total{engine="0",model_name="policy"} 2.0
            vllm:generation_tokens_total{engine="0",model_name="policy"} 1.5e+06
            vllm:prompt_tokens_total{engine="0",model_name="policy"} 2052.0
            vllm:prompt_tokens_created{engine="0"} 1.7953086e+09
            python_info{implementation="CPython"} 1.0
            """
        var expected = EngineMetrics()
        expected.runningCount = 64
        expected.waitingCount = 3
        expected.cacheUse = 0.75
        expected.preemptionCount = 2
        expected.generatedTokenCount = 1_500_000
        expected.promptTokenCount = 2052
        #expect(EngineMetrics(exposition: Array(text.utf8)) == expected)
    }

    @Test func enginesBehindOneServerAreSummed() {
        let text = """
            vllm:num_requests_running{engine="0"} 2
            vllm:num_requests_running{engine="1"} 3
            vllm:kv_cache_usage_perc{engine="0"} 0.5
            vllm:kv_cache_usage_perc{engine="1"} 0.25

            """
        let metrics = EngineMetrics(exposition: Array(text.utf8))
        #expect(metrics.runningCount == 5)
        #expect(metrics.cacheUse == 0.5)
    }

    @Test(arguments: [
        "", "\n\n", "vllm:", "vllm:num_requests_running", "vllm:num_requests_running NaN",
        "vllm:num_requests_running +Inf", "vllm:num_requests_running{", "vllm:x{a=\"1\"} y", " ",
        "{ 1",
        "vllm:num_requests_running 1e300", "vllm:{ 1",
    ])
    func oddTextIsNoTrap(text: String) {
        #expect(EngineMetrics(exposition: Array(text.utf8)).waitingCount == 0)
    }

    @Test func countsOfManyEnginesDoNotOverflow() {
        let line = "vllm:generation_tokens_total 9007199254740991\nvllm:kv_cache_usage_perc 1e15\n"
        let text = String(repeating: line, count: 2_000)
        let metrics = EngineMetrics(exposition: Array(text.utf8))
        #expect(metrics.generatedTokenCount == 1 << 53)
        #expect(metrics.cacheUse == 1)
    }
}
