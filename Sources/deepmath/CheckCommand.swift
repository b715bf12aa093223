import ArgumentParser
import Configuration
import Orchestration

/// `deepmath check`: whether a job with this configuration would run here.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration and this machine, without starting a job.",
        discussion: """
            One line for each check: ok, warn or FAIL, what was found, and what to do about it. The \
            exit status is 1 when anything failed. Run it on a node of the kind that will do the \
            work: a login node has other devices and other limits.
            """
    )

    @Option(help: ArgumentHelp("Configuration, a YAML file.", valueName: "file"))
    var config: String

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Run directory to check; it is not made.", valueName: "dir")
    )
    var runDirectory: String?

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp("Override one key.", valueName: "section.key=value")
    )
    var overrides: [String] = []

    mutating func run() throws {
        let configuration: JobConfiguration
        do throws(ConfigurationError) {
            configuration = try JobConfiguration.load(path: config, overrides: overrides)
        } catch {
            for fault in error.faults {
                print(Finding.failure("configuration", "\(fault)", "").line)
            }
            throw ExitCode(1)
        }
        print(Finding.ok("configuration", config).line)
        var hasFailed = false
        func report(_ findings: [Finding]) {
            for finding in findings {
                print(finding.line)
                hasFailed = hasFailed || finding.verdict == .failure
            }
        }
        report(FileChecks(configuration: configuration, runDirectory: runDirectory).findings())
        report(LibraryChecks.findings())
        report(SandboxCheck(configuration: configuration).findings())
        let machine = MachineChecks(configuration: configuration)
        report(try BlockingTask.value { try await machine.findings() })
        if hasFailed { throw ExitCode(1) }
    }
}
