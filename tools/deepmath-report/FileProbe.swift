import ArgumentParser
import Foundation
import TraceStore

/// A look at a file by a process of its own, before this one opens it.
///
/// What a damaged or hostile file does to the HDF5 library, it does to that process. It costs some ten
/// milliseconds a file, so segments of a run, which may be many, are not looked at.
enum FileProbe {
    /// Looks at the file that a path names, or at the packed file of a run.
    ///
    /// - Throws: `TraceError` when the process crashed; what else is wrong, the reader finds itself.
    static func check(_ path: String) throws {
        let files = FileManager.default
        let isDirectory = files.fileExists(atPath: path + "/.")
        let file = isDirectory ? path + "/traces.h5" : path
        guard files.fileExists(atPath: file) else { return }
        let end = try ChildProcess.run(["probe", file], isQuiet: true).end
        if case .signal = end {
            throw TraceError.damaged(path: file, reason: reason(end))
        }
    }

    /// What is told of a file that ended a process.
    static func reason(_ end: ChildProcess.End) -> String {
        "the HDF5 library itself cannot read it: its process ended with \(end)"
    }
}

/// `probe FILE`: opens a file, as the reader does; not for people.
struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Argument
    var file: String

    func run() throws {
        let reader = try TraceReader(run: file) { _ in }
        _ = try reader.attributes()
        _ = try reader.hosts()
    }
}
