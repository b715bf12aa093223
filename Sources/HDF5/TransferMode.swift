/// How a write really went, as HDF5 tells afterwards (H5Pget_mpio_actual_io_mode).
public enum TransferMode: Int32, Sendable {
    /// Each process for itself, as in a serial file.
    case independent = 0
    /// Chunks one after the other, each process for itself.
    case chunkIndependent = 1
    /// All chunks in collective operations.
    case chunkCollective = 2
    /// Some chunks collectively, some not.
    case chunkMixed = 3
    /// One collective operation over a contiguous dataset.
    case contiguousCollective = 4

    /// Whether all ranks wrote together.
    public var isCollective: Bool {
        switch self {
        case .chunkCollective, .contiguousCollective: true
        case .independent, .chunkIndependent, .chunkMixed: false
        }
    }
}
