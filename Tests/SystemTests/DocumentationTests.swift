import Foundation
import Testing

/// The pages say what is so: what they name is there, and what they quote is said.
@Suite(.serialized) struct DocumentationTests {
    /// Other languages would hide a command from ShownCommandTests.
    @Test func everyBlockIsShellOrPythonOrOutput() throws {
        for page in try DocumentationPage.all() {
            for block in page.blocks {
                let place = "\(page):\(block.firstNumber)"
                #expect(["sh", "python", ""].contains(block.language), "\(place)")
                let isCommand = block.lines.contains { $0.hasPrefix("$ ") }
                #expect(!isCommand, "\(place): a command outside of a block of sh")
            }
        }
        // Those run in TraceStoreTests.PythonTests; docc's page of the traces is the same file.
        let counts = try DocumentationPage.all().map { page in
            (page.path, page.blocks.count { $0.language == "python" })
        }.filter { $0.1 > 0 && !$0.0.hasPrefix("Sources/") }
        #expect(counts.map(\.0) == ["README.md", "tools/TRACES.md"])
        #expect(counts.map(\.1) == [1, 2])
    }

    @Test func everythingThatIsNamedIsThere() throws {
        let keys = try Self.knownKeys()
        let tests = Set(
            Self.files(in: "Tests").map {
                URL(filePath: $0).deletingPathExtension().lastPathComponent
            }
        )
        for page in try DocumentationPage.all() {
            let folder = URL(filePath: page.path).deletingLastPathComponent().relativePath
            for (number, line) in page.prose {
                let place = "\(page):\(number)"
                for link in line.matches(of: #/\]\(([^)#]+)\)/#).map(\.1)
                where !link.contains("://") {
                    #expect(Self.exists("\(folder)/\(link)"), "\(place): \(link)")
                }
                for span in DocumentationPage.codeSpans(in: line) {
                    let isThere =
                        if span.wholeMatch(of: Self.path) != nil {
                            Self.exists(span)
                        } else if span.wholeMatch(of: #/\w+Tests/#) != nil {
                            tests.contains(span)
                        } else {
                            Self.keys(in: span).allSatisfy(keys.contains)
                        }
                    #expect(isThere, "\(place): \(span)")
                }
            }
        }
    }

    /// A remedy that names a key which is not there is none.
    @Test func messagesNameKnownKeys() throws {
        let keys = try Self.knownKeys()
        for (path, source) in try Self.sources([".swift", ".py"]) {
            let lines = source.split(separator: "\n").filter { line in
                line.contains("\"") && Self.sections.contains { line.contains($0 + ".") }
            }
            for literal in lines.flatMap({ $0.matches(of: #/"[^"]*"/#).map(\.0) }) {
                let text = literal.replacing(#/\\\([^\s"]*\)/#, with: "")
                for key in Self.keys(in: text) where !keys.contains(key) {
                    Issue.record("\(path): \(key) in \(literal)")
                }
            }
        }
    }

    @Test func messagesOfTheTroubleShootingAreThoseOfThePrograms() throws {
        let page = try #require(
            try DocumentationPage.all().first { $0.path.hasSuffix("Troubleshooting.md") }
        )
        // Literals that are joined are one message.
        let sources = try Self.sources([".swift", ".py", ".c"]).map(\.text).joined(separator: "\n")
            .replacing(#/"\s*(\+\s*)?f?"/#, with: "")
        var isMessages = false
        var count = 0
        for (number, line) in page.prose where line.hasPrefix("|") {
            if line.hasPrefix("| message") || line.hasPrefix("| symptom") { isMessages = true }
            if line.hasPrefix("| program") { isMessages = false }
            guard isMessages else { continue }
            let first = line.split(separator: "|").first ?? ""
            for span in DocumentationPage.codeSpans(in: first) {
                count += 1
                // Not in the expectation, which would print all sources.
                let isSaid = sources.contains(span)
                #expect(isSaid, "\(page):\(number): no program says \(span)")
            }
        }
        #expect(count > 50)
    }

    @Test func exitStatusesOfJobsAreInTheTable() throws {
        let row = try #require(
            try Self.text("Sources/Orchestration/Orchestration.docc/Troubleshooting.md")
                .split(separator: "\n").first { $0.hasPrefix("| `deepmath eval`") }
        )
        let declared = try Self.text("Sources/Orchestration/JobExit.swift")
            .matches(of: #/case \w+ = (\d+)/#).map(\.1)
        #expect(declared.count > 5)
        for status in declared { #expect(row.contains(" \(status) "), "\(status)") }
    }

    // MARK: What there is

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Program.root.appending(path: path), encoding: .utf8)
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: Program.root.appending(path: path).path)
    }

    /// The text of the programs' files with these endings.
    private static func sources(_ endings: [String]) throws -> [(path: String, text: String)] {
        try ["Sources", "tools/deepmath-report", "tools/trainer"].flatMap(files)
            .filter { file in endings.contains { file.hasSuffix($0) } }
            .map { ($0, try text($0)) }
    }

    /// All files of a folder, by their paths from the package's root, in order.
    private static func files(in folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: Program.root.path + "/" + folder)
        return (found?.compactMap { $0 as? String } ?? []).sorted().map { folder + "/" + $0 }
    }

    /// Every key of a configuration, and its sections.
    private static func knownKeys() throws -> Set<String> {
        let page = try Program.run("deepmath", ["keys"]).output
        let keys = page.matches(of: #/(?m)^\| `([\w.]+)` \|/#).map { String($0.1) }
        #expect(keys.count > 70)
        let groups = keys.filter { $0.split(separator: ".").count > 2 }
            .map { $0.split(separator: ".").prefix(2).joined(separator: ".") }
        return Set(keys + groups)
    }

    private static let sections = [
        "run", "dataset", "model", "engine", "sampling", "agent", "sandbox", "grading", "training",
        "reward", "trainer",
    ]

    /// A file or folder of the repository.
    private static var path: Regex<(Substring, Substring)> {
        #/(Sources|Tests|tools|configs|slurm)\/[\w.\/-]+/#
    }

    /// What looks like a key in some text: not part of a path, a file's name or a call.
    private static func keys(in text: some StringProtocol) -> [String] {
        guard sections.contains(where: { text.contains($0 + ".") }) else { return [] }
        let key = #/(?:^|[\s"'(\[,=])([a-z]+(?:\.[a-z_0-9]+)+)(?![\w(\/])/#
        return String(text).matches(of: key).map { String($0.1) }.filter { key in
            sections.contains { key.hasPrefix($0 + ".") }
                && ![".log", ".py", ".h5"].contains { key.hasSuffix($0) }
        }
    }
}
