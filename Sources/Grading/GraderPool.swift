public import Configuration
import Foundation
public import Logging
public import RolloutModel
import Synchronization

/// Compares answers with math-verify, in a few killable processes.
///
/// A process is started when an answer needs one and none is idle, up to the configured number, and
/// costs nothing while it waits. It compares in a fork of itself, which the kernel ends when a comparison
/// exceeds its CPU time or memory. The answer is tried once more, alone, and is then `unparsed`; no other
/// answer is affected. `timeout` and `error` are failures of the grader, never of an answer. An answer that was compared with the same gold before gets the same verdict at
/// once. Safe to call from many tasks; waiting tasks are served in order.
public final class GraderPool: Sendable {
    private struct State {
        var idle: [GraderProcess] = []
        /// Every process that runs, idle or not, by identity: what a shutdown must end.
        var running: [ObjectIdentifier: GraderProcess] = [:]
        var versions: [String: String] = [:]
        var memory = VerdictMemory()
        var nextID = 0
        var isClosed = false
    }

    /// Characters of a text without a box that are searched for an answer, from its end.
    private static let searchedCharacters = 20_000

    private let section: GradingSection
    private let python: String
    private let logPath: String?
    private let logger: Logger
    private let slots: SlotQueue
    private let state = Mutex(State())

    /// A pool without any process yet.
    ///
    /// - Parameters:
    ///   - configuration: limits and the number of processes.
    ///   - python: the interpreter, when `configuration` names none.
    ///   - logPath: a file to which the processes' standard error is appended; nil: inherited.
    ///   - logger: told of processes that were killed or died.
    /// - Throws: ``GradingError/pythonMissing(python:reason:)`` when the interpreter is given by a
    ///   path that is not there. Whether it has the libraries shows when it first runs:
    ///   ``versions()``.
    public init(
        configuration: GradingSection,
        python: String,
        logPath: String? = nil,
        logger: Logger = Logger(label: "grading")
    ) throws(GradingError) {
        section = configuration
        self.python = configuration.python ?? python
        if self.python.contains("/"), !FileManager.default.isExecutableFile(atPath: self.python) {
            throw .pythonMissing(python: self.python, reason: "no such program")
        }
        self.logPath = logPath
        self.logger = logger
        slots = SlotQueue(count: configuration.workers)
    }

    /// Starts a process when none has run yet, and tells the libraries that grade.
    ///
    /// - Returns: names and versions, such as `math-verify` and `0.9.0`.
    /// - Throws: ``GradingError`` when no process can be started; `CancellationError`.
    public func versions() async throws -> [String: String] {
        let known = state.withLock { $0.versions }
        guard known.isEmpty else { return known }
        try await slots.acquire()
        defer { slots.release() }
        let process = try await process()
        keep(process)
        return process.versions
    }

    /// Grades the last complete box of a model's text.
    ///
    /// A text without a box is `unparsed`. Whatever is wrong with an answer is an outcome.
    ///
    /// - Parameters:
    ///   - gold: the expected answer.
    ///   - modelText: the model's own words; tool output has no place in it.
    /// - Returns: the verdict, with the wall time of the comparison, 0 for a known one.
    /// - Throws: ``GradingError`` when no process can be started; `CancellationError`.
    public func grade(gold: String, modelText: String) async throws -> Grade {
        guard let answer = BoxedAnswer.last(in: modelText) else {
            return Grade(outcome: .unparsed, answer: "", canonicalAnswer: "", wallSeconds: 0)
        }
        return try await grade(gold: gold, answer: answer, form: .boxed)
    }

    /// Like ``grade(gold:modelText:)``, but searches a text without a box for its final answer.
    ///
    /// For pairs of other projects only: an evaluation never does it.
    ///
    /// The answer of the grade is then the text itself.
    ///
    /// - Parameters:
    ///   - gold: the expected answer.
    ///   - text: any text; the last 20 000 characters count.
    /// - Returns: the verdict, with the wall time of the comparison.
    /// - Throws: ``GradingError`` when no process can be started; `CancellationError`.
    public func grade(gold: String, text: String) async throws -> Grade {
        if let answer = BoxedAnswer.last(in: text) {
            return try await grade(gold: gold, answer: answer, form: .boxed)
        }
        let searched = String(text.suffix(Self.searchedCharacters))
        return try await grade(gold: gold, answer: searched, form: .text)
    }

