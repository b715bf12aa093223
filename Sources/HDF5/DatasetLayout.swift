/// How the elements of a dataset lie in its file.
public enum DatasetLayout: Hashable, Sendable {
    /// One run of bytes, of a size known when the dataset is made, which has its place from then on; no
    /// filters.
    case contiguous
    /// Chunks of `count` elements, each filtered on its own. An extendible dataset may grow later;
    /// one of fixed length has chunks no longer than itself, and is contiguous when it is empty.
    case chunked(count: Int, filters: Filters = Filters(), isExtendible: Bool = false)

    /// What each chunk goes through on its way into the file.
    public struct Filters: Hashable, Sendable {
        /// Bytes of equal weight lie together, which deflate likes.
        public var shuffles: Bool
        /// Level of deflate, 1...9; nil leaves it out.
        public var deflateLevel: Int?
        /// A Fletcher-32 checksum that every reader checks.
        public var checks: Bool

        /// No filter unless named.
        public init(shuffles: Bool = false, deflateLevel: Int? = nil, checks: Bool = false) {
            self.shuffles = shuffles
            self.deflateLevel = deflateLevel
            self.checks = checks
        }
    }
}
