extension TraceReader {
    /// Files that are steps of training; 0 for an evaluation.
    public var stepCount: Int {
        parts.map(\.file).count { $0.path.split(separator: "/").dropLast().last == "steps" }
    }
}
