import Foundation
import ParallelLaunch
import Testing

/// The packed example run, made once.
private let example = Result {
    try withDirectory { directory in
        let outcome = try ParallelLaunch.run(["traces", directory, "pack"], rankCount: 0)
        try #require(outcome.exitCode == 0, "\(outcome.output)")
        return try Data(contentsOf: URL(filePath: directory + "/traces.h5"))
    }
}

/// Lends a copy of the packed example run.
func withRun(_ body: (String) throws -> Void) throws {
    try withDirectory { directory in
        try example.get().write(to: URL(filePath: directory + "/traces.h5"))
        try body(directory)
    }
}

/// Runs a program to its end and gives what it said on both streams.
///
/// - Parameters:
///   - program: a path.
///   - arguments: as typed.
///   - environment: variables on top of this process's.
/// - Returns: its exit status and its words.
/// - Throws: when it cannot be started.
func run(
    _ program: String,
    _ arguments: [String],
    environment: [String: String] = [:]
) throws -> (exitCode: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// Runs `deepmath-report`.
func report(_ arguments: [String]) throws -> (exitCode: Int32, output: String) {
    try run(try ParallelLaunch.folder().appending(path: "deepmath-report").path, arguments)
}

/// The package's own Python; nil without it.
let packagePython: String? = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".venv/bin/python").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()
