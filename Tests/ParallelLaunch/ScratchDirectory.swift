import Foundation

/// Lends a new empty directory and removes it afterwards.
///
/// - Parameter body: gets its path.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, or when the directory cannot be made.
@discardableResult
public func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory
        .appending(path: "deepmath-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer {
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            print("left behind: \(directory.path): \(error)")
        }
    }
    return try body(directory.path)
}
