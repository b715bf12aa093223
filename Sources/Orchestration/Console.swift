private import Foundation

/// What people read: errors and progress on standard error, results on standard output.
enum Console {
    /// Whether a person watches standard error.
    static let isTerminal =
        isatty(FileHandle.standardError.fileDescriptor) == 1 || launcherHasTerminal

    /// Whether this process was started by an `mpirun` of the same node that writes to a terminal.
    ///
    /// It hands on what its ranks write, byte by byte, but through pipes.
    private static let launcherHasTerminal: Bool = {
        let launcher = "/proc/\(getppid())"
        guard let name = try? String(contentsOfFile: launcher + "/comm", encoding: .utf8),
            ["mpirun\n", "mpiexec\n", "orterun\n", "prterun\n"].contains(name),
            let output = try? FileManager.default.destinationOfSymbolicLink(
                atPath: launcher + "/fd/\(FileHandle.standardError.fileDescriptor)"
            )
        else { return false }
        return output.hasPrefix("/dev/pts/") || output.hasPrefix("/dev/tty")
    }()

    /// One line of an error, with the program's name before it.
    static func error(_ text: String) { write(line: "deepmath: \(text)") }

    /// One line of progress.
    static func progress(_ text: String) { write(line: text) }

    /// A line of progress that the next one replaces.
    ///
    /// The terminal is told not to wrap it (DECAWM), for a second line could not be replaced.
    static func transient(_ text: String, isLast: Bool) {
        write(
            "\r\u{1B}[K" + (isLast ? text + "\n" : "\u{1B}[?7l\(text)\u{1B}[?7h"),
            to: .standardError
        )
    }

    /// A line of its own, also where a transient one stands, of this rank or of another.
    private static func write(line: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + line + "\n", to: .standardError)
    }

    /// Results, after the progress before them.
    static func result(_ text: String) {
        // The launcher has a pipe for each stream and looks at them in any order.
        if launcherHasTerminal { usleep(200_000) }
        write(text, to: .standardOutput)
    }

    private static func write(_ text: String, to handle: FileHandle) {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            // Nobody reads any more (a closed pipe): the run itself goes on, its file is the result.
            return
        }
    }
}
