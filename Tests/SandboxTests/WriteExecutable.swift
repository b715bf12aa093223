import Foundation
import Testing

/// Makes an executable file at `path`.
///
/// Copied by a process of its own: what this one has open for writing, a child of a test beside this one
/// may hold open for a moment, and an open file cannot be executed.
func writeExecutable(_ text: String, to path: String) throws {
    try text.write(toFile: path + ".text", atomically: false, encoding: .utf8)
    let copy = try Process.run(
        URL(filePath: "/usr/bin/install"),
        arguments: ["-m", "755", path + ".text", path]
    )
    copy.waitUntilExit()
    try #require(copy.terminationStatus == 0)
    try FileManager.default.removeItem(atPath: path + ".text")
}
