import RolloutModel
import Testing

@testable import Orchestration

@Suite struct MessagesTests {
    private let task = EpisodeTask(problem: ProblemIndex(3), sample: SampleIndex(1))

    @Test func workerMessagesSurviveTheWire() throws {
        for message in messages {
            #expect(try WorkerMessage(bytes: message.bytes) == message)
        }
    }

    @Test func coordinatorMessagesSurviveTheWire() throws {
        let message = CoordinatorMessage.work([Shard(problems: 2..<5, samples: 0..<4)])
        #expect(try CoordinatorMessage(bytes: message.bytes) == message)
    }

    @Test func everyTruncationIsRefused() {
        for message in messages {
            for length in 0..<message.bytes.count {
                #expect(throws: MalformedMessage.self) {
                    try WorkerMessage(bytes: Array(message.bytes.prefix(length)))
                }
            }
        }
    }

    @Test func surplusBytesAreRefused() {
        #expect(throws: MalformedMessage.self) {
            try WorkerMessage(bytes: WorkerMessage.request(freeSlots: 1).bytes + [0])
        }
    }

    @Test func problemsSurviveTheWire() throws {
        let problem = Problem(
            id: "a",
            statement: "π²?",
            answer: "9",
            subject: "s",
            level: "1",
            dataset: "d"
        )
        var writer = ByteWriter()
        writer.write(problem)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.problem() == problem)
        try reader.end()
    }

    private var messages: [WorkerMessage] {
        let outcome = EpisodeOutcome(
            task: task,
            status: .inference,
            finish: .failure,
            outcome: .ungraded,
            voteKey: "wrong:½",
            outputTokenCount: 12,
            toolCallCount: 2,
            isCopiedFromStatement: true
        )
        return [
            .request(freeSlots: 64), .outcomes([outcome, outcome]), .retired(unfinished: [task]),
        ]
    }
}
