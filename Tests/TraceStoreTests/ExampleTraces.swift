import HDF5
import ParallelLaunch
import Testing

@testable import TraceStore

/// Makes the example run of `parallel-checks` in `directory`, and checks there that all of it comes back.
///
/// - Parameters:
///   - directory: of the run.
///   - rankCount: 0 is one process without mpirun.
///   - ending: `pack` or `keep`.
///   - problems: which of the 23 problems; all when nil.
/// - Throws: when the job fails.
func makeExample(
    in directory: String,
    rankCount: Int,
    ending: String,
    problems: Range<Int>? = nil
) throws {
    let range = problems.map { ["\($0.lowerBound)", "\($0.upperBound)"] } ?? []
    let outcome = try ParallelLaunch.run(
        ["traces", directory, ending] + range,
        rankCount: rankCount
    )
    try #require(outcome.exitCode == 0, "\(outcome.output)")
    try #require(outcome.output.contains("passed on"), "\(outcome.output)")
}

/// The content of every dataset of a file, by path.
func content(of path: String) throws -> [String: [UInt64]] {
    let file = try HDF5File(opening: path)
    var content: [String: [UInt64]] = [:]
    for dataset in TraceSchema.tables.flatMap(\.datasets) {
        let open = try file.openDataset(dataset.path)
        content[dataset.path] =
            switch dataset.column.type {
            case .uint8: try open.readAll(UInt8.self).map(\.digestBits)
            case .int32: try open.readAll(Int32.self).map(\.digestBits)
            case .int64: try open.readAll(Int64.self).map(\.digestBits)
            case .uint64: try open.readAll(UInt64.self)
            case .float: try open.readAll(Float.self).map(\.digestBits)
            case .double: try open.readAll(Double.self).map(\.digestBits)
            case .int8, .int16: []
            }
    }
    return content
}

/// Writes a packed file as a program that knew `version` of the schema would have written it.
func copy(_ path: String, to copy: String, version: Int) throws {
    let source = try HDF5File(opening: path)
    let file = try HDF5File(creating: copy)
    for dataset in TraceSchema.datasets(in: version) {
        let original = try source.openDataset(dataset.path)
        let bytes = try bytes(of: original, dataset.column.type)
        var totals = Extents()
        totals[dataset.extent] = Int64(try original.count())
        let made = try file.create(dataset, totals, .contiguous)
        try made.write(bytes: bytes, of: dataset.column.type, at: 0)
        guard case .integer(let checksum)? = try source.attribute("crc32", of: dataset.path) else {
            throw TraceError.damaged(path: path, reason: "no checksum")
        }
        try file.setAttribute("crc32", to: .integer(checksum), of: dataset.path)
        try made.close()
    }
    for name in try source.attributeNames() {
        guard let value = try source.attribute(name) else { continue }
        try file.setAttribute(name, to: name == "schema_version" ? .integer(Int64(version)) : value)
    }
    try file.close()
}

/// All elements of a dataset, as they lie in the file.
private func bytes(of dataset: borrowing HDF5Dataset, _ type: ElementType) throws -> [UInt8] {
    var bytes: [UInt8] = []
    switch type {
    case .uint8: bytes = try dataset.readAll(UInt8.self)
    case .int32: bytes.append(elements: try dataset.readAll(Int32.self))
    case .int64: bytes.append(elements: try dataset.readAll(Int64.self))
    case .uint64: bytes.append(elements: try dataset.readAll(UInt64.self))
    case .float: bytes.append(elements: try dataset.readAll(Float.self))
    case .double: bytes.append(elements: try dataset.readAll(Double.self))
    case .int8, .int16: Issue.record("no column is declared so")
    }
    return bytes
}

/// The paths at which two files differ, apart from what depends on placement.
func differences(_ left: String, _ right: String) throws -> [String] {
    let (left, right) = (try content(of: left), try content(of: right))
    let placement = ["/episodes/rank", "/ranks/", "/sandbox_latency/", "/hosts/"]
    return left.keys.filter { path in
        !placement.contains(where: path.hasPrefix) && left[path] != right[path]
    }.sorted()
}
