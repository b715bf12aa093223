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

/// The paths at which two files differ, apart from what depends on placement.
func differences(_ left: String, _ right: String) throws -> [String] {
    let (left, right) = (try content(of: left), try content(of: right))
    let placement = ["/episodes/rank", "/ranks/", "/sandbox_latency/", "/hosts/"]
    return left.keys.filter { path in
        !placement.contains(where: path.hasPrefix) && left[path] != right[path]
    }.sorted()
}
