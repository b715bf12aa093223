/// The version of this program, as traces record it.
enum ProgramVersion {
    /// Semantic version.
    static let text = "0.1.0"
}
