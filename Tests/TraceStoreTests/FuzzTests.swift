import Foundation
import ParallelLaunch
import Testing

/// Runs with one damaged file each, read in every way and gone on with: 200 of them, or as many as
/// `DEEPMATH_FUZZ_COUNT` says, from seed `DEEPMATH_FUZZ_SEED` on (1).
@Suite(
    .enabled(
        if: Python.path != nil,
        "no Python with h5py: set DEEPMATH_PYTHON, or make .venv at the package's root"
    )
)
struct FuzzTests {
    /// An input whose reader did not end by itself.
    struct Crash: CustomStringConvertible {
        let input: String
        let status: Int32
        let stack: String
        /// Whether the innermost frame that is no part of the C library is HDF5's.
        let isInHDF5: Bool
        var description: String { "\(input): status \(status)\n\(stack)" }
    }

    @Test(.timeLimit(.minutes(30)))
    func noDamageEndsTheReaderOrTakesMuchMemory() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["DEEPMATH_FUZZ_COUNT"].flatMap { Int($0) } ?? 200
        let seed = environment["DEEPMATH_FUZZ_SEED"].flatMap { Int($0) } ?? 1
        try withDirectory { directory in
            let base = directory + "/base"
            let made = try ParallelLaunch.run(["fuzzBase", base], rankCount: 0)
            try #require(made.exitCode == 0, "\(made.output)")
            for first in stride(from: 0, to: count, by: 100) {
                let inputs = directory + "/inputs"
                let said = try Self.mutate(
                    [base, inputs, "\(seed)", "\(first)", "\(min(100, count - first))"]
                )
                for crash in try Self.crashes(in: inputs) {
                    let number = URL(filePath: crash.input).lastPathComponent
                    let what = said.first { $0.hasPrefix(number + " ") } ?? ""
                    guard crash.isInHDF5 else {
                        Issue.record("seed \(seed), \(what)\n\(crash)")
                        continue
                    }
                    print("within libhdf5: seed \(seed), \(what)\n\(crash)")
                }
                try FileManager.default.removeItem(atPath: inputs)
            }
        }
    }

    /// Makes inputs; a line for each says what was done to it.
    private static func mutate(_ arguments: [String]) throws -> [String] {
        let script = Python.root.appending(path: "Tests/TraceFuzz/mutate.py").path
        let outcome = try run(try #require(Python.path), [script] + arguments)
        try #require(outcome.status == 0, "\(outcome.output)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// Reads all inputs of a folder, one process after the other: each goes on behind the input at which
    /// the one before ended.
    private static func crashes(in folder: String) throws -> [Crash] {
        var inputs = try FileManager.default.contentsOfDirectory(atPath: folder)
            .compactMap { Int($0) }.sorted().map { "\(folder)/\($0)" }
        var crashes: [Crash] = []
        while !inputs.isEmpty {
            let outcome = try ParallelLaunch.run(
                ["fuzz"] + inputs,
                rankCount: 0,
                environment: ["SWIFT_BACKTRACE": "enable=no"]
            )
            if outcome.exitCode == 0 { break }
            let last = outcome.output.split(separator: "\n").last { $0.hasPrefix("reading ") }
            let input = try #require(last, "\(outcome.output.suffix(2000))").dropFirst(8)
            let place = try #require(inputs.firstIndex(of: String(input)))
            crashes.append(
                try crash(String(input), outcome.exitCode, String(outcome.output.suffix(500)))
            )
            inputs.removeFirst(place + 1)
        }
        return crashes
    }

    private static func crash(_ input: String, _ status: Int32, _ end: String) throws -> Crash {
        let debugger = "/usr/bin/gdb"
        guard FileManager.default.isExecutableFile(atPath: debugger) else {
            return Crash(input: input, status: status, stack: end, isInHDF5: false)
        }
        let checks = try ParallelLaunch.folder().appending(path: "parallel-checks").path
        let output = try run(
            debugger,
            [
                "-q", "-batch", "-nx", "-ex", "set debuginfod enabled off", "-ex", "run", "-ex",
                "backtrace 16", "--args", checks, "fuzz", input,
            ]
        ).output
        let frames = output.split(separator: "\n").filter { $0.hasPrefix("#") }.map(String.init)
        let system = ["libc.so", "raise", "abort", "libc_", "_int_", "mem", "malloc", "free"]
        let inner = frames.first { frame in !system.contains { frame.contains($0) } } ?? ""
        return Crash(
            input: input,
            status: status,
            stack: frames.isEmpty ? end : frames.joined(separator: "\n"),
            isInHDF5: inner.contains(" H5") || inner.contains("libhdf5")
        )
    }

    private static func run(
        _ program: String,
        _ arguments: [String]
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }
}
