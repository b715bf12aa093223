// The programs as a user starts them: real mpirun, real vLLM, real files.

import Foundation

/// A started command line and what it left behind.
struct Program {
    /// How a command ended.
    struct Outcome {
        /// Exit status; a signal's number when one ended it.
        let status: Int32
        /// Standard output.
        let output: String
        /// Standard error.
        let errors: String
        /// From start to end, seconds.
        let seconds: Double

        /// The last lines of standard error, each cut: a page of log hides why a command ended.
        var end: String {
            "status \(status)\n"
                + errors.split(separator: "\n").suffix(6).map { $0.prefix(300) }
                .joined(separator: "\n")
        }
    }

    /// The package's top folder: the working directory of every command.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A fresh folder for one test's files.
    static func scratchFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "deepmath-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Where the built programs are: beside this test's own bundle.
    static func path(of name: String) throws -> String {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [bundle, root.appending(path: ".build/debug")]
        for folder in candidates {
            let file = folder.appending(path: name).path
            if FileManager.default.isExecutableFile(atPath: file) { return file }
        }
        throw NotBuilt(name: name)
    }

    struct NotBuilt: Error { let name: String }

    /// Every process that descends from a command carries this variable.
    private static let markName = "DEEPMATH_TEST_MARK"

    let process = Process()
    private let mark = UUID().uuidString
    private let output: URL
    private let errors: URL
    private let start = ContinuousClock.now

    /// Starts `name` with `arguments`, under `mpirun -n rankCount` unless that is 0.
    init(
        _ name: String,
        _ arguments: [String],
        rankCount: Int = 0,
        environment: [String: String] = [:]
    ) throws {
        let folder = try Self.scratchFolder()
        output = folder.appending(path: "out")
        errors = folder.appending(path: "err")
        for file in [output, errors] { try Data().write(to: file) }
        let launcher = rankCount == 0 ? [] : ["mpirun", "-n", "\(rankCount)"]
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Tests run on threads that block signals, and children inherit that.
        process.arguments =
            ["--default-signal=INT,TERM,USR1,QUIT"] + launcher + [try Self.path(of: name)]
            + arguments
        process.currentDirectoryURL = Self.root
        var variables = ProcessInfo.processInfo.environment
        let defaults = [
            "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
            "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMPI_MCA_orte_execute_quiet": "1",
        ]
        variables.merge(defaults) { mine, _ in mine }
        variables.merge(environment) { _, given in given }
        variables[Self.markName] = mark
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    /// Waits for the end.
    func finish() throws -> Outcome {
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8),
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }

    /// What it has written to standard error so far.
    func errorsSoFar() throws -> String { try String(contentsOf: errors, encoding: .utf8) }

    /// Waits until `condition` holds or the command has ended.
    func wait(upTo seconds: Double, until condition: () throws -> Bool) throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline, process.isRunning {
            if try condition() { return true }
            Thread.sleep(forTimeInterval: 0.1)
        }
        return try condition()
    }

    /// Command lines of processes that descend from it and still run.
    ///
    /// Found by the mark in their environment, which children inherit and zombies do not have.
    func survivors() throws -> [String] {
        let needle = "\(Self.markName)=\(mark)"
        return try FileManager.default.contentsOfDirectory(atPath: "/proc")
            .filter { Int($0) != nil }
            .compactMap { identifier in
                guard
                    let environment = FileManager.default.contents(
                        atPath: "/proc/\(identifier)/environ"
                    ),
                    String(decoding: environment, as: UTF8.self).contains(needle)
                else { return nil }
                let command =
                    FileManager.default.contents(atPath: "/proc/\(identifier)/cmdline") ?? Data()
                return identifier + " "
                    + String(decoding: command.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
            }
    }

    /// The processes of the ranks by rank, as Open MPI numbers them.
    func ranks() throws -> [Int: Int32] {
        try survivors().reduce(into: [:]) { ranks, line in
            guard line.contains("deepmath eval"), !line.contains("mpirun"),
                let identifier = line.split(separator: " ").first.flatMap({ Int32($0) }),
                let environment = FileManager.default.contents(
                    atPath: "/proc/\(identifier)/environ"
                )
            else { return }
            let name = Data("OMPI_COMM_WORLD_RANK=".utf8)
            let variables = environment.split(separator: 0)
            guard let variable = variables.first(where: { $0.starts(with: name) }),
                let rank = Int(String(decoding: variable.dropFirst(name.count), as: UTF8.self))
            else { return }
            ranks[rank] = identifier
        }
    }

    /// Survivors, after they have had `seconds` to end.
    func survivors(after seconds: Double) throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline, try !survivors().isEmpty {
            Thread.sleep(forTimeInterval: 0.1)
        }
        return try survivors()
    }

    /// Runs a command to its end.
    static func run(
        _ name: String,
        _ arguments: [String],
        rankCount: Int = 0,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try Program(name, arguments, rankCount: rankCount, environment: environment).finish()
    }

    /// Runs Python source in the project's environment, and gives what it printed.
    static func python(_ source: String, _ arguments: [String] = []) throws -> Outcome {
        let file = try scratchFolder().appending(path: "script.py")
        try Data(source.utf8).write(to: file)
        return try python(file: file.path, arguments)
    }

    /// Runs a Python script in the project's environment.
    static func python(file: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = root.appending(path: ".venv/bin/python")
        process.arguments = [file] + arguments
        process.currentDirectoryURL = root
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        let start = ContinuousClock.now
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: bytes, as: UTF8.self),
            errors: "",
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }
}
