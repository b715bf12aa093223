import Configuration
import Foundation
import Grading
import RolloutModel
import Testing

/// The package's root, from which the tests find the Python environment and the shared data.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// Runs `body` with a pool that is gone afterwards.
func withPool(
    workers: Int = 1,
    answerSeconds: Double = 20,
    memoryMegabytes: Int = 2_048,
    python: String = root.appendingPathComponent(".venv/bin/python").path,
    _ body: (GraderPool) async throws -> Void
) async throws {
    var section = GradingSection()
    section.workers = workers
    section.answerSeconds = answerSeconds
    section.memoryMegabytes = memoryMegabytes
    let pool = try GraderPool(configuration: section, python: python)
    do {
        try await body(pool)
    } catch {
        await pool.shutdown()
        throw error
    }
    await pool.shutdown()
}

/// Shared by the tests of verdicts: starting a process costs more than all of them.
private struct Answer: Sendable, CustomTestStringConvertible {
    let gold: String
    let text: String
    let outcome: Grade.Outcome
    var testDescription: String { "\(gold) <- \(text.prefix(60)): \(outcome.rawValue)" }

    init(_ gold: String, _ text: String, _ outcome: Grade.Outcome) {
        self.gold = gold
        self.text = text
        self.outcome = outcome
    }
}

/// A comparison that the library takes many seconds for.
private let slowPair = (
    gold: #"\int_0^{1} e^{x^{3}}\sin(x^{2}) dx"#, answer: #"\int_0^{2} e^{x^{4}}\sin(x^{3}) dx"#
)

