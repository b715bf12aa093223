import Foundation
import ParallelLaunch
import Testing

/// What the tool does differently for a person at a terminal; `script` makes one.
@Suite struct TerminalTests {
    /// Runs the report on a terminal of its own.
    private func onTerminal(
        _ arguments: [String],
        environment: [String: String]
    ) throws -> (exitCode: Int32, output: String) {
        let program = try ParallelLaunch.folder().appending(path: "deepmath-report").path
        let command = ([program] + arguments).joined(separator: " ")
        return try run(
            "/usr/bin/timeout",
            // One that waits for the keyboard would wait for ever.
            [
                "20", "/usr/bin/script", "--quiet", "--return", "--command", command, "/dev/null",
            ],
            environment: ["TERM": "xterm"].merging(environment) { $1 }
        )
    }

    @Test func aTableGoesThroughThePagerOfTheUser() throws {
        try withRun { run in
            let outcome = try onTerminal(
                ["summary", run],
                environment: ["PAGER": "sed s/^/paged:/"]
            )
            #expect(outcome.exitCode == 0)
            #expect(outcome.output.contains("paged:accuracy (average@k)"), "\(outcome.output)")
        }
    }

    @Test func aPagerThatReadsTheKeyboardHasIt() throws {
        try withRun { run in
            // It would be stopped for reading from the background.
            let outcome = try onTerminal(
                ["summary", run],
                environment: [
                    "PAGER": "cat; stty -a </dev/tty >/dev/null; stty sane </dev/tty && echo free"
                ]
            )
            #expect(outcome.exitCode == 0)
            #expect(outcome.output.contains("free"), "\(outcome.output)")
        }
    }

    @Test(arguments: ["", "cat", "/nowhere/pager"])
    func withoutAPagerTheTableIsPrinted(pager: String) throws {
        try withRun { run in
            let outcome = try onTerminal(["summary", run], environment: ["PAGER": pager])
            #expect(outcome.exitCode == 0)
            #expect(outcome.output.contains("accuracy (average@k)"), "\(outcome.output)")
        }
    }

    @Test(arguments: [
        (["PAGER": "cat", "NO_COLOR": ""], true), (["PAGER": "cat", "NO_COLOR": "1"], false),
        (["PAGER": "cat", "NO_COLOR": "", "TERM": "dumb"], false),
    ])
    func coloursFollowTheTerminal(environment: [String: String], hasColor: Bool) throws {
        try withRun { run in
            let outcome = try onTerminal(
                ["show", run, "--problem", "problem-4"],
                environment: environment
            )
            #expect(outcome.output.contains("\u{1B}[1m") == hasColor, "\(outcome.output)")
        }
    }

    @Test func longWorkShowsABar() throws {
        try withRun { run in
            let outcome = try onTerminal(
                ["html", run, "-o", run + "/page.html"],
                environment: [:]
            )
            #expect(outcome.exitCode == 0)
            #expect(outcome.output.contains("100 % 92/92"), "\(outcome.output)")
            let quiet = try report(["html", run, "-o", run + "/page.html"])
            #expect(quiet.output == "")
        }
    }
}
