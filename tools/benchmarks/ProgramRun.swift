import Foundation

/// One of our programs, run to its end: how long it took, how much memory it held, what it printed.
struct ProgramRun {
    /// A program that did not end with status 0.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let seconds: Double
    /// Largest resident memory, as last seen a moment before the end.
    let peakBytes: Double
    let output: String

    /// Runs `program`, which lies beside this executable; with `ranks` above 0 under mpirun.
    init(_ program: String, _ arguments: [String], ranks: Int = 0) throws {
        let ours = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: program).path
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            (ranks > 0 ? ["mpirun", "-n", "\(ranks)", ours] : [ours]) + arguments
        process.standardInput = FileHandle.nullDevice
        let place = FileManager.default.temporaryDirectory
            .appending(path: "deepmath-bench-output-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: place.path, contents: nil) else {
            throw Failure(description: "\(place.path): cannot be written")
        }
        defer {
            do {
                try FileManager.default.removeItem(at: place)
            } catch {
                print("left behind: \(place.path)")
            }
        }
        // A file and no pipe: nobody reads while the program runs.
        let handle = try FileHandle(forWritingTo: place)
        process.standardOutput = handle
        process.standardError = handle
        let start = ContinuousClock.now
        try process.run()
        var peak = 0.0
        let status = "/proc/\(process.processIdentifier)/status"
        while process.isRunning {
            peak = max(peak, Self.peakBytes(status))
            usleep(2_000)
        }
        seconds = (ContinuousClock.now - start) / .seconds(1)
        peakBytes = peak
        output = try String(contentsOf: place, encoding: .utf8)
        guard process.terminationStatus == 0 else {
            let status = process.terminationStatus
            throw Failure(description: "\(program) ended with \(status): \(output)")
        }
    }

    /// `VmHWM` of a process; 0 when it has gone.
    private static func peakBytes(_ status: String) -> Double {
        guard let text = try? String(contentsOfFile: status, encoding: .utf8) else { return 0 }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return (kilobytes ?? 0) * 1024
    }
}

extension FileManager {
    /// Lends a new empty directory and removes it afterwards.
    func withScratchDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
        let directory = temporaryDirectory.appending(path: "deepmath-bench-\(UUID().uuidString)")
        try createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            do {
                try removeItem(at: directory)
            } catch {
                print("left behind: \(directory.path)")
            }
        }
        return try body(directory.path)
    }
}
