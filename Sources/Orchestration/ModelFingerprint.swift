private import Datasets
private import Foundation

/// Tells models apart by their files, in the time it takes to list them.
///
/// Small files (configuration, tokenizer, chat template) are hashed whole. Of a weights file the
/// size and both ends count, one mebibyte each: hashing tens of gigabytes would hold up every start,
/// and weights that differ nowhere but in their middle are not met in practice.
enum ModelFingerprint {
    private static let endBytes: UInt64 = 1 << 20

    /// One line a file, `name size sha256`, in the order of names; a line on where it comes from
    /// when the model is no directory of ours.
    static func text(ofModelAt path: String) throws -> String {
        guard FileManager.default.fileExists(atPath: path) else {
            return "\(path) (resolved by the engine)"
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        return try names.compactMap { name in
            try line(name: name, file: URL(fileURLWithPath: path).appendingPathComponent(name))
        }.joined(separator: "\n")
    }

    private static func line(name: String, file: URL) throws -> String? {
        let values = try file.resolvingSymlinksInPath()
            .resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
        guard values.isRegularFile == true, let size = values.fileSize else { return nil }
        let handle = try FileHandle(forReadingFrom: file)
        var bytes: [UInt8]
        if UInt64(size) <= 2 * endBytes {
            bytes = Array(try handle.readToEnd() ?? Data())
        } else {
            bytes = Array(try handle.read(upToCount: Int(endBytes)) ?? Data())
            try handle.seek(toOffset: UInt64(size) - endBytes)
            bytes += Array(try handle.readToEnd() ?? Data())
        }
        try handle.close()
        return "\(name) \(size) \(SHA256.hexDigest(of: bytes))"
    }
}
