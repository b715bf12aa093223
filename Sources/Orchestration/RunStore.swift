// The traces of this run: what is there already, and where new rounds go.

import Configuration
private import Foundation
import MPI
import RolloutModel
import TraceStore

/// A run's store, open for writing on every rank.
struct RunStore {
    /// The run's directory.
    let directory: String

    private let writer: TraceWriter

    /// What earlier jobs left in the run directory; empty when there is nothing yet.
    ///
    /// - Important: rank 0 alone calls it.
    static func storedOutcomes(in directory: RunDirectory) throws -> [EpisodeOutcome] {
        do {
            return try TraceReader(run: directory.path).outcomes()
        } catch TraceError.emptyRun {
            return []
        }
    }

    /// Whether the run directory's traces are packed into one file.
    ///
    /// - Important: rank 0 alone calls it.
    static func isPacked(_ directory: RunDirectory) throws -> Bool {
        try TraceReader(run: directory.path).isPacked
    }

    /// Opens the store; every rank brings the facts that it knows.
    ///
    /// Of what workers say of their services, the words of the lowest rank are kept: the ranks of a
    /// job run the same programs.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    init(
        directory: RunDirectory,
        plan: JobPlan,
        world: borrowing Communicator,
        programVersion: String,
        facts: [String: String]
    ) throws {
        let own = facts.merging(try NodeFacts.own(name: world.nodeName)) { _, node in node }
        var message = ByteWriter()
        message.write(list: own.sorted { $0.key < $1.key }) { writer, fact in
            writer.write(fact.key)
            writer.write(fact.value)
        }
        let gathered = try world.gather(message.bytes, at: Rank.coordinator.value)
        var attributes: [String: String] = [:]
        var hosts: [RunHost] = []
        if world.rank == Rank.coordinator.value {
            var all = try gathered.map(Self.facts)
            hosts = NodeFacts.take(from: &all)
            attributes = all.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
            attributes["hosts"] = hosts.map(\.name).joined(separator: " ")
            attributes["sandbox"] = Self.wordsByRank(all.map { $0["sandbox"] })
            attributes["rank_count"] = "\(world.size)"
            attributes.merge(try Self.jobFacts(plan: plan, programVersion: programVersion)) { $1 }
        }
        self.directory = directory.path
        writer = try TraceWriter(
            directory: directory.path,
            over: world,
            attributes: attributes,
            problems: plan.problems,
            hosts: hosts
        )
    }

    /// Writes one round.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    func append(
        _ batch: EpisodeBatch,
        sample: RankSample,
        world: borrowing Communicator
    ) throws {
        try writer.append(batch, rankSamples: [sample], over: world)
    }

    /// Writes one step of training.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    func writeStep(
        _ number: Int,
        _ batch: EpisodeBatch,
        sample: RankSample,
        attributes: [String: String],
        world: borrowing Communicator
    ) throws {
        try writer.writeStep(
            number,
            batch,
            rankSamples: [sample],
            attributes: attributes,
            over: world
        )
    }

    /// Keeps attempts that the end of the job cuts off.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    func keep(unfinished episodes: [Episode], world: borrowing Communicator) throws {
        try writer.keep(unfinished: episodes, over: world)
    }

    /// Makes one file of all rounds.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    func pack(world: borrowing Communicator) throws {
        try writer.pack(over: world)
    }

    /// What each rank said, one line for equal words; a rank with nothing to say is nil.
    ///
    /// Nodes of one job may have different kernels.
    static func wordsByRank(_ words: [String?]) -> String? {
        var ranks: [(words: String, ranks: [Int])] = []
        for (rank, word) in words.enumerated() {
            guard let word else { continue }
            if let index = ranks.firstIndex(where: { $0.words == word }) {
                ranks[index].ranks.append(rank)
            } else {
                ranks.append((word, [rank]))
            }
        }
        guard ranks.count > 1 else { return ranks.first?.words }
        return ranks.map { group in
            "ranks \(group.ranks.map(String.init).joined(separator: ",")): \(group.words)"
        }.joined(separator: "\n")
    }

    private static func facts(_ bytes: [UInt8]) throws -> [String: String] {
        var reader = ByteReader(bytes)
        let pairs = try reader.list { reader in
            let name = try reader.text()
            return (name, try reader.text())
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// What rank 0 knows of the job.
    private static func jobFacts(
        plan: JobPlan,
        programVersion: String
    ) throws -> [String: String] {
        let environment = ProcessInfo.processInfo.environment
        let configuration = plan.configuration
        var facts = [
            "program_version": programVersion,
            "configuration": try configuration.resolvedYAML(),
            "dataset": configuration.dataset.path,
            "dataset_sha256": plan.datasetHash,
            "prompt": plan.promptText,
            "model": configuration.model.path,
            "model_fingerprint": try ModelFingerprint.text(ofModelAt: configuration.model.path),
            "created_at": Date.now.formatted(.iso8601),
        ]
        if let adapter = configuration.engine.adapter {
            facts["adapter_fingerprint"] = try ModelFingerprint.text(ofModelAt: adapter)
        }
        for (name, variable) in [
            ("slurm_job_id", "SLURM_JOB_ID"), ("slurm_restart_count", "SLURM_RESTART_COUNT"),
            ("slurm_job_nodelist", "SLURM_JOB_NODELIST"),
        ] {
            facts[name] = environment[variable]
        }
        return facts
    }
}
