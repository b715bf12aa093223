import Sandbox

/// The output of a short program, for finding out what a machine has.
enum ProgramOutput {
    /// What became of the program.
    enum Result: Sendable {
        /// It ended with status 0; its lines of standard output.
        case lines([String])
        /// There is no such program.
        case missing
        /// It failed, and how.
        case failed(String)
    }

    private static let lineBytes = 1 << 20
    private static let lineCount = 1_000

    /// Runs a program to its end, at most `seconds`; its standard error is dropped.
    static func of(
        _ executable: String,
        _ arguments: [String],
        seconds: Double
    ) async throws -> Result {
        let options = GuardedProcess.Options(
            executable: executable,
            arguments: arguments,
            environment: ChildEnvironment.inherited(),
            logPath: "/dev/null",
            pipes: true,
            grace: .zero
        )
        let process = try GuardedProcess(options)
        process.standardInput?.close()
        let deadline = ContinuousClock.now + .seconds(seconds)
        var lines: [String] = []
        var failure: String?
        do {
            while lines.count < lineCount,
                let line = try await process.standardOutput?.readLine(
                    limit: lineBytes,
                    deadline: deadline
                )
            {
                lines.append(line)
            }
        } catch let error as SandboxError {
            failure = error == .lineTimedOut ? "no answer within \(Int(seconds)) s" : "\(error)"
        }
        if failure == nil {
            // The end of its output comes a moment before the end of the program.
            while process.exitStatus() == nil, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        await process.stopAsync(grace: .zero)
        if let failure { return .failed(failure) }
        switch process.exitStatus() {
        case .exited(0)?: return .lines(lines)
        case .exited(127)?: return .missing
        case let exit: return .failed(exit.map(\.description) ?? "no status")
        }
    }
}
