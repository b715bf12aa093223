import FoundationEssentials
import Synchronization

/// Sessions from a JSONL file, run in the same pool as a job's episodes.
///
/// A line is `{"id": ..., "snippets": ["...", ...]}` or `{"id": ..., "code": "..."}`; its answer is
/// `{"id": ..., "results": [{"status", "output", "seconds", "processor_seconds", "peak_bytes",
/// "state_lost"}, ...]}`.
/// Answers come in the order of the lines.
public struct SandboxBatch: Sendable {
    /// What a whole file gave.
    public struct Summary: Sendable {
        /// Sessions that were run.
        public var sessionCount = 0
        /// Lines that are no session, each with file, line number and reason.
        public var badLines: [SandboxError] = []
    }

    private let pool: SandboxPool
    private let jobCount: Int

    /// - Parameters:
    ///   - pool: where sessions are opened; its limit bounds the parallelism, too.
    ///   - jobCount: sessions run at the same time.
    public init(pool: SandboxPool, jobCount: Int) {
        self.pool = pool
        self.jobCount = max(1, jobCount)
    }

    /// Runs every line and hands out answers in the order of the lines.
    ///
    /// - Parameters:
    ///   - lines: what was read, without line ends; empty lines are skipped.
    ///   - name: the file's name, for messages.
    ///   - write: takes one line of JSON, without its end; called from one task at a time.
    /// - Returns: how many sessions ran, and which lines are none.
    /// - Throws: what `write` throws, or ``SandboxError`` when the pool is broken.
    public func run(
        lines: some Sequence<String> & Sendable,
        name: String,
        write: @Sendable (String) throws -> Void
    ) async throws -> Summary {
        var summary = Summary()
        var iterator = lines.enumerated().makeIterator()
        var finished: [Int: String] = [:]
        var writtenCount = 0
        var startedCount = 0

        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            func startNext() {
                while let (index, line) = iterator.next() {
                    if line.allSatisfy(\.isWhitespace) { continue }
                    do {
                        let request = try Request(line: line)
                        let position = startedCount
                        startedCount += 1
                        group.addTask { (position, try await answer(to: request)) }
                        return
                    } catch {
                        summary.badLines.append(
                            .badLine(file: name, number: index + 1, reason: Self.reason(error))
                        )
                    }
                }
            }
            for _ in 0..<jobCount { startNext() }
            while let (position, line) = try await group.next() {
                finished[position] = line
                startNext()
                while let next = finished.removeValue(forKey: writtenCount) {
                    try write(next)
                    writtenCount += 1
                }
            }
        }
        summary.sessionCount = startedCount
        return summary
    }

    /// Like `run(lines:name:write:)`, for a program without tasks: blocks the calling thread.
    public func runAndWait(
        lines: some Sequence<String> & Sendable,
        name: String,
        write: @escaping @Sendable (String) throws -> Void
    ) throws -> Summary {
        let outcome = Mutex<Result<Summary, any Error>?>(nil)
        let box = OutcomeBox(outcome)
        let isDone = OneShotEvent()
        Task {
            do {
                box.set(.success(try await run(lines: lines, name: name, write: write)))
            } catch {
                box.set(.failure(error))
            }
            isDone.signal()
        }
        while true {
            _ = isDone.wait(for: .seconds(3600))
            if let outcome = box.get() { return try outcome.get() }
        }
    }

    private func answer(to request: Request) async throws -> String {
        let session = try await pool.openSession(seed: request.seed)
        var results: [Answer.Result] = []
        for snippet in request.snippets {
            results.append(Answer.Result(try await session.run(snippet)))
        }
        await session.close()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(Answer(id: request.id, results: results))
        return String(decoding: data, as: UTF8.self)
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as RequestError: error.description
        case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            context.codingPath.map(\.stringValue).joined(separator: ".") + ": "
                + context.debugDescription
        case DecodingError.dataCorrupted: "not a JSON object"
        default: "\(error)"
        }
    }
}

private final class OutcomeBox<Value: Sendable>: Sendable {
    private let value: Mutex<Result<Value, any Error>?>

    init(_ value: consuming Mutex<Result<Value, any Error>?>) { self.value = value }

    func set(_ new: Result<Value, any Error>) { value.withLock { $0 = new } }
    func get() -> Result<Value, any Error>? { value.withLock { $0 } }
}

private enum RequestError: Error, CustomStringConvertible {
    case noSnippets
    var description: String { "neither \"snippets\" nor \"code\"" }
}

/// A line's name: what it was, text or number, it stays.
private enum RequestIdentifier: Codable {
    case text(String)
    case number(Int)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
    }
}

private struct Request: Decodable {
    let id: RequestIdentifier
    let snippets: [String]
    let seed: UInt64

    private enum CodingKeys: String, CodingKey { case id, snippets, code, seed }

    init(line: String) throws {
        self = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(RequestIdentifier.self, forKey: .id)
        seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0
        if let snippets = try container.decodeIfPresent([String].self, forKey: .snippets) {
            self.snippets = snippets
        } else if let code = try container.decodeIfPresent(String.self, forKey: .code) {
            snippets = [code]
        } else {
            throw RequestError.noSnippets
        }
    }
}

private struct Answer: Encodable {
    struct Result: Encodable {
        let status: String
        let output: String
        let seconds: Double
        let processorSeconds: Double
        let peakBytes: Int
        let stateLost: Bool

        private enum CodingKeys: String, CodingKey {
            case status, output, seconds
            case processorSeconds = "processor_seconds"
            case peakBytes = "peak_bytes"
            case stateLost = "state_lost"
        }

        init(_ result: SnippetResult) {
            status = result.status.rawValue
            output = result.output
            seconds = result.seconds
            processorSeconds = result.processorSeconds
            peakBytes = result.peakBytes
            stateLost = result.stateLost
        }
    }

    let id: RequestIdentifier
    let results: [Result]
}
