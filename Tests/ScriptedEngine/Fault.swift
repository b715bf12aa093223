/// What the scripted engine does wrong.
public enum Fault: Sendable, Hashable, Codable {
    /// Takes the request and never answers.
    case hang
    /// Answers with an error status.
    case status(Int, message: String)
    /// Closes the connection before it answers.
    case drop
    /// Closes the connection in the middle of the body.
    case cut
    /// Sends bytes that are no HTTP.
    case garbage
    /// Sends a body that breaks off, with a length that fits it.
    case brokenJSON
    /// Leaves a field of the choice (or the whole answer) out.
    case missingField(String)
    /// Sends one log-probability less than ids.
    case fewerLogProbabilities
    /// Sends other JSON in place of fields of the answer, of the choice or of the usage, by name.
    case otherValues([String: String])
    /// Answers this many seconds late.
    case slow(seconds: Double)
    /// Ends the process at once; in process: stops serving and drops all connections.
    case die
}

/// A fault and the requests it befalls.
public struct PlannedFault: Sendable, Hashable, Codable {
    /// The fault.
    public var fault: Fault
    /// Path of the requests.
    public var path: String
    /// Requests to let pass before it.
    public var after: Int
    /// Requests that it befalls.
    public var count: Int

    /// `fault` for `count` requests of `path`, after `after` good ones.
    public init(
        _ fault: Fault,
        path: String = "/v1/completions",
        after: Int = 0,
        count: Int = 1
    ) {
        self.fault = fault
        self.path = path
        self.after = after
        self.count = count
    }
}
