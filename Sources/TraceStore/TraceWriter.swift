internal import HDF5
public import MPI
public import RolloutModel

/// Writes the traces of a run, all ranks together, so that a kill at any moment loses no written round.
///
/// Each call of ``append(_:rankSamples:over:)`` makes one segment: a complete HDF5 file under a temporary
/// name that is closed, synced and renamed by rank 0. ``pack(over:)`` makes one file of all segments, with
/// rows in (problem, sample) order, and removes them only after that. A run that has segments, or a packed
/// file, goes on from there, with any number of ranks.
public final class TraceWriter {
    /// Where the traces lie.
    public let directory: String
    /// Segments this run has, those of earlier starts included.
    public private(set) var segmentNumber: Int
    /// Writes of the packed file that HDF5 did not do collectively; 0 when all is well.
    public private(set) var independentTransferCount = 0

    private let attributes: [(name: String, value: AttributeValue)]
    private let problems: [Problem]
    /// Samples of rounds without episodes: they wait for the next segment.
    private var waitingSamples: [RankSample] = []

    /// Starts or continues the traces of a run.
    ///
    /// Writes a segment that has the problems and the attributes and no episodes, so that what the run is
    /// can be read before its first round.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    /// - Parameters:
    ///   - directory: the run's directory; made when it is missing.
    ///   - communicator: all ranks of the job.
    ///   - attributes: root attributes of the file, such as the resolved configuration; those of rank 0
    ///     count. Names of the schema's own (`format`, `schema_version`, `kind`, `last_segment`) are taken.
    ///   - problems: all problems of the run, the same on every rank, in data-set order.
    ///   - hosts: the nodes of the job; those of rank 0 count.
    /// - Throws: ``TraceError/problemsDiffer(path:)`` when the directory has traces of problems that
    ///   `problems` does not begin with;
    ///   any failure of one rank on all of them.
    public init(
        directory: String,
        over communicator: borrowing Communicator,
        attributes: [String: String],
        problems: [Problem],
        hosts: [RunHost] = []
    ) throws {
        let run = RunDirectory(path: directory)
        let before = try jointly("open \(directory)", over: communicator) {
            communicator.rank == 0 ? try Self.prepare(run, for: problems) : Before()
        }
        segmentNumber = Int(try communicator.agree([Int64(before.lastSegment)], by: .max)[0])
        self.directory = directory
        self.problems = problems
        let reserved: Set<String> = ["format", "schema_version", "kind", "last_segment"]
        precondition(
            reserved.isDisjoint(with: attributes.keys),
            "attributes do not replace the schema's own"
        )
        self.attributes = try Self.shared(attributes, over: communicator)
        let isFirst = communicator.rank == 0
        let part = try part(
            EpisodeBatch(),
            problems: isFirst ? problems : [],
            hosts: isFirst
                ? hosts.map { StoredHost(host: $0, startIndex: before.startCount) } : [],
            over: communicator
        )
        try writeSegment(part, over: communicator)
    }

    /// Writes one round: the episodes that each rank has finished since the last one.
    ///
    /// Writes no file when no rank has an episode; samples then wait for the next round that has.
    ///
    /// - Important: Collective over `communicator`; every rank calls it, with rows or without.
    /// - Parameters:
    ///   - batch: of this rank, each attempt once in the whole run.
    ///   - rankSamples: of this rank; usually one.
    ///   - communicator: the one the writer was made with.
    /// - Returns: whether a segment was written.
    /// - Throws: any failure of one rank on all of them; the segment then does not exist.
    @discardableResult
    public func append(
        _ batch: EpisodeBatch,
        rankSamples: [RankSample],
        over communicator: borrowing Communicator
    ) throws -> Bool {
        waitingSamples += rankSamples
        let part = try part(batch, waitingSamples, over: communicator)
        guard part.totals[.episodes] > 0 else { return false }
        try writeSegment(part, over: communicator)
        waitingSamples = []
        return true
    }

    /// Keeps attempts that the end of the job cut off, for a later job to go on with.
    ///
    /// They are no results: they lie in files of their own, beside the segments, until the run is packed.
    ///
    /// - Important: Collective over `communicator`; every rank calls it, with attempts or without.
    /// - Parameters:
    ///   - episodes: of this rank, with the status `unfinished`.
    ///   - communicator: the one the writer was made with.
    /// - Throws: any failure of one rank on all of them; the file then does not exist.
    public func keep(
        unfinished episodes: [Episode],
        over communicator: borrowing Communicator
    ) throws {
        guard try communicator.agree([Int64(episodes.count)], by: .max)[0] > 0 else { return }
        let run = RunDirectory(path: directory)
        let last = try jointly("open \(run.unfinishedPath)", over: communicator) {
            guard communicator.rank == 0 else { return 0 }
            try run.createUnfinished()
            return try run.unfinishedNumbers().last ?? 0
        }
        let number = Int(try communicator.agree([Int64(last)], by: .max)[0]) + 1
        try write(
            try part(EpisodeBatch(episodes), over: communicator),
            facts: TraceFileKind.segment.facts(lastSegment: number),
            as: run.unfinishedPath(number),
            in: run.unfinishedPath,
            over: communicator
        )
    }

