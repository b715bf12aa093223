import Foundation
import ScriptedEngine
import Testing

@testable import Inference

@Suite struct SocketPlaceTests {
    private func permissions(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?
            .intValue
    }

    @Test func shortRunDirectoryHoldsThePrivatePlace() throws {
        let scratch = try ScratchDirectory()
        let run = scratch.path + "/run"
        let place = try SocketPlace(runDirectory: run)
        #expect(place.path == run + "/engine/socket")
        #expect(try permissions(run + "/engine") == 0o700)
        #expect(place.remove() == nil)
        #expect(!FileManager.default.fileExists(atPath: run + "/engine"))
    }

    @Test func deepRunDirectoryIsReplacedByATemporaryOne() throws {
        let scratch = try ScratchDirectory()
        let run = scratch.path + "/" + String(repeating: "deep/", count: 30)
        let place = try SocketPlace(runDirectory: run)
        #expect(!place.path.hasPrefix(run))
        #expect(place.path.utf8.count <= 107)
        #expect(
            try permissions(URL(filePath: place.path).deletingLastPathComponent().path()) == 0o700
        )
        #expect(place.remove() == nil)
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/deep"))
    }

    @Test func leftOverSocketIsRemoved() throws {
        let scratch = try ScratchDirectory()
        let run = scratch.path + "/run"
        let old = try SocketPlace(runDirectory: run)
        #expect(FileManager.default.createFile(atPath: old.path, contents: nil))
        let new = try SocketPlace(runDirectory: run)
        #expect(new.isTaken)
        try new.removeSocket()
        #expect(!new.isTaken)
        #expect(new.remove() == nil)
    }

    @Test func unusableRunDirectoryIsNamed() {
        let cause = #expect(throws: InferenceError.Cause.self) {
            try SocketPlace(runDirectory: "/dev/null/run")
        }
        #expect(cause?.description.contains("/dev/null/run") == true)
    }
}
