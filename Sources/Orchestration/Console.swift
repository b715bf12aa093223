private import Foundation
private import Synchronization

/// What people read: errors and progress on standard error, results on standard output.
enum Console {
    /// Whether a person watches standard error.
    static let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1

    private static let hasTransient = Mutex(false)

    /// One line of an error, with the program's name before it.
    static func error(_ text: String) { write(line: "deepmath: \(text)") }

    /// One line of progress.
    static func progress(_ text: String) { write(line: text) }

    /// A line of progress that the next one replaces.
    ///
    /// The terminal is told not to wrap it (DECAWM), for a second line could not be replaced.
    static func transient(_ text: String, isLast: Bool) {
        hasTransient.withLock { $0 = !isLast }
        write(
            "\r\u{1B}[K" + (isLast ? text + "\n" : "\u{1B}[?7l\(text)\u{1B}[?7h"),
            to: .standardError
        )
    }

    /// A line of its own, also where a transient one stands.
    private static func write(line: String) {
        let overwrites = hasTransient.withLock { has in
            defer { has = false }
            return has
        }
        write((overwrites ? "\r\u{1B}[K" : "") + line + "\n", to: .standardError)
    }

    /// Results.
    static func result(_ text: String) { write(text, to: .standardOutput) }

    private static func write(_ text: String, to handle: FileHandle) {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            // Nobody reads any more (a closed pipe): the run itself goes on, its file is the result.
            return
        }
    }
}
