import Foundation
import HDF5
import ParallelLaunch
import RolloutModel
import Testing

@testable import TraceStore

/// Numbers that no run has, in files that are otherwise whole.
@Suite struct DamagedValueTests {
    private static let example = Result {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "pack")
            return try Data(contentsOf: URL(filePath: directory + "/traces.h5"))
        }
    }

    /// Lends the example with other values at row 3 of a dataset.
    private func withChange<Element: HDF5Element>(
        _ dataset: String,
        _ values: [Element],
        _ body: (String) throws -> Void
    ) throws {
        try withDirectory { directory in
            let path = directory + "/traces.h5"
            try Self.example.get().write(to: URL(filePath: path))
            let file = try HDF5File(opening: path, access: .readWrite)
            let open = try file.openDataset(dataset)
            try open.write(values, at: 3)
            try open.close()
            try file.close()
            try body(path)
        }
    }

    /// Row 3 is left out with its dataset's name, and the 91 others are what they were.
    private func expectOneRowLeftOut(_ path: String, _ dataset: String) throws {
        var damage: [TraceError] = []
        let reader = try TraceReader(run: path) { damage.append($0) }
        #expect(reader.episodeCount == 91)
        #expect(try reader.outcomes().count == 91)
        #expect(damage.map(\.path) == [path])
        #expect(damage.allSatisfy { "\($0)".contains("episode 3: \(dataset)") }, "\(damage)")
        #expect(throws: TraceError.self) { try TraceReader(run: path) }
    }

    @Test(arguments: [Int64.max, 1 << 62, -1, .min])
    func aCountThatCannotBeIsNamedAndLeftOut(count: Int64) throws {
        for name in ["sampled_token_count", "cached_token_count", "prompt_token_count"] {
            let dataset = "/episodes/" + name
            try withChange(dataset, [count]) { try expectOneRowLeftOut($0, dataset) }
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1])
    func aTimeThatCannotBeIsNamedAndLeftOut(seconds: Double) throws {
        let dataset = "/episodes/total_seconds"
        try withChange(dataset, [seconds]) { try expectOneRowLeftOut($0, dataset) }
    }

    @Test func indicesAndCodesThatCannotBeAreNamedAndLeftOut() throws {
        try withChange("/episodes/sample_index", [Int32(-1)]) {
            try expectOneRowLeftOut($0, "/episodes/sample_index")
        }
        try withChange("/episodes/outcome", [UInt8(200)]) {
            try expectOneRowLeftOut($0, "/episodes/outcome")
        }
        try withChange("/episodes/problem_index", [Int32.max]) {
            try expectOneRowLeftOut($0, "there is no problem")
        }
        try withChange("/episodes/answer_first", [Int64.max]) {
            try expectOneRowLeftOut($0, "a text lies outside")
        }
        try withChange("/episodes/answer_count", [Int64(1) << 62]) {
            try expectOneRowLeftOut($0, "a text lies outside")
        }
    }

    /// Mended, the text would be longer than its row says, and packing would not end.
    @Test func aTextThatIsNoTextIsNamedAndLeftOut() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep")
            let path = RunDirectory(path: directory).segmentPath(2)
            let file = try HDF5File(opening: path, access: .readWrite)
            for dataset in ["/episodes/text", "/turns/text"] {
                let open = try file.openDataset(dataset)
                try open.write([UInt8](repeating: 0xff, count: 3), at: 0)
                try open.close()
            }
            try file.close()
            var damage: [TraceError] = []
            let reader = try TraceReader(run: directory) { damage.append($0) }
            #expect(damage.count == 1 && "\(damage)".contains("a text is not UTF-8"), "\(damage)")
            #expect(reader.episodeCount == 91)
            #expect(throws: TraceError.self) { try TraceReader(run: directory) }
        }
    }

    @Test func rowsThatClaimTheSameTextAreDamage() throws {
        try withChange("/episodes/answer_count", [Int64](repeating: 100, count: 80)) { path in
            #expect(throws: TraceError.self) { try TraceReader(run: path) }
        }
    }

    @Test func roundsThatCannotBeAreLeftOutOfTheSpeed() throws {
        try withChange("/ranks/ended_at", [Double.nan]) { path in
            var damage: [TraceError] = []
            let reader = try TraceReader(run: path) { damage.append($0) }
            let samples = try reader.rankSamples()
            #expect(samples.count == 4 && damage.count == 1)
            #expect(RunThroughput(samples).tokensPerSecond.isFinite)
        }
        let rounds = [0.0, 1e9].map { end in
            RankSample(
                round: 0,
                rank: Rank(0),
                host: "",
                gpu: "",
                inFlightCount: 0,
                episodeCount: 0,
                sampledTokenCount: 1,
                restartCount: 0,
                wallSeconds: .leastNonzeroMagnitude,
                endedAt: end,
                sandboxLatency: SandboxLatency(counts: [Int32](repeating: .max, count: 16))
            )
        }
        #expect(SpeedSeries(rounds).points.count == 120)
        #expect(SandboxLatency.sum(rounds.map(\.sandboxLatency)).counts[0] == .max)
    }

    @Test(arguments: ["directory", "pipe", "text"])
    func whatIsNoTraceFileIsNamedAndLeftOut(kind: String) throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep")
            let path = RunDirectory(path: directory).segmentPath(3)
            try FileManager.default.removeItem(atPath: path)
            switch kind {
            case "directory":
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: true
                )
            case "pipe": _ = unsafe mkfifo(path, 0o600)
            default: try Data("text".utf8).write(to: URL(filePath: path))
            }
            var damage: [TraceError] = []
            let reader = try TraceReader(run: directory) { damage.append($0) }
            #expect(damage.map(\.path) == [path])
            #expect((60..<92).contains(reader.episodeCount))
            #expect(try TraceVerification(run: directory).findings.map(\.path) == [path])
        }
    }

    @Test func namesOfSegmentsThatNoWriterGivesAreNone() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep")
            for name in ["9223372036854775807.h5", "-1.h5", "0000003.h5", "+5.h5", "3.h5"] {
                try Data().write(to: URL(filePath: directory + "/segments/" + name))
            }
            #expect(try TraceReader(run: directory).lastSegment == 6)
        }
    }
}