@Suite(.serialized) struct GraderPoolTests {
    @Test func verdictsFollowTheDocumentedRules() async throws {
        try await withPool(workers: 2) { pool in
            let answers = [
                Answer("1/2", #"so \boxed{0.5}"#, .right),
                Answer("1/2", #"so \boxed{\frac{2}{4}}"#, .right),
                Answer("1/2", #"so \boxed{1/3}"#, .wrong),
                Answer("1/3", #"\boxed{0.333333}"#, .right),
                Answer("1/3", #"\boxed{0.3333}"#, .wrong),
                Answer(#"\frac34i"#, #"\boxed{\frac{3}{4}i}"#, .right),
                Answer("x^2-1", #"\boxed{(x-1)(x+1)}"#, .right),
                Answer("4", #"\boxed{x = 4}"#, .right),
                Answer("1,2", #"\boxed{2, 1}"#, .right),
                Answer("(1,2)", #"\boxed{(2,1)}"#, .wrong),
                Answer("10\\%", #"\boxed{0.1}"#, .right),
                Answer("10\\%", #"\boxed{10}"#, .right),
                Answer("40/9", #"\boxed{4 4/9}"#, .right),
                Answer("16/9", #"\boxed{4 4/9}"#, .wrong),
                Answer(#"0.\overline{3}"#, #"\boxed{1/3}"#, .right),
                Answer("2500", #"\boxed{2.5e3}"#, .right),
                Answer("12_8", #"\boxed{12_9}"#, .wrong),
                Answer("10", #"\boxed{\$10}"#, .right),
                Answer("(1,2)", #"\boxed{1 < x < 2}"#, .right),
                Answer(#"\text{Monday}"#, #"\boxed{monday}"#, .right),
                Answer(#"\text{even}"#, #"\boxed{\text{odd}}"#, .wrong),
                Answer("C", #"\boxed{\text{(C)}}"#, .right),
                Answer("5", "the answer is 5", .unparsed),
                Answer("5", #"\boxed{5} no: \boxed{6}"#, .wrong),
                Answer("5", #"\boxed{\frac{1}{}"#, .unparsed),
                Answer("5", #"\boxed{\frac{1}{}}"#, .unparsed),
                Answer(#"\frac{1}{"#, #"\boxed{5}"#, .goldUnparsed),
                Answer("5", "\\boxed{" + String(repeating: "(", count: 3_000) + "}", .unparsed),
                Answer("5", "\\boxed{null \u{0} \u{1F600} \"quoted\"}", .unparsed),
                Answer("18", "#### 18", .unparsed),
            ]
            for answer in answers {
                let grade = try await pool.grade(gold: answer.gold, modelText: answer.text)
                #expect(grade.outcome == answer.outcome, "\(answer.testDescription)")
            }
        }
    }

    @Test func theSameAnswerHasOneCanonicalForm() async throws {
        try await withPool { pool in
            let classes = [
                ["1/4", #"\frac{1}{4}"#, "0.25", #"\frac{2}{8}"#, "x = 1/4"],
                ["7", "7.0", #"\sqrt{49}"#, #"\text{ }7"#, "07"],
                ["x^2+2x+1", "(x+1)^2", "2x + 1 + x^2"],
                ["1, 2", "2, 1", #"\{1,2\}"#],
                ["(1, 2)", #"\left(1,2\right)"#],
                [#"\text{Tuesday}"#, "tuesday"],
                ["8"], ["(2, 1)"], ["10^{100}"], [#"\pi"#], ["3i"],
            ]
            var seen: Set<String> = []
            for forms in classes {
                var canonical: Set<String> = []
                for form in forms {
                    let grade = try await pool.grade(gold: "5", modelText: "\\boxed{\(form)}")
                    #expect(grade.outcome == .wrong, "\(form)")
                    #expect(!grade.canonicalAnswer.isEmpty)
                    canonical.insert(grade.canonicalAnswer)
                }
                #expect(canonical.count == 1, "\(forms): \(canonical)")
                #expect(seen.isDisjoint(with: canonical), "\(canonical)")
                seen.formUnion(canonical)
            }
        }
    }

    /// Votes go by canonical form: it must part what the comparison parts, and only that.
    @Test func formsAreOneClassExactlyWhenTheComparisonCallsThemEqual() async throws {
        let forms = [
            "1/4", "0.25", #"\frac{2}{8}"#, "0.2500001", "x^2-1", "(x-1)(x+1)", #"\sqrt{8}"#,
            #"2\sqrt{2}"#, "(1, 2)", "(2, 1)", #"\text{even}"#, "Even", "3i",
        ]
        try await withPool(workers: 2) { pool in
            var canonical: [String] = []
            for form in forms {
                let grade = try await pool.grade(gold: "5", modelText: "\\boxed{\(form)}")
                canonical.append(grade.canonicalAnswer)
            }
            for (left, first) in forms.enumerated() {
                for (right, second) in forms.enumerated() where left != right {
                    let grade = try await pool.grade(gold: first, modelText: "\\boxed{\(second)}")
                    let isSame = canonical[left] == canonical[right]
                    #expect((grade.outcome == .right) == isSame, "\(first) <- \(second)")
                }
            }
        }
    }

    @Test func anAnswerBeyondItsLimitIsUnparsedAndHarmsNoOther() async throws {
        try await withPool(workers: 2, answerSeconds: 0.1) { pool in
            // Both processes are loaded, so that only the comparison is timed.
            async let first = pool.grade(gold: "1", modelText: #"\boxed{1}"#)
            async let second = pool.grade(gold: "1", modelText: #"\boxed{1}"#)
            #expect(try await [first.outcome, second.outcome] == [.right, .right])
            let grade = try await pool.grade(
                gold: slowPair.gold,
                modelText: "\\boxed{\(slowPair.answer)}"
            )
            #expect(grade.outcome == .unparsed)
            #expect(grade.answer == slowPair.answer)
            #expect(grade.voteKey.isEmpty)
            for _ in 0..<3 {
                let next = try await pool.grade(gold: "1/2", modelText: #"\boxed{0.5}"#)
                #expect(next.outcome == .right)
            }
        }
    }

    @Test func manyTasksShareAFewProcesses() async throws {
        try await withPool(workers: 2) { pool in
            let outcomes = try await withThrowingTaskGroup(of: (Int, Grade).self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let text = "\\boxed{\(number.isMultiple(of: 3) ? number : number + 1)}"
                        return (number, try await pool.grade(gold: "\(number)", modelText: text))
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(outcomes.count == 200)
            for (number, grade) in outcomes {
                #expect(grade.outcome == (number.isMultiple(of: 3) ? .right : .wrong))
            }
        }
    }

    @Test func aPythonWithoutTheLibraryIsAnErrorThatSaysWhatToInstall() async throws {
        let pool = try GraderPool(configuration: GradingSection(), python: "/usr/bin/python3")
        await #expect {
            try await pool.grade(gold: "1", modelText: #"\boxed{1}"#)
        } throws: { error in
            "\(error)".contains("/usr/bin/python3 -m pip install math-verify==0.9.0")
        }
    }

    @Test func aMissingPythonIsNamed() async throws {
        #expect {
            try GraderPool(configuration: GradingSection(), python: "/no/such/python")
        } throws: { error in
            error as? GradingError
                == .pythonMissing(python: "/no/such/python", reason: "no such program")
        }
        let pool = try GraderPool(configuration: GradingSection(), python: "no-such-python")
        await #expect {
            try await pool.versions()
        } throws: { error in
            "\(error)".hasPrefix("the grader's Python no-such-python cannot be run")
        }
    }

    @Test func tooLittleMemoryIsAnErrorAtTheStart() async throws {
        try await withPool(memoryMegabytes: 40) { pool in
            await #expect(throws: GradingError.self) { try await pool.versions() }
        }
    }

    @Test func versionsNameTheLibraries() async throws {
        try await withPool { pool in
            let versions = try await pool.versions()
            #expect(versions["math-verify"] == "0.9.0")
            #expect(Set(versions.keys).isSuperset(of: ["python", "sympy"]))
            #expect(try await pool.versions() == versions)
        }
    }

    @Test func aCancelledTaskLeavesAWorkingPool() async throws {
        try await withPool { pool in
            _ = try await pool.versions()
            let endless = Task {
                try await pool.grade(
                    gold: slowPair.gold,
                    modelText: "\\boxed{\(slowPair.answer)}"
                )
            }
            // The only process must be taken before the second answer asks for one.
            try await Task.sleep(for: .milliseconds(300))
            let waiting = Task { try await pool.grade(gold: "5", modelText: #"\boxed{5}"#) }
            try await Task.sleep(for: .milliseconds(300))
            waiting.cancel()
            endless.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            await #expect(throws: CancellationError.self) { try await endless.value }
            let grade = try await pool.grade(gold: "5", modelText: #"\boxed{5}"#)
            #expect(grade.outcome == .right)
        }
    }

    @Test func afterShutdownNothingIsGraded() async throws {
        try await withPool { pool in
            _ = try await pool.versions()
            await pool.shutdown()
            await #expect(throws: GradingError.closed) {
                try await pool.grade(gold: "5", modelText: #"\boxed{5}"#)
            }
        }
    }

    @Test func aKilledProcessHarmsNoAnswer() async throws {
        // A limit of its own marks this pool's processes: other suites have graders at the same time.
        let memoryMegabytes = 2_047
        func ownGraders() throws -> Set<Int32> {
            try gradersBelow(memoryMegabytes: memoryMegabytes)
        }
        try await withPool(memoryMegabytes: memoryMegabytes) { pool in
            _ = try await pool.versions()
            let graders = try ownGraders()
            // One with the libraries, and soon its fork that compares.
            #expect((1...2).contains(graders.count))
            for identifier in graders { kill(identifier, SIGKILL) }
            for _ in 0..<2 {
                let grade = try await pool.grade(gold: "1/2", modelText: #"\boxed{0.5}"#)
                #expect(grade.outcome == .right)
            }
            #expect(try ownGraders().isDisjoint(with: graders))
        }
        #expect(try ownGraders() == [])
    }

    /// Every expected answer of the benchmarks, in a box, answers its own problem and not another.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: benchmarks.path), "no shared data"),
        arguments: ["math500", "aime24", "hmmt_feb24"]
    )
    func benchmarkAnswersAreReadable(_ name: String) async throws {
        struct Line: Decodable { let answer: String }
        let file = benchmarks.appendingPathComponent("\(name).jsonl")
        let answers = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).answer }
        #expect(answers.count >= 30)
        try await withPool { pool in
            for answer in answers {
                let same = try await pool.grade(gold: answer, modelText: "\\boxed{\(answer)}")
                #expect(same.outcome == .right, "\(answer)")
                let other = try await pool.grade(gold: answer, modelText: #"\boxed{8675309}"#)
                #expect(other.outcome == .wrong, "\(answer)")
            }
        }
    }
}

/// Benchmarks for the tests, kept outside of the package.
private let benchmarks = root.deletingLastPathComponent()
    .appendingPathComponent("shared/data/benchmarks")

/// Grading processes of that memory limit below this one: grandchildren, for each has a guard.
private func gradersBelow(memoryMegabytes: Int) throws -> Set<Int32> {
    let limit = Substring("\(memoryMegabytes * 1_048_576)")
    var parents: [Int32: Int32] = [:]
    var graders: [Int32] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
        guard let identifier = Int32(name),
            let stat = FileManager.default.contents(atPath: "/proc/\(name)/stat"),
            let command = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
        else { continue }
        // The program's name may hold anything, so the fields count from its closing parenthesis.
        let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last ?? ""
        parents[identifier] = fields.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
        let words = String(decoding: command, as: UTF8.self).split(separator: "\0")
        // The guard's own command line holds the one it guards.
        if words.contains(limit), words.contains(where: { $0.contains("grading.grader") }),
            !words.contains(where: { $0.contains("process-guard") })
        {
            graders.append(identifier)
        }
    }
    return Set(
        graders.filter { grader in
            var ancestor = parents[grader]
            for _ in 0..<3 {
                if ancestor == getpid() { return true }
                ancestor = ancestor.flatMap { parents[$0] }
            }
            return false
        }
    )
}
