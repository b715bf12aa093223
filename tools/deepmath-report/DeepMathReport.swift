// deepmath-report reads what deepmath wrote: no MPI launch, no GPU, one process. Exit status 0 when all is
// well, 1 when a file is damaged (what can still be read is printed), 2 when what was asked for is wrong.

import ArgumentParser
import Configuration
import Foundation
import TraceStore

@main
struct DeepMathReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deepmath-report",
        abstract: "Reads the traces of a run: tables, single traces, checks, exports.",
        subcommands: [
            Summary.self, Compare.self, Show.self, HTML.self, Export.self, Verify.self,
            Replay.self, Regrade.self, Schema.self, Probe.self, VerifyPart.self,
        ]
    )

    /// As ArgumentParser's own, but with this tool's exit statuses.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            if Runs.reportDamage() { leave(1) }
        } catch let error as TraceError {
            complain("\(error)")
            let isDamaged = Runs.reportDamage()
            leave(error.isDamage || isDamaged ? 1 : 2)
        } catch let error as ConfigurationError {
            complain("\(error)")
            leave(2)
        } catch let error as RecordedJob.Missing {
            complain("\(error)")
            leave(2)
        } catch let error as CocoaError {
            complain(FileFailure.line(error))
            _ = Runs.reportDamage()
            leave(1)
        } catch {
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if code == .success { print(message) } else { complain(message) }
            leave(code == .success ? 0 : code == .validationFailure ? 2 : 1)
        }
    }
}

/// Ends the process: `exit` within a command is ArgumentParser's.
func leave(_ status: Int32) -> Never { exit(status) }

/// Says a line on standard error.
func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
