import Foundation
import ScriptedEngine
import Testing

@testable import Inference

@Suite struct LaunchPlanTests {
    private let scratch: ScratchDirectory
    private let options = EngineOptions(
        python: "python3",
        model: "/no/such/model",
        servedName: "policy",
        runDirectory: "/tmp",
        logPath: "/tmp/log"
    )

    init() throws { scratch = try ScratchDirectory() }

    private func plan(
        _ change: (inout EngineOptions) -> Void = { _ in }
    ) throws(InferenceError.Cause) -> LaunchPlan {
        var changed = options
        change(&changed)
        return try LaunchPlan(changed, socketPath: "/tmp/s")
    }

    private func adapter(rank: String) throws -> String {
        let directory = scratch.path + "/adapter"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true
        )
        try Data(#"{"peft_type":"LORA","r":\#(rank)}"#.utf8)
            .write(to: URL(filePath: directory + "/adapter_config.json"))
        return directory
    }

    private func value(of flag: String, in plan: LaunchPlan) -> String? {
        guard let index = plan.arguments.lastIndex(of: flag) else { return nil }
        return plan.arguments[index + 1]
    }

    @Test func plainModelIsServedUnderItsName() throws {
        let plan = try plan()
        #expect(plan.arguments.starts(with: ["-m", "vllm.entrypoints.openai.api_server"]))
        #expect(value(of: "--model", in: plan) == "/no/such/model")
        #expect(value(of: "--uds", in: plan) == "/tmp/s")
        #expect(value(of: "--served-model-name", in: plan) == "policy")
        #expect(value(of: "--logprobs-mode", in: plan) == "processed_logprobs")
        #expect(plan.logProbabilityMode == .processed)
        #expect(!plan.arguments.contains("--enable-lora"))
        #expect(!plan.arguments.contains("--tensor-parallel-size"))
    }

    @Test func givenArgumentsWin() throws {
        let plan = try plan {
            $0.arguments = ["--logprobs-mode=raw_logprobs", "--generation-config", "auto"]
        }
        #expect(plan.logProbabilityMode == .raw)
        #expect(plan.arguments.count { $0 == "--generation-config" } == 1)
        #expect(value(of: "--generation-config", in: plan) == "auto")
        #expect(!plan.arguments.contains("--logprobs-mode"))
    }

    @Test func environmentIsQuietAndHoldsTheGPUs() throws {
        let plan = try plan {
            $0.gpus = ["2", "GPU-8f"]
            $0.environment = ["VLLM_CPU_KVCACHE_SPACE": "1"]
        }
        #expect(plan.environment["CUDA_VISIBLE_DEVICES"] == "2,GPU-8f")
        #expect(plan.environment["VLLM_NO_USAGE_STATS"] == "1")
        #expect(plan.environment["DO_NOT_TRACK"] == "1")
        #expect(plan.environment["VLLM_CPU_KVCACHE_SPACE"] == "1")
        #expect(plan.environment["HF_HUB_OFFLINE"] == nil)
    }

    /// Two processes of vLLM would take two cores, for the one that waits spins.
    @Test func anEngineOnOneCoreIsOneProcessWithOneThread() throws {
        func plan(_ change: (inout EngineOptions) -> Void) throws -> [String: String] {
            try self.plan {
                $0.computesOnCores = true
                change(&$0)
            }.environment
        }
        let oneCore = ["VLLM_CPU_OMP_THREADS_BIND": "3"]
        let alone = try plan { $0.environment = oneCore }
        let isOneNode = LaunchPlan.hasOneMemoryNode
        #expect(alone["VLLM_ENABLE_V1_MULTIPROCESSING"] == (isOneNode ? "0" : nil))
        #expect(alone["OMP_NUM_THREADS"] == (isOneNode ? "1" : nil))
        let asGiven = try plan {
            $0.environment = oneCore.merging(["VLLM_ENABLE_V1_MULTIPROCESSING": "1"]) { $1 }
        }
        #expect(asGiven["VLLM_ENABLE_V1_MULTIPROCESSING"] == "1")
        for others in [
            try plan { $0.environment = ["VLLM_CPU_OMP_THREADS_BIND": "0-3"] },
            try plan { _ in },
            try plan {
                $0.environment = oneCore
                $0.tensorParallel = 2
            },
            try plan {
                $0.environment = oneCore
                $0.computesOnCores = false
            },
        ] {
            #expect(others["VLLM_ENABLE_V1_MULTIPROCESSING"] == nil)
        }
    }

    @Test func localModelNeedsNoHub() throws {
        #expect(try plan { $0.model = "/tmp" }.environment["HF_HUB_OFFLINE"] == "1")
    }

    @Test func tensorParallelIsPassedOn() throws {
        let plan = try plan { $0.tensorParallel = 4 }
        #expect(value(of: "--tensor-parallel-size", in: plan) == "4")
    }

    @Test func adapterTakesTheServedName() throws {
        let path = try adapter(rank: "9")
        let plan = try plan { $0.adapter = path }
        #expect(plan.arguments.contains("--enable-lora"))
        #expect(value(of: "--max-lora-rank", in: plan) == "16")
        #expect(value(of: "--served-model-name", in: plan) == "policy-base")
        let module = try #require(value(of: "--lora-modules", in: plan))
        let object = try JSONSerialization.jsonObject(with: Data(module.utf8))
        #expect(object as? [String: String] == ["name": "policy", "path": path])
        #expect(plan.environment["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] == "1")
    }

    @Test func adaptersToComeAreProvidedFor() throws {
        let plan = try plan { $0.adapterRank = 32 }
        #expect(plan.arguments.contains("--enable-lora"))
        #expect(value(of: "--max-lora-rank", in: plan) == "32")
        #expect(value(of: "--lora-modules", in: plan) == nil)
    }

    @Test func adapterAboveTheGivenRankIsRefused() throws {
        let path = try adapter(rank: "32")
        let cause = #expect(throws: InferenceError.Cause.self) {
            try plan {
                $0.adapter = path
                $0.arguments = ["--max-lora-rank", "16"]
            }
        }
        #expect(cause?.description.contains("rank 32") == true)
        #expect(cause?.description.contains("--max-lora-rank 16") == true)
    }

    @Test(arguments: ["0", "\"a\"", "513"])
    func impossibleRankIsRefused(rank: String) throws {
        let path = try adapter(rank: rank)
        #expect(throws: InferenceError.Cause.self) { try plan { $0.adapter = path } }
    }

    @Test func adapterThatIsNotThereIsRefusedByName() {
        let cause = #expect(throws: InferenceError.Cause.self) {
            try plan { $0.adapter = "/no/such/adapter" }
        }
        #expect(cause?.description.contains("/no/such/adapter") == true)
    }
}
