private import Foundation

/// What people read: errors and progress on standard error, results on standard output.
enum Console {
    /// One line of an error, with the program's name before it.
    static func error(_ text: String) { write("deepmath: \(text)\n", to: .standardError) }

    /// One line of progress.
    static func progress(_ text: String) { write(text + "\n", to: .standardError) }

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
