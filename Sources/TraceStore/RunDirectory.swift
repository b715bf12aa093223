// Where the traces of a run lie: RUN/segments/000001.h5, ... while it runs, RUN/traces.h5 afterwards;
// RUN/steps/000001.h5, ... one for each step of a training run, which stay as they are;
// RUN/unfinished/000001.h5, ... has attempts that the end of a job cut off, the latest file counting.
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

    /// Where the steps of a training run lie.
    var stepsPath: String { path + "/steps" }

    /// Where attempts lie that the end of a job cut off.
    var unfinishedPath: String { path + "/unfinished" }

    /// The file of segment `number`, 1 or above.
    func segmentPath(_ number: Int) -> String { segmentsPath + "/" + Self.fileName(number) }

    /// The file of step `number`.
    func stepPath(_ number: Int) -> String { stepsPath + "/" + Self.fileName(number) }

    /// What the trainer measured in update `number`.
    func metricsPath(_ number: Int) -> String {
        let digits = String(number)
        return path + "/policy/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
            + "/metrics.json"
    }

    /// The file with what the `number`th job that was cut off left, 1 or above.
    func unfinishedPath(_ number: Int) -> String {
        unfinishedPath + "/" + Self.fileName(number)
    }

    /// Numbers of the segments that are whole, ascending.
    func segmentNumbers() throws -> [Int] { try Self.numbers(in: segmentsPath) }

    /// Numbers of the steps that are whole, ascending.
    func stepNumbers() throws -> [Int] { try Self.numbers(in: stepsPath) }

    /// Numbers of the files with unfinished attempts that are whole, ascending.
    func unfinishedNumbers() throws -> [Int] { try Self.numbers(in: unfinishedPath) }

    private static func fileName(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".h5"
    }

    private static func numbers(in folder: String) throws -> [Int] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            return []
        }
        guard isFolder else { throw TraceError.noFolder(path: folder) }
        let names: Set<String>
        do {
            names = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        } catch {
            throw TraceError.unreadable(path: folder)
        }
        return
            names.compactMap { name in
                name.hasSuffix(".h5") ? Int(name.dropLast(3)) : nil
            }
            // Another spelling of a number is another file, and none of ours.
            .filter { (1...lastNumber).contains($0) && names.contains(fileName($0)) }
            .sorted()
    }

    /// The highest number that a file may have.
    static let lastNumber = 999_999_999

    /// Whether the packed file is there.
    var isPacked: Bool { FileManager.default.fileExists(atPath: packedPath) }

    /// When the packed file was made; nil while there is none.
    func packedAt() -> Date? {
        guard isPacked else { return nil }
        do {
            return try FileManager.default.attributesOfItem(atPath: packedPath)[.modificationDate]
                as? Date
        } catch {
            // It is gone since: as if it had not been there.
            return nil
        }
    }

    /// Makes the directories that are missing.
    func create() throws { try create(segmentsPath) }

    /// Makes the directory of unfinished attempts when it is missing.
    func createUnfinished() throws { try create(unfinishedPath) }

    /// Makes the directory of steps when it is missing, and removes what a killed process left in it.
    func createSteps() throws {
        try create(stepsPath)
        for name in try names(in: stepsPath) where name.hasSuffix(".tmp") {
            try remove(stepsPath + "/" + name)
        }
    }

    /// Removes the unfinished attempts: the run has them all as results.
    func removeUnfinished() throws {
        guard FileManager.default.fileExists(atPath: unfinishedPath) else { return }
        try remove(unfinishedPath)
    }

    /// Removes what a killed process left behind, and the segments that the packed file contains.
    func removeLeftovers(packedThrough: Int) throws {
        var leftovers = try names(in: segmentsPath)
            .filter { $0.hasSuffix(".tmp") }.map { segmentsPath + "/" + $0 }
        leftovers += try segmentNumbers().filter { $0 <= packedThrough }.map(segmentPath)
        leftovers += ["", ".space.tmp"].map { packedPath + ".tmp" + $0 }
            .filter { FileManager.default.fileExists(atPath: $0) }
        for leftover in leftovers { try remove(leftover) }
    }

    /// Removes the segments' directory when nothing is in it.
    func removeEmptySegments() throws {
        guard FileManager.default.fileExists(atPath: segmentsPath),
            try names(in: segmentsPath).isEmpty
        else { return }
        try remove(segmentsPath)
    }

    /// Makes sure that a directory of the run is still there before something is written into it.
    ///
    /// - Throws: ``TraceError/gone(path:)``.
    func checkPresence(of folder: String) throws {
        guard FileManager.default.fileExists(atPath: folder) else {
            throw TraceError.gone(
                path: FileManager.default.fileExists(atPath: path) ? folder : path
            )
        }
    }

    private func create(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw TraceError.unwritable(path: folder)
        }
    }

    private func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            try checkPresence(of: folder)
            throw TraceError.unreadable(path: folder)
        }
    }

    private func remove(_ path: String) throws {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw TraceError.unwritable(path: path)
        }
    }
}
