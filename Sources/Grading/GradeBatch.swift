import Foundation
public import RolloutModel

/// Answers to grade in bulk: a JSONL file, one object with `id`, `gold` and `prediction` a line.
public struct GradeBatch: Hashable, Sendable {
    /// What keeps a line from being graded: where, what, and how to mend it, in one line.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The file.
        public let path: String
        /// The line, counted from 1; nil when the file as a whole is at fault.
        public let line: Int?
        /// What is wrong, and what to do about it.
        public let problem: String

        /// `path:line: problem`.
        public var description: String {
            let place = line.map { "\(path):\($0)" } ?? path
            return "\(place): \(problem)"
        }
    }

    /// One answer.
    public struct Line: Hashable, Sendable {
        /// The line's own name, as JSON: it is given back as it came.
        public let id: String
        /// The expected answer.
        public let gold: String
        /// A model's text, or a bare answer; empty when it gave none.
        public let prediction: String

        /// The result as a line of JSON, without its end.
        ///
        /// - Throws: an error of the JSON encoder, which no text should cause.
        public func result(_ grade: Grade) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            let answer = String(decoding: try encoder.encode(grade.answer), as: UTF8.self)
            return #"{"id":\#(id),"outcome":"\#(grade.outcome.rawValue)","answer":\#(answer)}"#
        }
    }

    /// In file order.
    public let lines: [Line]

    /// Reads a file and checks every line; blank lines are skipped.
    ///
    /// `id` is a text or a whole number, `gold` a text or a number that is not empty, `prediction`
    /// a text, a number or null; other fields are ignored.
    ///
    /// - Parameter path: the file, UTF-8.
    /// - Throws: ``Fault`` for the first line that cannot be graded.
    public init(path: String) throws(Fault) {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Fault(
                path: path,
                line: nil,
                problem: "cannot be read; name a readable JSONL file"
            )
        }
        var lines: [Line] = []
        let pieces = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            if piece.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            do {
                lines.append(try Self.line(piece))
            } catch {
                throw Fault(path: path, line: index + 1, problem: error.text)
            }
        }
        self.lines = lines
    }

    /// Grades every line, several at a time, and hands the results out in file order.
    ///
    /// - Parameters:
    ///   - pool: the processes.
    ///   - inFlight: lines at a time, 1 or more.
    ///   - isProseSearched: whether a prediction without a box is searched for its final answer; an
    ///     evaluation never does that.
    ///   - receive: called with each line and its grade as soon as its turn has come.
    /// - Throws: ``GradingError`` when nothing can be graded; what `receive` throws.
    public func grade(
        with pool: GraderPool,
        inFlight: Int,
        isProseSearched: Bool = false,
        receive: (Line, Grade) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Grade).self) { group in
            var finished: [Int: Grade] = [:]
            var nextIndex = 0
            var startedCount = 0
            while nextIndex < lines.count {
                while startedCount < lines.count, startedCount < nextIndex + inFlight {
                    let index = startedCount
                    let line = lines[index]
                    group.addTask {
                        let text = Thought.removingUnfinished(from: line.prediction)
                        let grade =
                            isProseSearched
                            ? try await pool.grade(gold: line.gold, text: text)
                            : try await pool.grade(gold: line.gold, modelText: text)
                        return (index, grade)
                    }
                    startedCount += 1
                }
                if let (index, grade) = try await group.next() { finished[index] = grade }
                while let grade = finished.removeValue(forKey: nextIndex) {
                    try receive(lines[nextIndex], grade)
                    nextIndex += 1
                }
            }
        }
    }

    private struct LineFault: Error { let text: String }

    private static func line(_ bytes: ArraySlice<UInt8>) throws(LineFault) -> Line {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw LineFault(text: "is not UTF-8 text; save the file as UTF-8")
        }
        let object: [String: GradeField]
        do {
            object = try JSONDecoder().decode([String: GradeField].self, from: Data(bytes))
        } catch {
            throw LineFault(
                text:
                    "is not a JSON object; write {\"id\": ..., \"gold\": ..., \"prediction\": ...}"
            )
        }
        let prediction: String
        switch object["prediction"] {
        case .text(let text)?, .number(let text)?: prediction = text
        case .null?: prediction = ""
        case .other?, nil:
            throw LineFault(text: "field \"prediction\": write a text, or null for no answer")
        }
        let id: String
        switch object["id"] {
        case .text(let text)?: id = try quoted(text)
        case .number(let text)?: id = text
        case .null?, .other?, nil:
            throw LineFault(text: "field \"id\": write a text or a number")
        }
        switch object["gold"] {
        case .text(let text)? where text.contains(where: { !$0.isWhitespace }):
            return Line(id: id, gold: text, prediction: prediction)
        case .number(let text)?:
            return Line(id: id, gold: text, prediction: prediction)
        default:
            throw LineFault(text: "field \"gold\": write the expected answer, a text or a number")
        }
    }

    private static func quoted(_ text: String) throws(LineFault) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        do {
            return String(decoding: try encoder.encode(text), as: UTF8.self)
        } catch {
            throw LineFault(text: "field \"id\": cannot be written as JSON; choose another")
        }
    }
}

/// A value of a line, as far as grading can use it.
private enum GradeField: Decodable {
    case text(String)
    case number(String)
    case null
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
            return
        }
        do {
            self = .text(try container.decode(String.self))
            return
        } catch DecodingError.typeMismatch {
            // Then it is a number or a collection.
        }
        do {
            _ = try container.decode(Bool.self)
            self = .other
            return
        } catch DecodingError.typeMismatch {
            // Then it is no truth value, which would also pass for a number.
        }
        do {
            self = .number("\(try container.decode(Decimal.self))")
        } catch DecodingError.typeMismatch {
            self = .other
        }
    }
}