    /// Ends every process and refuses further answers; returns when they are gone.
    public func shutdown() async {
        slots.close()
        let running = state.withLock { state in
            state.isClosed = true
            state.idle = []
            defer { state.running = [:] }
            return Array(state.running.values)
        }
        await withTaskGroup { group in
            for process in running { group.addTask { await process.stop() } }
        }
    }

    private func grade(
        gold: String,
        answer: String,
        form: GraderRequest.Form
    ) async throws -> Grade {
        // A data set may give its answer in a box, and then it is read like any other.
        let gold = BoxedAnswer.last(in: gold) ?? gold
        let question = VerdictMemory.Question(gold: gold, answer: answer, form: form)
        if let known = state.withLock({ $0.isClosed ? nil : $0.memory.verdict(on: question) }) {
            return Grade(
                outcome: known.outcome,
                answer: answer,
                canonicalAnswer: known.canonicalAnswer,
                wallSeconds: 0
            )
        }
        try await slots.acquire()
        defer { slots.release() }
        // A process may have been killed from outside, which says nothing about the answer.
        for _ in 0..<2 {
            let process = try await process()
            let id = state.withLock { state in
                state.nextID += 1
                return state.nextID
            }
            let request = GraderRequest(
                id: id,
                gold: gold,
                answer: answer,
                form: form,
                seconds: section.answerSeconds
            )
            let start = ContinuousClock.now
            let exchange: GraderProcess.Exchange
            do {
                exchange = try await process.exchange(request)
            } catch {
                await discard(process)
                throw error
            }
            let wallSeconds = (ContinuousClock.now - start).seconds
            switch exchange {
            case .reply(let reply):
                keep(process)
                let verdict = verdict(reply)
                state.withLock { $0.memory.note(verdict, on: question) }
                return Grade(
                    outcome: verdict.outcome,
                    answer: answer,
                    canonicalAnswer: verdict.canonicalAnswer,
                    wallSeconds: wallSeconds
                )
            case .timedOut:
                await discard(process)
                logger.debug("comparison cut off", metadata: ["seconds": "\(wallSeconds)"])
                return Grade(
                    outcome: .timeout,
                    answer: answer,
                    canonicalAnswer: "",
                    wallSeconds: wallSeconds
                )
            case .broken:
                await discard(process)
                if state.withLock({ $0.isClosed }) { throw GradingError.closed }
                logger.warning("grader died", metadata: ["seconds": "\(wallSeconds)"])
            }
        }
        return Grade(outcome: .error, answer: answer, canonicalAnswer: "", wallSeconds: 0)
    }

    private func verdict(_ reply: GraderReply) -> VerdictMemory.Verdict {
        if let detail = reply.detail {
            logger.debug("comparison failed", metadata: ["cause": "\(detail)"])
        }
        return VerdictMemory.Verdict(
            outcome: Grade.Outcome(rawValue: reply.outcome) ?? .error,
            canonicalAnswer: reply.canonical
        )
    }

    /// An idle process, or a new one; the caller holds a slot.
    private func process() async throws -> GraderProcess {
        while let process = state.withLock({ $0.idle.popLast() }) {
            if process.isRunning { return process }
            await discard(process)
        }
        let process = try await GraderProcess.start(
            python: python,
            memoryMegabytes: section.memoryMegabytes,
            logPath: logPath
        )
        let isClosed = state.withLock { state in
            if !state.isClosed {
                state.running[ObjectIdentifier(process)] = process
                state.versions = process.versions
            }
            return state.isClosed
        }
        if isClosed {
            await process.stop()
            throw GradingError.closed
        }
        return process
    }

    private func keep(_ process: GraderProcess) {
        state.withLock { state in
            if !state.isClosed { state.idle.append(process) }
        }
    }

    private func discard(_ process: GraderProcess) async {
        _ = state.withLock { $0.running.removeValue(forKey: ObjectIdentifier(process)) }
        await process.stop()
    }
}
