// Where the traces of a run lie: RUN/segments/000001.h5, ... while it runs, RUN/traces.h5 afterwards.
// A file has its final name only when it is whole; what ends in .tmp was cut off and is worth nothing.

import FoundationEssentials

/// The files of one run.
struct RunDirectory: Hashable, Sendable {
    /// The run's directory.
    let path: String

    /// The packed file.
    var packedPath: String { path + "/traces.h5" }
    /// Where segments lie.
    var segmentsPath: String { path + "/segments" }

    /// The file of segment `number`, 1 or above.
    func segmentPath(_ number: Int) -> String {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return segmentsPath + "/" + zeros + digits + ".h5"
    }

    /// Numbers of the segments that are whole, ascending.
    func segmentNumbers() throws -> [Int] {
        guard FileManager.default.fileExists(atPath: segmentsPath) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: segmentsPath)
            .compactMap { name in
                name.hasSuffix(".h5") ? Int(name.dropLast(3)) : nil
            }.sorted()
    }

    /// Whether the packed file is there.
    var isPacked: Bool { FileManager.default.fileExists(atPath: packedPath) }

    /// Makes the directories that are missing.
    func create() throws {
        try FileManager.default.createDirectory(
            atPath: segmentsPath,
            withIntermediateDirectories: true
        )
    }

    /// Removes what a killed process left behind, and the segments that the packed file contains.
    func removeLeftovers(packedThrough: Int) throws {
        var leftovers = try FileManager.default.contentsOfDirectory(atPath: segmentsPath)
            .filter { $0.hasSuffix(".tmp") }.map { segmentsPath + "/" + $0 }
        leftovers += try segmentNumbers().filter { $0 <= packedThrough }.map(segmentPath)
        leftovers += ["", ".space.tmp"].map { packedPath + ".tmp" + $0 }
            .filter { FileManager.default.fileExists(atPath: $0) }
        for leftover in leftovers { try FileManager.default.removeItem(atPath: leftover) }
    }

    /// Removes the segments' directory when nothing is in it.
    func removeEmptySegments() throws {
        guard FileManager.default.fileExists(atPath: segmentsPath),
            try FileManager.default.contentsOfDirectory(atPath: segmentsPath).isEmpty
        else { return }
        try FileManager.default.removeItem(atPath: segmentsPath)
    }
}
