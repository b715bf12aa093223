/// The steps of a training run that are whole; read by this process alone, without MPI.
public struct RunSteps: Sendable {
    /// Number of the last step; 0 before the first.
    public let lastNumber: Int
    /// Root attributes of the last step, the schema's own included; empty before the first.
    public let lastAttributes: [String: String]

    /// The steps in a run directory.
    ///
    /// - Parameter directory: the run's.
    /// - Throws: ``TraceError`` when the last one is damaged, or one before it is missing.
    public init(run directory: String) throws {
        let run = RunDirectory(path: directory)
        let numbers = try run.stepNumbers()
        if let missing = (1...max(1, numbers.count)).first(where: { !numbers.contains($0) }),
            !numbers.isEmpty
        {
            throw TraceError.damaged(
                path: run.stepPath(missing),
                reason: "the file is missing, and later steps are there"
            )
        }
        lastNumber = numbers.last ?? 0
        lastAttributes =
            numbers.isEmpty ? [:] : try TraceFile(run.stepPath(lastNumber)).attributes()
    }
}
