import RolloutModel

extension WorkerMessage {
    package var bytes: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .request(let freeSlots):
            writer.write(0 as UInt8)
            writer.write(freeSlots)
        case .outcomes(let outcomes):
            writer.write(1 as UInt8)
            writer.write(list: outcomes) { $0.write($1) }
        case .retired(let unfinished):
            writer.write(2 as UInt8)
            writer.write(list: unfinished) { $0.write($1) }
        case .returned(let tasks):
            writer.write(3 as UInt8)
            writer.write(list: tasks) { $0.write($1) }
        case .restarted(let count):
            writer.write(4 as UInt8)
            writer.write(count)
        }
        return writer.bytes
    }

    package init(bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        switch try reader.byte() {
        case 0: self = .request(freeSlots: try reader.integer())
        case 1: self = .outcomes(try reader.list { try $0.outcome() })
        case 2: self = .retired(unfinished: try reader.list { try $0.task() })
        case 3: self = .returned(try reader.list { try $0.task() })
        case 4: self = .restarted(count: try reader.integer())
        default: throw reader.malformed("a worker message")
        }
        try reader.end()
    }
}

extension CoordinatorMessage {
    package var bytes: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .work(let shards):
            writer.write(0 as UInt8)
            writer.write(list: shards) { writer, shard in
                for bound in [shard.problems.lowerBound, shard.problems.upperBound] {
                    writer.write(bound)
                }
                for bound in [shard.samples.lowerBound, shard.samples.upperBound] {
                    writer.write(bound)
                }
            }
        }
        return writer.bytes
    }

    package init(bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        switch try reader.byte() {
        case 0:
            self = .work(
                try reader.list { reader in
                    let problems = try reader.range()
                    return Shard(problems: problems, samples: try reader.range())
                }
            )
        default: throw reader.malformed("a coordinator message")
        }
        try reader.end()
    }
}

extension ByteWriter {
    mutating func write(_ task: EpisodeTask) {
        write(task.problem.value)
        write(task.sample.value)
    }

    mutating func write(_ outcome: EpisodeOutcome) {
        write(outcome.task)
        write(outcome.status.rawValue)
        write(outcome.finish.rawValue)
        write(outcome.outcome.rawValue)
        write(outcome.voteKey)
        write(outcome.outputTokenCount)
        write(outcome.toolCallCount)
        // Milliseconds are enough for an estimate.
        write(Int((outcome.wallSeconds * 1000).rounded()))
        write(outcome.reward)
        write(outcome.isCopiedFromStatement ? 1 : 0 as UInt8)
    }

    mutating func write(_ problem: Problem) {
        for text in [
            problem.id, problem.statement, problem.answer, problem.subject, problem.level,
            problem.dataset,
        ] {
            write(text)
        }
    }
}

extension ByteReader {
    mutating func task() throws -> EpisodeTask {
        let problem = try integer()
        let sample = try integer()
        guard problem >= 0, sample >= 0 else { throw malformed("an attempt") }
        return EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample))
    }

    mutating func outcome() throws -> EpisodeOutcome {
        EpisodeOutcome(
            task: try task(),
            status: try name(),
            finish: try name(),
            outcome: try name(),
            voteKey: try text(),
            outputTokenCount: try integer(),
            toolCallCount: try integer(),
            wallSeconds: Double(try integer()) / 1000,
            reward: try number(),
            isCopiedFromStatement: try byte() != 0
        )
    }

    mutating func problem() throws -> Problem {
        Problem(
            id: try text(),
            statement: try text(),
            answer: try text(),
            subject: try text(),
            level: try text(),
            dataset: try text()
        )
    }

    mutating func range() throws -> Range<Int> {
        let lower = try integer()
        let upper = try integer()
        guard lower >= 0, lower < upper else { throw malformed("a range") }
        return lower..<upper
    }

    private mutating func name<Name: RawRepresentable<String>>() throws -> Name {
        guard let name = Name(rawValue: try text()) else { throw malformed("a known name") }
        return name
    }
}
