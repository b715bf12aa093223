// What rank 0 reads once and every rank needs: configuration, problems, prompt. All bad input of a
// job is met here, on one rank, before anything is started.

import Configuration
import Datasets
private import Foundation
import RolloutModel
import Rollouts

/// The input of a job, checked.
struct JobPlan: Sendable {
    /// What the job is to do.
    enum Kind: Sendable {
        case evaluation, training
    }

    /// A file that the configuration names cannot be used.
    struct BadInput: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    let configuration: JobConfiguration
    let problems: [Problem]
    let datasetHash: String
    let promptText: String
    /// Problems in the order in which they are begun; nil on ranks that hand out none.
    let order: [Int]?

    /// Reads everything and prepares the run directory.
    ///
    /// - Important: rank 0 alone calls it.
    /// - Throws: an error whose description is one clear line.
    static func read(
        configurationPath: String,
        overrides: [String],
        kind: Kind,
        runDirectory: RunDirectory
    ) throws -> JobPlan {
        let configuration = try JobConfiguration.load(path: configurationPath, overrides: overrides)
        if kind == .training { try configuration.checkForTraining(name: configurationPath) }
        let dataset = try Dataset.load(configuration.dataset)
        let promptText = try text(ofFile: configuration.agent.promptPath, key: "agent.prompt")
        let plan = JobPlan(
            configuration: configuration,
            problems: dataset.problems,
            datasetHash: dataset.hash,
            promptText: promptText,
            order: try ProblemOrder.longestFirst(dataset.problems, run: configuration.run)
        )
        _ = try plan.prompt()
        try plan.checkModel()
        if kind == .training { try plan.checkTraining() }
        try runDirectory.prepare(
            for: configuration,
            promptText: promptText,
            mayGrow: kind == .evaluation
        )
        return plan
    }

    /// The prompt of the run.
    func prompt() throws -> PromptTemplate {
        try PromptTemplate(
            text: promptText,
            path: configuration.agent.promptPath,
            modules: configuration.sandbox.modules,
            systemPrompt: configuration.agent.systemPrompt
        )
    }

    /// The plan as bytes, for the other ranks.
    func bytes() throws -> [UInt8] {
        var writer = ByteWriter()
        writer.write(try configuration.resolvedYAML())
        writer.write(datasetHash)
        writer.write(promptText)
        writer.write(list: problems) { $0.write($1) }
        return writer.bytes
    }

    /// The plan from rank 0's bytes.
    init(bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        configuration = try JobConfiguration.parse(
            yaml: try reader.text(),
            name: "the configuration from rank 0"
        )
        datasetHash = try reader.text()
        promptText = try reader.text()
        problems = try reader.list { try $0.problem() }
        // Rank 0 alone hands out.
        order = nil
        try reader.end()
    }

    init(
        configuration: JobConfiguration,
        problems: [Problem],
        datasetHash: String,
        promptText: String,
        order: [Int]?
    ) {
        self.configuration = configuration
        self.problems = problems
        self.datasetHash = datasetHash
        self.promptText = promptText
        self.order = order
    }

    /// A model given as a path must be there; a name of the form owner/model is left to the engine.
    private func checkModel() throws {
        let path = configuration.model.path
        guard configuration.engine.attach.isEmpty else { return }
        if let adapter = configuration.engine.adapter,
            !FileManager.default.fileExists(atPath: adapter + "/adapter_config.json")
        {
            throw BadInput(
                description: "\(adapter): engine.adapter is no LoRA adapter: it has no "
                    + "adapter_config.json; give the directory that PEFT or deepmath train wrote"
            )
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let files = FileManager.default
        let isName =
            parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
            && !files.fileExists(atPath: String(parts[0]))
        guard !isName, !files.fileExists(atPath: path + "/config.json") else { return }
        throw BadInput(
            description: files.fileExists(atPath: path)
                ? "\(path): model.path is no model: it has no config.json"
                : "\(path): model.path does not exist; give a model's directory, or owner/model"
        )
    }

    /// What training needs beyond an evaluation.
    private func checkTraining() throws {
        let training = configuration.training
        guard training.problemsPerStep + training.resampledGroups <= problems.count else {
            throw BadInput(
                description:
                    "training.problems_per_step: \(training.problemsPerStep) and "
                    + "\(training.resampledGroups) to replace some are more than the "
                    + "\(problems.count) problems of \(configuration.dataset.path); lower them"
            )
        }
        let script = configuration.trainer.script
        guard FileManager.default.isReadableFile(atPath: script) else {
            throw BadInput(
                description: "\(script): trainer.script cannot be read; start in the directory "
                    + "it is relative to, or name it"
            )
        }
    }

    private static func text(ofFile path: String, key: String) throws -> String {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw BadInput(
                description: "\(path): the file that \(key) names cannot be read "
                    + "(\(FileFailure.reason(error))); check the path"
            )
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw BadInput(description: "\(path): the file that \(key) names is not UTF-8")
        }
        return text
    }
}
