import Configuration
import Foundation
import Sandbox

/// One Python process that compares answers, one at a time.
final class GraderProcess: Sendable {
    /// What became of one request.
    enum Exchange {
        case reply(GraderReply)
        /// No answer in time; the process is of no further use.
        case timedOut
        /// The process ended or answered nonsense.
        case broken
    }

    /// Time to load the libraries, seconds: long, because shared file systems are slow when many
    /// ranks import at once.
    private static let startSeconds = 180.0
    /// Wall time after which the process itself hangs, seconds.
    ///
    /// Far more than it may take: it tries an answer twice and the expected one once, and ends a fork of its own that
    /// hangs after 30 times its CPU time, at least 30 s.
    private static func hangSeconds(_ request: GraderRequest) -> Double {
        4 * max(30, 30 * request.seconds)
    }
    /// Bytes of a reply: canonical forms are cut far below.
    private static let replyBytes = 65_536

    /// Names and versions of the libraries that grade.
    let versions: [String: String]
    private let process: GuardedProcess
    private let input: ProcessInput
    private let output: ProcessOutput

    private init(
        process: GuardedProcess,
        input: ProcessInput,
        output: ProcessOutput,
        versions: [String: String]
    ) {
        self.process = process
        self.input = input
        self.output = output
        self.versions = versions
    }

    /// Starts a process and waits until it has loaded its libraries.
    static func start(
        python: String,
        memoryMegabytes: Int,
        logPath: String?
    ) async throws -> GraderProcess {
        let sources = GraderSource.files
        let options = GuardedProcess.Options(
            executable: python,
            arguments: [
                "-s", "-c", GraderSource.loader, "\(memoryMegabytes * 1_048_576)",
            ] + sources.map { "\($0.bytes.count)" },
            // Set iteration, and with it some of sympy's choices, follows the hash seed.
            environment: ChildEnvironment.inherited(adding: [
                "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
            ]),
            logPath: logPath,
            pipes: true,
            grace: .zero
        )
        let process: GuardedProcess
        do {
            process = try GuardedProcess(options)
        } catch {
            throw GradingError.pythonMissing(python: python, reason: "\(error)")
        }
        guard let input = process.standardInput, let output = process.standardOutput else {
            preconditionFailure("a process with pipes has both streams")
        }
        do {
            let versions = try await greeting(
                from: process,
                input: input,
                output: output,
                source: sources.flatMap(\.bytes),
                python: python
            )
            return GraderProcess(
                process: process,
                input: input,
                output: output,
                versions: versions
            )
        } catch {
            await process.stopAsync(grace: .zero)
            throw error
        }
    }

    private static func greeting(
        from process: GuardedProcess,
        input: ProcessInput,
        output: ProcessOutput,
        source: [UInt8],
        python: String
    ) async throws -> [String: String] {
        let deadline = ContinuousClock.now + .seconds(startSeconds)
        let line: String?
        do {
            try await input.write(source)
            line = try await output.readLine(limit: replyBytes, deadline: deadline)
        } catch SandboxError.lineTimedOut {
            throw GradingError.notReady(python: python, seconds: startSeconds)
        } catch is SystemCallError {
            // It closed its input: it ended, and how is told below.
            line = nil
        }
        guard let line else {
            await process.stopAsync(grace: .zero)
            let exit = process.exitStatus()
            if exit == .exited(127) {
                throw GradingError.pythonMissing(python: python, reason: "no such program")
            }
            throw GradingError.endedAtStart(
                python: python,
                exit: exit.map(\.description) ?? "no status"
            )
        }
        let greeting = try JSONDecoder().decode(GraderGreeting.self, from: Data(line.utf8))
        guard greeting.ready, let versions = greeting.versions else {
            throw GradingError.moduleMissing(
                python: python,
                module: greeting.missing ?? "math_verify",
                reason: greeting.detail ?? "no reason given"
            )
        }
        return versions
    }

    /// Whether the process is still there.
    var isRunning: Bool { process.exitStatus() == nil }

    /// Sends one request and waits for its reply.
    ///
    /// The process ends a comparison that exceeds its CPU time by itself. After anything but a reply it must
    /// be stopped: it may still be at work.
    ///
    /// - Throws: `CancellationError` alone.
    func exchange(_ request: GraderRequest) async throws -> Exchange {
        let deadline = ContinuousClock.now + .seconds(Self.hangSeconds(request))
        do {
            try await input.write(Array(try JSONEncoder().encode(request)) + [0x0a])
            guard
                let line = try await output.readLine(limit: Self.replyBytes, deadline: deadline)
            else { return .broken }
            let reply = try JSONDecoder().decode(GraderReply.self, from: Data(line.utf8))
            return reply.id == request.id ? .reply(reply) : .broken
        } catch let error as CancellationError {
            throw error
        } catch SandboxError.lineTimedOut {
            return .timedOut
        } catch {
            return .broken
        }
    }

    /// Kills the process and waits until it is gone.
    func stop() async { await process.stopAsync(grace: .zero) }
}
