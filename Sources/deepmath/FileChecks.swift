import Configuration
import Datasets
import Foundation

/// Checks of the files that a configuration names.
struct FileChecks {
    let configuration: JobConfiguration
    let runDirectory: String?

    private var files: FileManager { .default }

    /// One finding or more for each file.
    func findings() -> [Finding] {
        [dataset, prompt] + model + adapter + runDirectoryFindings
    }

    private var dataset: Finding {
        do {
            let dataset = try Dataset.load(configuration.dataset)
            let hash = dataset.hash.prefix(12)
            return .ok("dataset", "\(dataset.path): \(dataset.problems.count) problems, \(hash)")
        } catch {
            return .failure("dataset", "\(error)", "")
        }
    }

    private var prompt: Finding {
        let path = configuration.agent.promptPath
        let text: String
        do {
            text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        } catch {
            return .failure(
                "prompt",
                "\(path): cannot be read as UTF-8 text",
                "set agent.prompt to a text file with {problem} in it"
            )
        }
        guard text.contains("{problem}") else {
            let remedy = "put it where the statement belongs"
            return .failure("prompt", "\(path): no {problem} in it", remedy)
        }
        return .ok("prompt", path)
    }

    private var model: [Finding] {
        let path = configuration.model.path
        guard configuration.engine.attach.isEmpty else {
            return [.ok("model", "\(path), served by engine.attach")]
        }
        guard isDirectory(path) else {
            return [absentModel(path)]
        }
        guard files.fileExists(atPath: path + "/config.json") else {
            let remedy = "set model.path to a directory that vLLM can load"
            return [.failure("model", "\(path): no config.json in it", remedy)]
        }
        let present = Set((files.subpaths(atPath: path) ?? []).map { $0.lowercased() })
        var findings: [Finding] = []
        let tokenizers: Set = ["tokenizer.json", "tokenizer.model", "vocab.json", "tekken.json"]
        if present.isDisjoint(with: tokenizers) {
            let remedy = "copy the model's tokenizer files beside its weights"
            findings.append(.failure("model", "\(path): no tokenizer in it", remedy))
        }
        let weights = [".safetensors", ".bin", ".gguf", ".pt"]
        if !present.contains(where: { name in weights.contains { name.hasSuffix($0) } }) {
            let remedy = "copy the model's weights there"
            findings.append(.failure("model", "\(path): no weights in it", remedy))
        }
        if !hasChatTemplate(path) {
            let remedy = "pass --chat-template FILE in engine.arguments"
            findings.append(.warning("model", "\(path): no chat template in it", remedy))
        }
        return findings.isEmpty ? [.ok("model", path)] : findings
    }

    /// A name of the form owner/model may be known to the engine; a path must be there.
    private func absentModel(_ path: String) -> Finding {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isName =
            parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
            && !files.fileExists(atPath: String(parts[0]))
        guard isName else {
            return .failure(
                "model",
                "\(path): no such directory",
                "set model.path to a model's directory, or to owner/model"
            )
        }
        return .warning(
            "model",
            "\(path) is a name, not a directory: the engine will look it up",
            "download it beforehand where nodes have no network"
        )
    }

    private func hasChatTemplate(_ path: String) -> Bool {
        if files.fileExists(atPath: path + "/chat_template.jinja") { return true }
        guard let bytes = files.contents(atPath: path + "/tokenizer_config.json") else {
            return false
        }
        return String(decoding: bytes, as: UTF8.self).contains("\"chat_template\"")
    }

    private var adapter: [Finding] {
        guard let path = configuration.engine.adapter else { return [] }
        guard files.fileExists(atPath: path + "/adapter_config.json") else {
            let remedy = "set engine.adapter to a PEFT adapter's directory"
            return [.failure("adapter", "\(path): no adapter_config.json in it", remedy)]
        }
        return [.ok("adapter", path)]
    }

    private var runDirectoryFindings: [Finding] {
        guard let path = runDirectory else { return [] }
        let kept = path + "/config.yaml"
        if files.fileExists(atPath: kept) {
            do {
                let before = try JobConfiguration.load(path: kept)
                let differences = configuration.differences(from: before).filter {
                    !$0.isExtent
                }
                guard differences.isEmpty else {
                    let list = differences.map(\.description).joined(separator: ", ")
                    return [
                        .failure(
                            "run directory",
                            "\(path) belongs to another configuration: \(list)",
                            "choose another with --run, or undo the change"
                        )
                    ]
                }
            } catch {
                return [.failure("run directory", "\(error)", "choose another with --run")]
            }
        }
        // What is not there yet is made below the nearest directory that is.
        var nearest = URL(fileURLWithPath: path)
        while !files.fileExists(atPath: nearest.path), nearest.path != "/" {
            nearest.deleteLastPathComponent()
        }
        guard isDirectory(nearest.path), files.isWritableFile(atPath: nearest.path) else {
            let remedy = "choose another with --run, or ask for permission"
            return [.failure("run directory", "\(nearest.path): cannot be written", remedy)]
        }
        return [.ok("run directory", path)]
    }

    /// Whether `path` is a directory, or a link to one.
    private func isDirectory(_ path: String) -> Bool {
        do {
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            return try files.attributesOfItem(atPath: target)[.type] as? FileAttributeType
                == .typeDirectory
        } catch {
            return false
        }
    }
}
