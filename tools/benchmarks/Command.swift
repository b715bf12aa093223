// Other programs, as baselines: started without a detour, so that only they are measured.

import Foundation

/// A program with its arguments.
struct Command {
    /// A path, then arguments.
    let words: [String]

    struct Failure: Error, CustomStringConvertible {
        let command: Command
        let status: Int32
        var description: String { "\(command.words.joined(separator: " ")): status \(status)" }
    }

    init(_ words: [String]) { self.words = words }

    /// Runs it with an almost empty environment and no output, and waits for its end.
    ///
    /// - Throws: ``Failure`` when it cannot be started or does not end with status 0.
    func run() throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var identifier: pid_t = 0
        let started = unsafe Self.withCStrings(words) { arguments in
            unsafe Self.withCStrings(["PATH=/usr/bin:/bin", "OPENBLAS_NUM_THREADS=1"]) {
                unsafe posix_spawn(&identifier, words[0], &actions, nil, arguments, $0)
            }
        }
        guard started == 0 else { throw Failure(command: self, status: started) }
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw Failure(command: self, status: status) }
    }

    /// Runs it and gives what it wrote to standard output.
    func output() throws -> Data {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(command: self, status: process.terminationStatus)
        }
        return data
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
        return unsafe pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                preconditionFailure("an array with a null pointer in it has an address")
            }
            return unsafe body(base)
        }
    }
}
