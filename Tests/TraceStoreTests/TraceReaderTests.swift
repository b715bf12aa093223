import Foundation
import HDF5
import ParallelLaunch
import RolloutModel
import Testing

@testable import TraceStore

@Suite struct TraceReaderTests {
    @Test func aMissingPathIsNamed() {
        #expect(throws: TraceError.noRun(path: "/nowhere/run")) {
            try TraceReader(run: "/nowhere/run")
        }
    }

    @Test func aDirectoryWithoutTracesIsToldApart() throws {
        try withDirectory { directory in
            #expect(throws: TraceError.emptyRun(path: directory)) {
                try TraceReader(run: directory)
            }
        }
    }

    @Test func otherFilesAreForeign() throws {
        try withDirectory { directory in
            let text = directory + "/text.h5"
            try Data("no HDF5 at all".utf8).write(to: URL(filePath: text))
            #expect(throws: TraceError.foreign(path: text)) { try TraceReader(run: text) }

            let other = directory + "/other.h5"
            try HDF5File(creating: other).close()
            #expect(throws: TraceError.foreign(path: other)) { try TraceReader(run: other) }
        }
    }

    @Test func aNewerVersionIsNamed() throws {
        try withDirectory { directory in
            let path = directory + "/traces.h5"
            let file = try HDF5File(creating: path)
            try file.setAttribute("format", to: .string(TraceSchema.format))
            try file.setAttribute("schema_version", to: .integer(99))
            try file.close()
            let error = #expect(throws: TraceError.newerVersion(path: path, found: 99)) {
                try TraceReader(run: directory)
            }
            #expect(
                error?.description
                    == "\(path): written with schema version 99, this program knows up to "
                    + "\(TraceSchema.version); use the newer program"
            )
        }
    }

    @Test func aTruncatedFileIsDamaged() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "pack")
            let url = URL(filePath: directory + "/traces.h5")
            let bytes = try Data(contentsOf: url)
            for length in [bytes.count - 1, bytes.count / 2, 600] {
                try bytes.prefix(length).write(to: url)
                let error = #expect(throws: TraceError.self) {
                    try TraceReader(run: directory)
                }
                #expect(error?.isDamage == true)
                let text = "\(try #require(error))"
                #expect(text.hasPrefix(url.path) && text.contains("truncated file"), "\(text)")
                #expect(!text.contains("\n"))
            }
        }
    }

    @Test func anUnfinishedRunIsReadFromItsSegments() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 3, ending: "keep")
            let reader = try TraceReader(run: directory)
            #expect(!reader.isPacked)
            #expect(reader.episodeCount == 92)
            #expect(try reader.problems().count == 23)
            let samples = try reader.rankSamples()
            #expect(samples.count == 15)
            #expect(Set(samples.map(\.rank)) == [Rank(0), Rank(1), Rank(2)])
            #expect(samples.contains { $0.gpu == "GPU 2" && $0.host == "node-2" })
        }
    }

    @Test func stepsOfATrainingRunAreReadLikeSegments() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep")
            let run = RunDirectory(path: directory)
            let groups = try TraceReader(run: directory).groups()
            try FileManager.default.moveItem(atPath: run.segmentsPath, toPath: run.stepsPath)
            let reader = try TraceReader(run: directory)
            #expect(reader.episodeCount == 92)
            #expect(try reader.groups() == groups)
            #expect(groups.count == 46)
            #expect(try TraceVerification(run: directory).findings == [])
        }
    }

    @Test func aRunOfDamagedFilesAloneIsDamaged() throws {
        try withDirectory { directory in
            let run = RunDirectory(path: directory)
            try run.create()
            let file = try HDF5File(creating: run.segmentPath(1))
            try file.setAttribute("format", to: .string(TraceSchema.format))
            try file.setAttribute("schema_version", to: .integer(1))
            try file.close()
            var damage: [TraceError] = []
            let error = #expect(throws: TraceError.self) {
                try TraceReader(run: directory) { damage.append($0) }
            }
            #expect(error?.isDamage == true)
            #expect(
                try TraceVerification(run: directory).findings.map(\.path) == [run.segmentPath(1)]
            )
        }
    }

    @Test func transcriptsAreEpisodesWithoutTokens() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "pack")
            let reader = try TraceReader(run: directory)
            for row in 0..<reader.episodeCount {
                let stored = try reader.episode(EpisodeRow(row))
                let transcript = try reader.transcript(EpisodeRow(row))
                #expect(transcript.turns == stored.episode.trajectory.turns)
                #expect(transcript.toolCalls == stored.episode.toolCalls)
                #expect(transcript.grade == stored.episode.grade)
                #expect(transcript.rank == stored.rank)
                #expect(transcript.task == stored.episode.task)
            }
        }
    }

    @Test func aFileOfAnEarlierVersionLacksColumnsThatThenAreZero() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "pack")
            let before = try TraceReader(run: directory).outcomes()
            let path = directory + "/earlier.h5"
            try copy(directory + "/traces.h5", to: path, version: 2)
            let reader = try TraceReader(run: path)
            #expect(before.contains { $0.isCopiedFromStatement })
            #expect(try reader.outcomes().allSatisfy { !$0.isCopiedFromStatement })
            #expect(try reader.outcomes().map(\.task) == before.map(\.task))
            let last = try reader.episode(EpisodeRow(before.count - 1)).episode
            #expect(last.neutralizedCount == 0 && !last.opensThought)
            #expect(try TraceVerification(run: path).findings == [])
        }
    }

    @Test func outcomesAreThoseOfTheEpisodes() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "pack")
            let reader = try TraceReader(run: directory)
            let outcomes = try reader.outcomes()
            for row in 0..<reader.episodeCount {
                let episode = try reader.episode(EpisodeRow(row)).episode
                #expect(outcomes[row] == EpisodeOutcome(episode))
            }
            #expect(throws: TraceError.self) { try reader.episode(EpisodeRow(92)) }
        }
    }
}
