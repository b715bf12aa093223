import Foundation
import Inference
import Logging
import Testing

/// Models of the exactness tests, and engines that serve them.
enum TestModels {
    /// SmolLM2-135M-Instruct, made on first use; nil where the package index cannot be reached.
    static func smolLM2() throws -> String? {
        let path = FileManager.default.currentDirectoryPath + "/.build/test-models/smollm2"
        let process = Process()
        process.executableURL = URL(filePath: RealEngine.python)
        process.arguments = ["tools/test-model/smollm2.py", path]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus == 3 { return nil }
        try #require(process.terminationStatus == 0)
        return path
    }

    /// An adapter of rank 8 for the demo model that changes one matrix at random, as PEFT writes it.
    ///
    /// `widthFactor` other than 1 makes it one for a wider model.
    static func adapter(in directory: String, widthFactor: Int = 1) throws -> String {
        let script = """
            import json, os, sys, torch
            from safetensors.torch import save_file
            model, path, factor = json.loads(sys.argv[1])
            size = json.load(open(model + "/config.json"))
            hidden, inner = factor * size["hidden_size"], factor * size["intermediate_size"]
            torch.manual_seed(1)
            name = "base_model.model.model.layers.0.mlp.up_proj.lora_"
            weights = {name + "A.weight": torch.randn(8, hidden),
                       name + "B.weight": torch.randn(inner, 8)}
            os.makedirs(path)
            save_file(weights, path + "/adapter_model.safetensors")
            json.dump({"peft_type": "LORA", "r": 8, "lora_alpha": 8, "bias": "none",
                       "target_modules": ["up_proj"], "task_type": "CAUSAL_LM"},
                      open(path + "/adapter_config.json", "w"))
            """
        let path = directory + "/adapter-\(UUID().uuidString.prefix(8))"
        let argument = #"["\#(RealEngine.model)","\#(path)",\#(widthFactor)]"#
        _ = try RealEngine.run(python: script, argument)
        return path
    }

    /// A model of the demo model's kind with weights at random, that two processes can share.
    static func splittable(in directory: String) throws -> String {
        let script = """
            import json, shutil, sys, torch
            from transformers import AutoConfig, AutoModelForCausalLM
            model, path = json.loads(sys.argv[1])
            config = AutoConfig.from_pretrained(model)
            config.num_attention_heads, config.num_key_value_heads = 4, 2
            torch.manual_seed(1)
            shutil.copytree(model, path, ignore=shutil.ignore_patterns("*.safetensors"))
            AutoModelForCausalLM.from_config(config).float().save_pretrained(path)
            """
        let path = directory + "/splittable"
        _ = try RealEngine.run(python: script, #"["\#(RealEngine.model)","\#(path)"]"#)
        return path
    }

    /// The log-probabilities of the sampled ids of each context, by one plain forward pass each.
    ///
    /// `samples` are contexts and, for each of their ids, whether it was sampled; the weights of
    /// `adapter`, of this file's kind, are added to the model's.
    static func logProbabilities(
        of samples: [(ids: [Int32], lossMask: [UInt8])],
        model: String,
        adapter: String? = nil,
        temperature: Double = 1
    ) throws -> [[Float]] {
        let script = """
            import json, sys, torch
            from safetensors.torch import load_file
            from transformers import AutoModelForCausalLM
            with open(sys.argv[1]) as file:
                model, adapter, temperature, samples = json.load(file)
            net = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
            if adapter:
                weights = list(load_file(adapter + "/adapter_model.safetensors").values())
                down, up = sorted(weights, key=lambda matrix: matrix.shape[0])
                net.model.layers[0].mlp.up_proj.weight.data += up @ down
            found = []
            for ids, mask in samples:
                with torch.no_grad():
                    logits = net(torch.tensor([ids])).logits[0, :-1] / temperature
                values = logits.log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
                found.append([v for v, own in zip(values.tolist(), mask[1:]) if own])
            print(json.dumps(found))
            """
        let list = samples.map { "[\($0.ids),\($0.lossMask)]" }.joined(separator: ",")
        let argument = """
            ["\(model)",\(adapter.map { "\"\($0)\"" } ?? "null"),\(temperature),[\(list)]]
            """
        let file = FileManager.default.temporaryDirectory
            .appending(path: "samples-\(UUID().uuidString.prefix(8))")
        try Data(argument.utf8).write(to: file)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: file) } }
        let printed = try RealEngine.run(
            python: script,
            file.path(percentEncoded: false)
        )
        return try JSONDecoder().decode([[Float]].self, from: Data(printed.utf8))
    }
}
