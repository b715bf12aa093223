import Foundation

/// The version of this program, as traces record it.
enum ProgramVersion {
    /// Semantic version.
    static let text = "0.1.0"

    /// The version with the commit that `tools/build` wrote beside the program; other builds have none.
    static var withCommit: String {
        let files = FileManager.default
        guard let program = try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            let commit = try? String(contentsOfFile: program + ".commit", encoding: .utf8)
        else { return text }
        return text + ", commit " + commit.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
