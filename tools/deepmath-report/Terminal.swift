// What is shown to a person depends on where it goes: a terminal, a file or another program.

import Foundation

/// The terminal that this process may be attached to.
enum Terminal {
    /// Whether standard output is a terminal.
    static var hasOutput: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard error is a terminal that can go back on a line.
    static var hasProgress: Bool { isatty(STDERR_FILENO) == 1 && !isDumb }

    /// Whether standard output shows colours: a terminal, unless `NO_COLOR` is set to anything
    /// (no-color.org) or it is a dumb one.
    static var hasColor: Bool {
        hasOutput && !isDumb && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    private static var isDumb: Bool {
        ProcessInfo.processInfo.environment["TERM"].map { $0 == "dumb" } ?? true
    }

    /// Prints a text of which the whole is known, through a pager when a person reads it.
    static func show(_ text: String) throws {
        guard hasOutput, let command = Pager.command, try Pager(command).show(text) else {
            FileHandle.standardOutput.write(Data(text.utf8))
            return
        }
    }
}
