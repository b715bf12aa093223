import Foundation
import MPI

/// The checks by name, and how they state what must hold.
enum Check {
    typealias Body = @Sendable (borrowing Communicator, [String]) throws -> Void

    static let all: [String: Body] = [
        "messages": messages, "largeMessage": largeMessage, "collectives": collectives,
        "agreement": agreement, "sharedSplit": sharedSplit, "waitIsIdle": waitIsIdle,
        "abort": abort, "throwOnOneRank": throwOnOneRank, "undelivered": undelivered,
        "collectiveWrite": collectiveWrite, "collectiveAppend": collectiveAppend, "traces": traces,
        "steps": steps,
        "fuzzBase": fuzzBase, "fuzz": fuzz, "resume": resume, "diskFull": diskFull, "speed": speed,
        "longRun": longRun,
    ]

    /// What did not hold.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// States that `condition` holds.
    static func expect(
        _ condition: Bool,
        _ fact: @autoclosure () -> String,
        line: Int = #line
    ) throws {
        guard condition else { throw Failure(description: "line \(line): \(fact())") }
    }

    /// States that two values are equal.
    static func expectEqual<Value: Equatable>(
        _ left: Value,
        _ right: Value,
        line: Int = #line
    ) throws {
        try expect(left == right, "\(left) is not \(right)", line: line)
    }
}

/// Says a line on standard error.
func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
