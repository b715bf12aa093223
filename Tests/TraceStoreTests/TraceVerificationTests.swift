import Foundation
import HDF5
import ParallelLaunch
import Testing

@testable import TraceStore

@Suite struct TraceVerificationTests {
    @Test(arguments: ["keep", "pack"])
    func whatWasWrittenIsWhole(ending: String) throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 2, ending: ending)
            let verification = try TraceVerification(run: directory)
            #expect(verification.findings == [])
            #expect(verification.episodeCount == 92)
            #expect(verification.byteCount > 100_000)
        }
    }

    @Test(
        arguments: TraceSchema.tables.flatMap(\.datasets).map(\.path).filter {
            !$0.contains("text")
        }
    )
    func aChangedElementOfAnyColumnIsFound(dataset: String) throws {
        try withDirectory { directory in
            let path = directory + "/traces.h5"
            try Self.packedExample.get().write(to: URL(filePath: path))
            let file = try HDF5File(opening: path, access: .readWrite)
            try Self.flipLowestBit(of: dataset, in: file)
            try file.close()
            let verification = try TraceVerification(run: directory)
            #expect(
                verification.findings.contains {
                    $0.path == path && $0.reason.contains(dataset)
                },
                "\(verification.findings)"
            )
        }
    }

    @Test func aCutOffSegmentIsNamedAndTheOthersAreStillRead() throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "keep")
            let path = RunDirectory(path: directory).segmentPath(3)
            let bytes = try Data(contentsOf: URL(filePath: path))
            try bytes.prefix(bytes.count - 100).write(to: URL(filePath: path))
            let verification = try TraceVerification(run: directory)
            #expect(verification.findings.map(\.path) == [path])
            #expect(verification.fileCount == 6)
            #expect((60..<92).contains(verification.episodeCount))
        }
    }

    /// The example, made once.
    private static let packedExample = Result {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 0, ending: "pack")
            return try Data(contentsOf: URL(filePath: directory + "/traces.h5"))
        }
    }

    private static func flipLowestBit(
        of dataset: String,
        in file: borrowing HDF5File
    ) throws {
        let open = try file.openDataset(dataset)
        let declaration = TraceSchema.tables.flatMap(\.datasets).first { $0.path == dataset }
        switch try #require(declaration).column.type {
        case .uint8: try open.write([open.read(UInt8.self, in: 1..<2)[0] ^ 1], at: 1)
        case .int32: try open.write([open.read(Int32.self, in: 1..<2)[0] ^ 1], at: 1)
        case .int64: try open.write([open.read(Int64.self, in: 1..<2)[0] ^ 1], at: 1)
        case .uint64: try open.write([open.read(UInt64.self, in: 1..<2)[0] ^ 1], at: 1)
        case .float: try open.write([open.read(Float.self, in: 1..<2)[0].nextUp], at: 1)
        case .double: try open.write([open.read(Double.self, in: 1..<2)[0].nextUp], at: 1)
        case .int8, .int16: Issue.record("no column is declared so")
        }
    }
}
