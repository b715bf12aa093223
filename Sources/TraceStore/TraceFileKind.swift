internal import HDF5

/// What a trace file is for.
enum TraceFileKind: String {
    /// One round, or one step of training: written plainly and fast.
    case segment
    /// The whole run: compressed, with HDF5's checksums.
    case packed

    /// The attributes by which a reader knows it.
    func facts(lastSegment: Int) -> [(name: String, value: AttributeValue)] {
        [("kind", .string(rawValue)), ("last_segment", .integer(Int64(lastSegment)))]
    }
}
