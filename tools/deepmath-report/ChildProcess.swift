import Foundation

/// Another process of this program.
enum ChildProcess {
    /// How it ended.
    enum End: Equatable, CustomStringConvertible {
        case status(Int32)
        case signal(Int32)

        var description: String {
            switch self {
            case .status(let status): "status \(status)"
            case .signal(let signal): "signal \(signal)"
            }
        }
    }

    /// Virtual memory that it may have, KiB.
    private static let memory = 64 << 20

    /// Runs this program to its end.
    ///
    /// - Parameters:
    ///   - arguments: of the program.
    ///   - isQuiet: whether its standard error is of no interest.
    /// - Returns: how it ended, and what it wrote to standard output.
    /// - Throws: what starting it throws.
    static func run(_ arguments: [String], isQuiet: Bool) throws -> (end: End, output: Data) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
        // No core files: a crash is an answer here.
        process.arguments =
            ["-c", "ulimit -c 0; ulimit -v \(memory); exec \"$0\" \"$@\"", program] + arguments
        process.standardInput = FileHandle.nullDevice
        if isQuiet { process.standardError = FileHandle.nullDevice }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let status = process.terminationStatus
        return (process.terminationReason == .exit ? .status(status) : .signal(status), output)
    }
}
