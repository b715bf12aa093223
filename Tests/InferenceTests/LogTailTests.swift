import Foundation
import ScriptedEngine
import Testing

@testable import Inference

@Suite struct LogTailTests {
    private let scratch: ScratchDirectory
    private let path: String

    init() throws {
        scratch = try ScratchDirectory()
        path = scratch.path + "/log"
    }

    private func append(_ text: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    @Test func onlyWhatCameLaterIsQuoted() throws {
        try append("old\n")
        let tail = LogTail(path: path)
        #expect(tail.lines(3).isEmpty)
        try append("a\nb\nc\nd\n")
        #expect(tail.lines(3) == ["b", "c", "d"])
    }

    @Test func reasonBeforeALongFarewellIsQuoted() throws {
        let tail = LogTail(path: path)
        try append("RuntimeError: no such head size\n")
        for index in 0..<50 { try append("farewell \(index)\n - leaked type \(index)\n") }
        #expect(
            tail.lines(2)
                == ["RuntimeError: no such head size", "farewell 48", "farewell 49"]
        )
    }

    @Test func longLogIsReadFromItsEnd() throws {
        let tail = LogTail(path: path)
        try append(String(repeating: "line of the log\n", count: 100_000) + "last\n")
        #expect(tail.lines(1) == ["last"])
    }

    @Test(arguments: ["/no/such/log", "/dev/full", "/dev/zero"])
    func whatIsNoFileHasNoLines(path: String) {
        #expect(LogTail(path: path).lines(5).isEmpty)
    }
}