    /// Writes one step of training: a file of its own, which stays as it is.
    ///
    /// What was kept of unfinished attempts is removed after it: the step has them all as results.
    ///
    /// - Important: Collective over `communicator`; every rank calls it, with rows or without.
    /// - Parameters:
    ///   - number: of the step, 1 or above.
    ///   - batch: of this rank, each attempt once in the whole run.
    ///   - rankSamples: of this rank; usually one.
    ///   - attributes: root attributes of the file; those of rank 0 count.
    ///   - communicator: the one the writer was made with.
    /// - Throws: any failure of one rank on all of them; the step then does not exist.
    public func writeStep(
        _ number: Int,
        _ batch: EpisodeBatch,
        rankSamples: [RankSample],
        attributes: [String: String],
        over communicator: borrowing Communicator
    ) throws {
        let run = RunDirectory(path: directory)
        try jointly("make \(run.stepsPath)", over: communicator) {
            if communicator.rank == 0 { try run.createSteps() }
        }
        try write(
            try part(batch, rankSamples, over: communicator),
            facts: TraceFileKind.segment.facts(lastSegment: 0)
                + (try Self.shared(attributes, over: communicator)),
            describes: true,
            as: run.stepPath(number),
            in: run.stepsPath,
            over: communicator
        )
        try jointly("remove \(run.unfinishedPath)", over: communicator) {
            if communicator.rank == 0 { try run.removeUnfinished() }
        }
    }

    /// Makes one file of all segments, and of the packed file that is there, then removes the segments.
    ///
    /// Rows do not depend on the number of ranks. Nothing is lost when the job dies underway: the segments
    /// stay until the packed file is whole, synced and renamed.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    /// - Throws: ``TraceError/duplicate(task:path:)`` when an attempt is stored twice; any failure of one
    ///   rank on all of them.
    public func pack(over communicator: borrowing Communicator) throws {
        let waiting = try communicator.agree([Int64(waitingSamples.count)], by: .max)[0] > 0
        if waiting {
            try writeSegment(
                try part(EpisodeBatch(), waitingSamples, over: communicator),
                over: communicator
            )
            waitingSamples = []
        }
        let packing = TracePacking(
            run: RunDirectory(path: directory),
            attributes: attributes
        )
        independentTransferCount += try packing.pack(over: communicator)
        try jointly("remove \(directory)/unfinished", over: communicator) {
            guard communicator.rank == 0 else { return }
            try RunDirectory(path: directory).removeUnfinished()
        }
    }

    private func part(
        _ batch: EpisodeBatch,
        _ rankSamples: [RankSample] = [],
        problems: [Problem] = [],
        hosts: [StoredHost] = [],
        over communicator: borrowing Communicator
    ) throws -> SegmentPart {
        let rank = Rank(communicator.rank)
        return try SegmentPart(
            TraceBatch(
                problems: problems,
                episodes: batch.episodes.map { StoredEpisode(episode: $0, rank: rank) },
                ranks: rankSamples,
                hosts: hosts
            ),
            long: batch.long,
            over: communicator
        )
    }

    private func writeSegment(
        _ part: SegmentPart,
        over communicator: borrowing Communicator
    ) throws {
        let number = segmentNumber + 1
        let run = RunDirectory(path: directory)
        try write(
            part,
            facts: TraceFileKind.segment.facts(lastSegment: number)
                + (part.totals[.problems] > 0 ? attributes : []),
            as: run.segmentPath(number),
            in: run.segmentsPath,
            over: communicator
        )
        segmentNumber = number
    }

    /// Writes one whole file under a temporary name and gives it its own when it is synced.
    private func write(
        _ part: SegmentPart,
        facts: [(name: String, value: AttributeValue)],
        describes: Bool = false,
        as path: String,
        in folder: String,
        over communicator: borrowing Communicator
    ) throws {
        try jointly("find \(folder)", over: communicator) {
            guard communicator.rank == 0 else { return }
            try RunDirectory(path: directory).checkPresence(of: folder)
        }
        let temporary = path + ".tmp"
        try part.write(
            to: temporary,
            attributes: facts,
            describes: describes,
            over: communicator
        )
        try jointly("publish \(path)", over: communicator) {
            guard communicator.rank == 0 else { return }
            try FilePublication.publish(temporary, as: path, in: folder)
        }
    }

    /// The attributes of rank 0, by name: every rank must write the same.
    ///
    /// HDF5's text ends at a NUL.
    private static func shared(
        _ attributes: [String: String],
        over communicator: borrowing Communicator
    ) throws -> [(name: String, value: AttributeValue)] {
        let texts = attributes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
            .map { $0.replacing("\0", with: "\u{FFFD}") + "\0" }
        let bytes = try communicator.broadcast(Array(texts.joined().utf8), from: 0)
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
        return stride(from: 0, to: parts.count, by: 2).map {
            (parts[$0], .string(parts[$0 + 1]))
        }
    }

    /// What earlier starts of the run left.
    private struct Before {
        var lastSegment = 0
        var startCount = 0
    }

    /// Makes the directory ready and says what was there.
    private static func prepare(_ run: RunDirectory, for problems: [Problem]) throws -> Before {
        try run.create()
        let reader: TraceReader
        do {
            reader = try TraceReader(run: run.path)
        } catch TraceError.emptyRun {
            try run.removeLeftovers(packedThrough: 0)
            return Before()
        }
        let found = try reader.problems()
        // A run may gain problems, after those that it has.
        guard problems.starts(with: found) else {
            throw TraceError.problemsDiffer(path: run.path)
        }
        try run.removeLeftovers(packedThrough: reader.packedThrough)
        return Before(
            lastSegment: reader.lastSegment,
            startCount: try reader.storedHosts().map { $0.startIndex + 1 }.max() ?? 0
        )
    }
}
