import Foundation
import RolloutModel
import TraceStore

/// One `deepmath eval` on one rank against a running server, watched from outside.
struct EvaluationRun {
    let episodes: [Episode]
    /// From the first attempt's start to the last one's end, seconds.
    let makespan: Double
    /// Processor time of the program itself meanwhile, without its children, seconds.
    let processorSeconds: Double
    /// Growth of its resident memory from just before the first attempt to the highest point before the
    /// first attempt's end, when as many as ever are in flight, bytes.
    let grownBytes: Int
    /// When the first attempt ended, seconds since 1970.
    let firstEnd: Double

    var tokenCount: Int { episodes.reduce(0) { $0 + $1.outputTokenCount } }
    var episodesPerSecond: Double { Double(episodes.count) / makespan }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// One look at the program.
    private struct Look {
        let time: Double
        let processorSeconds: Double
        let residentBytes: Int
    }

    private static let intervalSeconds = 0.05

    /// Runs `configuration` to its end and reads what it wrote; its files are in `directory`.
    init(configuration: String, directory: URL) throws {
        let name = directory.appending(path: "run-\(UUID().uuidString.prefix(8))").path
        try Data(configuration.utf8).write(to: URL(filePath: name + ".yaml"))
        let process = Process()
        process.executableURL = URL(filePath: Programs.path("deepmath"))
        process.arguments = ["eval", "--config", name + ".yaml", "--run", name]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try Self.emptyFile(name + ".log")
        try process.run()
        var looks: [Look] = []
        while process.isRunning {
            if let look = Self.look(at: process.processIdentifier) { looks.append(look) }
            Thread.sleep(forTimeInterval: Self.intervalSeconds)
        }
        guard process.terminationStatus == 0 else {
            let log = try String(contentsOfFile: name + ".log", encoding: .utf8)
            throw Failure(description: "deepmath failed:\n\(log.suffix(2000))")
        }
        let reader = try TraceReader(run: name)
        episodes = try (0..<reader.episodeCount).map {
            try reader.episode(EpisodeRow($0)).episode
        }
        if let failed = episodes.first(where: { $0.status != .completed }) {
            throw Failure(description: "an attempt failed: \(failed.failure)")
        }
        let start = episodes.map(\.times.startedAt).min() ?? 0
        let ends = episodes.map { $0.times.startedAt + $0.times.total }
        let end = ends.max() ?? 0
        let firstEnd = ends.min() ?? 0
        makespan = end - start
        let before = looks.last { $0.time <= start }
        let during = looks.filter { $0.time >= start && $0.time <= end }
        guard let before, let last = during.last else {
            throw Failure(description: "the run was too short to be watched")
        }
        processorSeconds = last.processorSeconds - before.processorSeconds
        guard let most = during.filter({ $0.time <= firstEnd }).map(\.residentBytes).max() else {
            throw Failure(description: "the first attempt was too short to be watched")
        }
        grownBytes = most - before.residentBytes
        self.firstEnd = firstEnd
    }

    private static func emptyFile(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(filePath: path))
        return try FileHandle(forWritingTo: URL(filePath: path))
    }

    /// From `/proc`: ticks of 10 ms, pages of 4 KiB; nil once it is gone.
    private static func look(at identifier: Int32) -> Look? {
        let folder = "/proc/\(identifier)"
        guard let stat = FileManager.default.contents(atPath: folder + "/stat"),
            let statm = FileManager.default.contents(atPath: folder + "/statm")
        else { return nil }
        let text = String(decoding: stat, as: UTF8.self)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        let pages = String(decoding: statm, as: UTF8.self).split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]),
            pages.count > 1, let resident = Int(pages[1])
        else { return nil }
        return Look(
            time: Date.now.timeIntervalSince1970,
            processorSeconds: (user + system) / 100,
            residentBytes: resident * 4096
        )
    }
}

/// The programs beside this one.
enum Programs {
    static func path(_ name: String) -> String {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: name).path(percentEncoded: false)
    }
}

/// A folder for the files of one experiment; one that fails leaves it, with the logs in it.
enum ScratchFolder {
    static func make() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "bench-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        return folder
    }

    static func remove(_ folder: URL) throws { try FileManager.default.removeItem(at: folder) }
}
