import Foundation
import Glibc
import Synchronization
import Testing

@testable import Sandbox

/// Whatever bytes come from a session's process, the parent neither crashes nor mistakes them.
@Suite struct WireFuzzTests {
    /// Fixed, so that a failure can be repeated.
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = Seed.mix(state, 0x9e37, 1)
            return state
        }
    }

    /// What must become of the snippet.
    enum Expected: CaseIterable { case answered, violation, pending }

    /// An answer, right or wrong in one known way.
    struct Frame {
        let bytes: [UInt8]
        let expected: Expected

        static func random(nonce: UInt64, using generator: inout Generator) -> Frame {
            let length = [0, 1, 7, 500, 5000].randomElement(using: &generator) ?? 0
            let text = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let status: UInt32 = [0, 1, 3, 4, 5].randomElement(using: &generator) ?? 0
            func frame(
                magic: UInt32 = WireFormat.magic,
                kind: UInt32 = WireFormat.Kind.result.rawValue,
                nonce answered: UInt64? = nil,
                status given: UInt32? = nil,
                length said: UInt32? = nil
            ) -> [UInt8] {
                var bytes: [UInt8] = []
                bytes.append(littleEndian: magic)
                bytes.append(littleEndian: kind)
                bytes.append(littleEndian: answered ?? nonce)
                bytes.append(littleEndian: given ?? status)
                bytes.append(littleEndian: said ?? UInt32(length))
                return bytes + text
            }
            switch Int.random(in: 0..<11, using: &generator) {
            case 0, 1: return Frame(bytes: frame(), expected: .answered)
            case 2:
                let magic = UInt32.random(in: 0..<WireFormat.magic, using: &generator)
                return Frame(bytes: frame(magic: magic), expected: .violation)
            case 3:
                let kind: UInt32 =
                    [0, 1, 2, 3, 4, 5, 7, .max].randomElement(using: &generator) ?? 0
                return Frame(bytes: frame(kind: kind), expected: .violation)
            case 4:
                let flipped = nonce ^ (1 << UInt64.random(in: 0..<64, using: &generator))
                return Frame(bytes: frame(nonce: flipped), expected: .violation)
            case 5:
                let unknown: UInt32 = [2, 6, 7, 255, .max].randomElement(using: &generator) ?? 2
                return Frame(bytes: frame(status: unknown), expected: .violation)
            case 6:
                let long = UInt32.random(in: (1 << 16) + 1 ... .max, using: &generator)
                return Frame(bytes: frame(length: long), expected: .violation)
            case 7:
                let more = UInt32(length) + UInt32.random(in: 1...9, using: &generator)
                return Frame(bytes: frame(length: more), expected: .pending)
            case 8: return Frame(bytes: frame() + [0], expected: .violation)
            case 9:
                let cut = Int.random(in: 0..<24, using: &generator)
                return Frame(bytes: Array(frame().prefix(cut)), expected: .pending)
            default:
                let count = Int.random(in: 4...300, using: &generator)
                let noise = (0..<count).map { _ in
                    UInt8.random(in: .min ... .max, using: &generator)
                }
                return Frame(bytes: [0] + noise, expected: .violation)
            }
        }
    }

    @Test func onlyTheRightFrameIsAnAnswerHoweverItIsCut() {
        var generator = Generator(state: 1)
        var counts: [Expected: Int] = [:]
        for _ in 0..<4_000 {
            let nonce = generator.next()
            let frame = Frame.random(nonce: nonce, using: &generator)
            let parsed = WireFormat.SessionAnswer.parse(frame.bytes, nonce: nonce)
            switch frame.expected {
            case .pending: #expect(parsed == .incomplete, "\(frame)")
            case .violation: #expect(parsed == .violation, "\(frame)")
            case .answered:
                guard case .answer(let answer) = parsed else {
                    Issue.record("not an answer: \(frame)")
                    return
                }
                #expect(answer.errorText == Array(frame.bytes.dropFirst(24)))
                let cut = Int.random(in: 0..<frame.bytes.count, using: &generator)
                let part = Array(frame.bytes.prefix(cut))
                #expect(WireFormat.SessionAnswer.parse(part, nonce: nonce) == .incomplete)
            }
            counts[frame.expected, default: 0] += 1
        }
        for expected in Expected.allCases { #expect(counts[expected, default: 0] > 200) }
    }

    @Test func noticeIsReadFromExactlyItsBytes() {
        var generator = Generator(state: 2)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...40, using: &generator)
            var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let isFramed = Bool.random(using: &generator) && count >= 8
            if isFramed {
                bytes.replaceSubrange(0..<8, with: [0x31, 0x53, 0x4d, 0x44, bytes[4] % 9, 0, 0, 0])
            }
            let isNotice = isFramed && count == 32 && (1...6).contains(bytes[4])
            #expect((WireFormat.Notice(bytes[...]) != nil) == isNotice, "\(bytes)")
        }
    }

    private final class Ending: Sendable {
        let hasCome = Atomic(false)
    }

    /// The child's ends of a channel in the hands of this test, which answers with whole frames,
    /// pieces and noise, and now and then prints something.
    @Test func channelWithAHostileChildAnswersRightOrEnds() async throws {
        let loop = try EventLoop.shared()
        let configuration = SandboxConfiguration(python: "", allowedModules: [])
        var generator = Generator(state: 3)
        for round in 0..<400 {
            let channel = try SessionChannel(loop: loop, configuration: configuration)
            let child = try #require(channel.takeChildEnds())
            let ending = Ending()
            let outcome = Task {
                await withCheckedContinuation { done in
                    channel.run(Array("1+1".utf8)) {
                        ending.hasCome.store(true, ordering: .relaxed)
                        done.resume(returning: $0)
                    }
                }
            }
            // Not a real process, which this test needs to be told nothing about.
            channel.processStarted(
                try Descriptor.open("/dev/null", flags: O_RDONLY),
                errorNumber: 0,
                sharedBytes: 0
            )
            let nonce = try await Self.nonce(of: child.socket)
            let frame = Frame.random(nonce: nonce, using: &generator)
            let says = round % 3 == 0 ? Array("said \(round)".utf8) : []
            _ = child.output.write(says[...])
            var rest = frame.bytes[...]
            while !rest.isEmpty, channel.isUsable {
                let piece = rest.prefix(Int.random(in: 1...rest.count, using: &generator))
                guard case .bytes(let count) = child.socket.send(piece) else { break }
                rest = rest.dropFirst(count)
            }
            switch frame.expected {
            case .answered:
                let given = await outcome.value
                guard case .answered(let answer) = given.ending else {
                    Issue.record("round \(round): \(given.ending)")
                    continue
                }
                #expect(answer.errorText == Array(frame.bytes.dropFirst(24)))
                #expect(given.output.text(followedBy: []) == String(decoding: says, as: UTF8.self))
            case .violation:
                for _ in 0..<500 where channel.isUsable && !ending.hasCome.load(ordering: .relaxed)
                {
                    try await Task.sleep(for: .milliseconds(2))
                }
                // A byte too many may come after the answer: the next snippet finds it.
                if channel.isUsable, ending.hasCome.load(ordering: .relaxed) {
                    channel.run(Array("2+2".utf8)) { _ in }
                }
                #expect(!channel.isUsable, "round \(round): \(frame)")
            case .pending:
                #expect(channel.isUsable)
            }
            // What the zygote says once the process is gone.
            channel.processEnded(.signaled(SIGKILL), peakBytes: 0)
            if frame.expected != .answered {
                guard case .processEnded(let cause, _) = await outcome.value.ending else {
                    // A frame with a byte too many counts when the byte comes late; and then ends it.
                    #expect(frame.expected == .violation && !channel.isUsable, "\(frame)")
                    continue
                }
                #expect(cause == (frame.expected == .violation ? .violation : nil), "\(frame)")
            }
        }
    }

    /// Reads a request as a session does, and takes its nonce.
    private static func nonce(of socket: Descriptor) async throws -> UInt64 {
        var bytes = [UInt8](repeating: 0, count: 64)
        guard case .bytes(let count) = socket.read(into: &bytes), count >= 24 else {
            throw SandboxError.lineTimedOut
        }
        return bytes[...].littleEndian64(at: 8)
    }
}
