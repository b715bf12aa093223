import Foundation
import HDF5
import ParallelLaunch
import Testing

@testable import TraceStore

@Suite struct TraceWriterTests {
    private func mount(_ arguments: [String]) throws -> Int32 {
        try Self.run("/bin/mount", arguments)
    }

    private func unmount(_ directory: String) throws -> Int32 {
        try Self.run("/bin/umount", [directory])
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
        let process = try Process.run(URL(filePath: program), arguments: arguments)
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test(arguments: [0, 1, 2, 3], ["pack", "keep"])
    func everyColumnComesBackAsWritten(rankCount: Int, ending: String) throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: rankCount, ending: ending)
        }
    }

    @Test(arguments: [0, 2, 3])
    func stepsOfTrainingComeBackAsWritten(rankCount: Int) throws {
        try withDirectory { directory in
            let outcome = try ParallelLaunch.run(["steps", directory], rankCount: rankCount)
            #expect(outcome.exitCode == 0, "\(outcome.output)")
        }
    }

    @Test func thePackedFileDoesNotDependOnTheRankCount() throws {
        try withDirectory { directory in
            for rankCount in 1...3 {
                try makeExample(
                    in: directory + "/\(rankCount)",
                    rankCount: rankCount,
                    ending: "pack"
                )
            }
            let first = directory + "/1/traces.h5"
            #expect(try !content(of: first)["/tokens/id", default: []].isEmpty)
            for rankCount in 2...3 {
                #expect(try differences(first, directory + "/\(rankCount)/traces.h5") == [])
            }
        }
    }

    @Test(arguments: ["keep", "pack"])
    func aRunGoesOnFromSegmentsOrFromAPackedFile(ending: String) throws {
        try withDirectory { directory in
            let (whole, parts) = (directory + "/whole", directory + "/parts")
            try makeExample(in: whole, rankCount: 1, ending: "pack")
            try makeExample(in: parts, rankCount: 3, ending: ending, problems: 9..<23)
            try makeExample(in: parts, rankCount: 2, ending: "pack", problems: 0..<9)
            #expect(try differences(whole + "/traces.h5", parts + "/traces.h5") == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: parts) == ["traces.h5"])
        }
    }

    @Test func segmentsThatThePackedFileContainsAreNotReadTwice() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep")
            let run = RunDirectory(path: directory)
            let kept = directory + "/kept"
            try FileManager.default.copyItem(atPath: run.segmentsPath, toPath: kept)
            try makeExample(in: directory, rankCount: 0, ending: "pack", problems: 0..<0)
            // As after a kill between the renaming of the packed file and the removal of segments.
            try FileManager.default.moveItem(atPath: kept, toPath: run.segmentsPath)
            #expect(try TraceReader(run: directory).episodeCount == 92)
            try makeExample(in: directory, rankCount: 0, ending: "pack", problems: 0..<0)
            #expect(try TraceReader(run: directory).episodeCount == 92)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["traces.h5"])
        }
    }

    @Test func anAttemptStoredTwiceIsRefusedWhenPacking() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep", problems: 3..<5)
            let outcome = try ParallelLaunch.run(
                ["traces", directory, "pack", "4", "6"],
                rankCount: 2
            )
            #expect(outcome.exitCode == 3)
            #expect(
                outcome.output.contains("problem 4, sample 0 is stored twice"),
                "\(outcome.output)"
            )
            #expect(try RunDirectory(path: directory).segmentNumbers().count == 12)
        }
    }

    @Test func aDirectoryOfOtherProblemsIsRefused() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep")
            // The first 9 of its 23 problems: a run may grow, and does not shrink.
            let outcome = try ParallelLaunch.run(["steps", directory], rankCount: 2)
            #expect(outcome.exitCode == 3)
            #expect(outcome.output.contains("this run has other problems"), "\(outcome.output)")
            #expect(try TraceReader(run: directory).episodeCount == 92)
        }
    }

    @Test(arguments: [0, 2, 3])
    func aFullDiskStopsAllRanksWithWhatIsThere(rankCount: Int) throws {
        try withDirectory { directory in
            let outcome = try ParallelLaunch.run(
                ["diskFull", directory, "300000"],
                rankCount: rankCount
            )
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            // Rounds of 1, 2, 4, 8 and 16 attempts fit, the sixth does not.
            #expect(outcome.output.contains("safe 31\n"), "\(outcome.output)")
            #expect(outcome.output.contains("File too large"), "\(outcome.output)")
            #expect(try TraceVerification(run: directory).findings == [])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory + "/segments")
                    .allSatisfy { $0.hasSuffix(".h5") }
            )
        }
    }

    @Test func aWriteThatFailsOnOneRankStopsAllWithWhatIsThere() throws {
        try withDirectory { directory in
            // Rank 0 sets space aside; what it finds is not true for the last rank's bytes.
            let outcome = try ParallelLaunch.run(
                ["diskFull", directory, "300000", "2"],
                rankCount: 3
            )
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            #expect(outcome.output.contains("safe "), "\(outcome.output)")
            #expect(outcome.output.contains("MPI_File_write_at_all of \(directory)/segments/"))
            #expect(try TraceVerification(run: directory).findings == [])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory + "/segments")
                    .allSatisfy { $0.hasSuffix(".h5") }
            )
        }
    }

    @Test(.enabled(if: getuid() == 0, "only root mounts a small file system"))
    func aFullFileSystemStopsAllRanksWithWhatIsThere() throws {
        try withDirectory { directory in
            try #require(
                try mount(["-t", "tmpfs", "-o", "size=3m", "tmpfs", directory]) == 0,
                "no tmpfs can be mounted"
            )
            defer {
                do {
                    #expect(try unmount(directory) == 0)
                } catch {
                    Issue.record(error)
                }
            }
            let outcome = try ParallelLaunch.run(["diskFull", directory, "0"], rankCount: 3)
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            #expect(outcome.output.contains("No space left on device"), "\(outcome.output)")
            #expect(outcome.output.contains("safe "), "\(outcome.output)")
            #expect(try TraceVerification(run: directory).findings == [])
        }
    }

    @Test func aDamagedSegmentStopsPackingAndStays() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 3, ending: "keep")
            let run = RunDirectory(path: directory)
            let file = try HDF5File(opening: run.segmentPath(3), access: .readWrite)
            let mask = try file.openDataset("/tokens/loss_mask")
            let value = try mask.read(UInt8.self, in: 5..<6)[0]
            try mask.write([1 - value], at: 5)
            try mask.close()
            try file.close()
            let outcome = try ParallelLaunch.run(
                ["traces", directory, "pack", "0", "0"],
                rankCount: 2
            )
            #expect(outcome.exitCode == 3, "\(outcome.output)")
            #expect(
                outcome.output.contains("\(run.segmentPath(3)): damaged: episode"),
                "\(outcome.output)"
            )
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["segments"])
            #expect(try TraceReader(run: directory).episodeCount == 92)
        }
    }
}
