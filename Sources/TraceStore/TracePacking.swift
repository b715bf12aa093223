internal import HDF5
internal import MPI
internal import RolloutModel

/// Makes one file of the segments of a run.
///
/// Every rank reads the narrow columns of all segments, so that all know the order of rows and where each
/// row's parts go, without a message. Each then moves its share of rows, in batches that fit its memory.
struct TracePacking {
    let run: RunDirectory
    let attributes: [(name: String, value: AttributeValue)]

    /// Bytes of tokens and text that a rank moves at once.
    private static let batchByteCount: Int64 = 32 << 20

    /// Packs, and returns how many transfers were not collective.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    func pack(over communicator: borrowing Communicator) throws -> Int {
        let plan = try jointly("read \(run.path)", over: communicator) {
            try Plan(TraceReader(run: run.path))
        }
        // One packed file, no segments: there is nothing to do.
        guard !plan.reader.isPacked else { return 0 }
        let temporary = run.packedPath + ".tmp"
        var writer = try PackedFileWriter(
            creating: temporary,
            totals: plan.totals,
            over: communicator
        )
        let batches = plan.batches(
            rank: communicator.rank,
            size: communicator.size,
            byteCount: Self.batchByteCount
        )
        let batchCount = Int(try communicator.agree([Int64(batches.count)], by: .max)[0])
        var buffer: [UInt8] = []
        do {
            for index in 0..<max(batchCount, 1) {
                let end = plan.order.count
                let rows = index < batches.count ? batches[index] : end..<end
                let isFirst = communicator.rank == 0 && index == 0
                let batch = try jointly("read \(run.path)", over: communicator) {
                    TraceBatch(
                        problems: isFirst ? plan.problems : [],
                        episodes: try rows.map { try plan.reader.episode(plan.order[$0]) },
                        groups: isFirst ? plan.groups : [],
                        ranks: isFirst ? plan.rankSamples : [],
                        hosts: isFirst ? plan.hosts : []
                    )
                }
                writer.write(
                    batch,
                    at: plan.bases(rows.lowerBound, isFirst: isFirst),
                    using: &buffer
                )
            }
        } catch {
            writer.abandon(over: communicator)
            throw error
        }
        let transferCount = writer.independentTransferCount
        try writer.finish(
            attributes: TraceFileKind.packed.facts(lastSegment: plan.reader.lastSegment)
                + attributes,
            over: communicator
        )
        try jointly("publish \(run.packedPath)", over: communicator) {
            guard communicator.rank == 0 else { return }
            try FilePublication.publish(temporary, as: run.packedPath, in: run.path)
            try run.removeLeftovers(packedThrough: plan.reader.lastSegment)
            try run.removeEmptySegments()
        }
        return transferCount
    }
}

/// The order of rows in the packed file, and where each row's parts go: the same on every rank.
private struct Plan {
    let reader: TraceReader
    let problems: [Problem]
    let groups: [EpisodeGroup]
    let rankSamples: [RankSample]
    let hosts: [StoredHost]
    /// The rows to read, in (problem, sample) order.
    let order: [EpisodeRow]
    /// Where the parts of row i of `order` start, for each table; one more for the end.
    private let starts: [Extents]
    /// Length of each table.
    let totals: Extents

    init(_ reader: TraceReader) throws {
        self.reader = reader
        let tasks = try reader.tasks()
        let sorted = tasks.indices.sorted { tasks[$0] < tasks[$1] }
        for (left, right) in zip(sorted, sorted.dropFirst()) where tasks[left] == tasks[right] {
            throw TraceError.duplicate(task: tasks[left], path: reader.path)
        }
        order = sorted.map { EpisodeRow($0) }
        problems = try reader.problems()
        groups = try EpisodeGroup.groups(reader.members())
        rankSamples = try reader.rankSamples().sorted {
            ($0.endedAt, $0.round, $0.rank) < ($1.endedAt, $1.round, $1.rank)
        }
        hosts = try reader.storedHosts()
        var end = Extents()
        var starts = [end]
        for row in order {
            end = end + (try reader.extents(row))
            starts.append(end)
        }
        self.starts = starts
        totals =
            end
            + TraceBatch(problems: problems, groups: groups, ranks: rankSamples, hosts: hosts)
            .extents
    }

    /// Consecutive rows of `order` for one rank: an equal share of bytes, in batches of bounded size.
    func batches(rank: Int, size: Int, byteCount: Int64) -> [Range<Int>] {
        let total = Self.bytes(starts[order.count])
        let lower = firstRow(total * Int64(rank) / Int64(size))
        let upper = rank == size - 1 ? order.count : firstRow(total * Int64(rank + 1) / Int64(size))
        var batches: [Range<Int>] = []
        var first = lower
        while first < upper {
            var end = first + 1
            while end < upper,
                Self.bytes(starts[end + 1]) - Self.bytes(starts[first]) <= byteCount
            {
                end += 1
            }
            batches.append(first..<end)
            first = end
        }
        return batches
    }

    /// Where a batch that starts with row `row` goes; problems and samples go to the start of theirs.
    func bases(_ row: Int, isFirst: Bool) -> Extents {
        var bases = starts[row]
        for extent in Self.onlyFirst {
            bases[extent] = isFirst ? 0 : totals[extent]
        }
        return bases
    }

    /// What rank 0 alone writes, with its first batch.
    private static let onlyFirst: [Extent] = [
        .problems, .problemText, .groups, .ranks, .rankText, .latencyBins, .hosts, .hostText,
    ]

    /// The first row that starts at or after byte `byte` of all rows.
    private func firstRow(_ byte: Int64) -> Int {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if Self.bytes(starts[middle]) < byte { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Bytes of tokens, text and rows, roughly: what a row costs to move.
    private static func bytes(_ extents: Extents) -> Int64 {
        extents[.tokens] * 9 + extents[.turnText] + extents[.toolCallText] + extents[.episodeText]
            + extents[.episodes] * 300
    }
}
