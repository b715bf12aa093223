import ArgumentParser
import Logging
import Orchestration

/// What every command takes that starts a job.
struct JobOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp("Override one key.", valueName: "section.key=value")
    )
    var overrides: [String] = []

    @Flag(help: "Log more.")
    var verbose = false

    /// Sends the log to standard error: from notices on, or all of it.
    func startLogging() {
        let isVerbose = verbose
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = isVerbose ? .debug : .notice
            return handler
        }
    }

    /// One job with these options.
    func entry(config: String, runDirectory: String) -> JobEntry {
        JobEntry(
            configurationPath: config,
            overrides: overrides,
            runDirectory: runDirectory,
            programVersion: ProgramVersion.withCommit
        )
    }
}
