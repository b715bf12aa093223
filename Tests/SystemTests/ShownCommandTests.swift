import Foundation
import Testing

/// Every command that a page shows is run, or names the test that runs it.
@Suite(.serialized) struct ShownCommandTests {
    /// What becomes of a command that a page shows.
    private enum Recipe {
        /// It runs in the stand-in as it is written, after replacements, and prints these words.
        case runs(replacing: [String: String] = [:], saying: String = "")
        /// That test starts it, in a file of this folder that has these words.
        case isTested(by: String, in: String, with: String)
        /// That file has these words: a script which every `tools/test` goes through.
        case isPart(of: String, with: String)
        /// Its arguments are among those that a command lists; it takes too long to run here.
        case isListed(by: String)
    }

    /// By how a command begins; the first that fits.
    private static let recipes: [(beginning: String, recipe: Recipe)] = [
        ("tools/demo train", .runs(saying: "trained 3 steps")),
        ("tools/demo", .runs(saying: "majority@k")),
        // These run this very test, or take minutes.
        ("tools/test", .isListed(by: "\(Program.root.path)/tools/test no-such-tier || true")),
        ("tools/bench", .isListed(by: "deepmath-bench --help")),
        ("tools/docs", .isPart(of: "tools/test", with: "check 'docs' tools/docs")),
        (
            "tools/check-layers",
            .isPart(of: "tools/test", with: "check 'layers' tools/check-layers")
        ),
        (
            "tools/fetch-dataset aime25 --from",
            .isTested(
                by: "aBenchmarkIsReadWithItsOwnFieldsAndFilter",
                in: "FetchDatasetTests.swift",
                with: #""--from""#
            )
        ),
        (
            "tools/fetch-dataset aime25",
            .isTested(
                by: "withoutNetworkItSaysWhatToDo",
                in: "FetchDatasetTests.swift",
                with: #"fetch("aime25")"#
            )
        ),
        ("tools/fetch-dataset my.csv", .runs(saying: "benchmarks/my.jsonl: 1 problems")),
        (
            "sbatch --partition=cpu",
            .isTested(
                by: "rank0RunsWithoutAGPUInThePartOfTheJobThatHasNone",
                in: "SlurmTests.swift",
                with: "slurm/eval.sbatch"
            )
        ),
        (
            "sbatch slurm/eval.sbatch",
            .isTested(
                by: "aRunThatTheTimeLimitStrikesQueuesItselfAgainAndIsAsIfNothingHadHappened",
                in: "SlurmTests.swift",
                with: "slurm/eval.sbatch"
            )
        ),
        (
            "sbatch slurm/suite.sbatch",
            .isTested(
                by: "trainingAndSuitesAreSubmittedAlike",
                in: "SlurmTests.swift",
                with: "slurm/suite.sbatch"
            )
        ),
        (
            "sbatch slurm/train.sbatch",
            .isTested(
                by: "trainingAndSuitesAreSubmittedAlike",
                in: "SlurmTests.swift",
                with: "slurm/train.sbatch"
            )
        ),
        // Only the engine's libraries are left out: importing vLLM takes longer than all the rest.
        (
            "deepmath check",
            .runs(
                replacing: [
                    "deepmath check": "deepmath check --set 'engine.attach=[http://h:1]' "
                        + "--set sandbox.python=.venv/bin/python"
                ],
                saying: "ok    sandbox"
            )
        ),
        ("deepmath grade", .runs(saying: #""outcome":"right""#)),
        ("deepmath sandbox", .runs(saying: #""output":"42\n""#)),
        ("deepmath keys", .runs()),
        ("deepmath eval", .runs(replacing: ["000014": "000003"], saying: "majority@k")),
        ("mpirun -n 3 deepmath eval", .runs(saying: "majority@k")),
        ("mpirun -n 3 deepmath train", .runs(saying: "trained 3 steps")),
        ("mpirun -n 9 deepmath eval", .runs(saying: "majority@k")),
        ("mpirun -n 9 deepmath suite", .runs(saying: "majority@k")),
        (
            "deepmath-report show",
            .runs(replacing: [" ID ": " demo-power-mod-001 "], saying: "expected")
        ),
        ("deepmath-report", .runs()),
        ("h5dump -H", .runs(saying: #"DATASET "log_probability""#)),
        ("sandbox-launch --rules", .runs(saying: "io_uring_setup")),
    ]

    @Test func everyCommandThatIsShownRuns() throws {
        let standIn = try StandIn()
        var seen: Set<String> = []
        for command in try DocumentationPage.all().flatMap(\.commands)
        where seen.insert(command.words).inserted {
            guard
                let recipe = Self.recipes.first(where: { command.words.hasPrefix($0.beginning) })
            else {
                Issue.record("\(command): no test runs this; give it a recipe here")
                continue
            }
            try check(command, recipe.recipe, in: standIn)
            checkFiles(command)
        }
        // Extending.md shows how these pages are made.
        for page in ["configs/KEYS.md", "tools/TRACES.md"] {
            let made = try String(
                contentsOf: standIn.folder.appending(path: page),
                encoding: .utf8
            )
            #expect(try made == Self.text(page), "\(page)")
        }
        try standIn.remove()
    }

    private func check(
        _ command: DocumentationPage.Command,
        _ recipe: Recipe,
        in standIn: StandIn
    ) throws {
        switch recipe {
        case .runs(let replacements, let words):
            let shell = replacements.reduce(command.words) { $0.replacing($1.key, with: $1.value) }
            let outcome = try standIn.run(shell)
            #expect(outcome.status == 0, "\(command): \(outcome.output) \(outcome.errors)")
            #expect(words.isEmpty || outcome.output.contains(words), "\(command): \(outcome)")
        case .isTested(let name, let file, let words):
            let source = try Self.text("Tests/SystemTests/" + file)
            #expect(source.contains("@Test func \(name)()"), "\(command): \(file) has no \(name)")
            #expect(source.contains(words), "\(command): \(file) has no \(words)")
        case .isPart(let file, let words):
            #expect(try Self.text(file).contains(words), "\(command): \(file) has no \(words)")
        case .isListed(let lister):
            let listed = try standIn.run(lister)
            let known = Set((listed.output + listed.errors).split { !$0.isLetter && $0 != "-" })
            for word in command.words.split(separator: " ").dropFirst() {
                #expect(known.contains(word), "\(command): \(word) is not known")
            }
        }
    }

    /// Configurations and scripts that a command names are there.
    private func checkFiles(_ command: DocumentationPage.Command) {
        for word in command.words.split(separator: " ")
        where word.hasPrefix("configs/") || word.hasPrefix("slurm/") {
            // A pattern is the shell's to check.
            guard !word.contains("*") else { continue }
            let path = Program.root.appending(path: String(word)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(command): no \(word)")
        }
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Program.root.appending(path: path), encoding: .utf8)
    }
}
