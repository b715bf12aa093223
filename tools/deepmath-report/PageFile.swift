import ArgumentParser
import Configuration
import Foundation
import HDF5

/// A file that is written piece by piece and has its name only when it is whole.
final class PageFile {
    private let path: String
    private let temporary: String
    private let handle: FileHandle
    private var block: [UInt8] = []

    private static let blockCount = 1 << 20

    /// - Throws: `ValidationError` when nothing can be written there.
    init(path: String) throws {
        self.path = path
        temporary = path + ".tmp"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw ValidationError("\(path): cannot be written") }
        self.handle = handle
    }

    /// Adds bytes.
    func write(_ bytes: some Sequence<UInt8>) throws {
        block += bytes
        if block.count >= Self.blockCount { try flush() }
    }

    /// Gives the file its name, in place of one that is there.
    func publish() throws {
        try flush()
        try handle.close()
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try FilePublication.publish(temporary, as: path, in: folder)
    }

    /// Removes what was written.
    func discard() {
        do {
            try FileManager.default.removeItem(atPath: temporary)
        } catch {
            complain("\(temporary): left behind: \(FileFailure.reason(error))")
        }
    }

    private func flush() throws {
        try handle.write(contentsOf: Data(block))
        block.removeAll(keepingCapacity: true)
    }
}
