/// Why a request got no response.
///
/// A response with an error status is not one of these.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Cause: Error, Sendable, Hashable {
        /// No complete response within the deadline.
        case timedOut(after: Duration)
        /// No connection: refused, no such socket or host, or not within the connect timeout.
        case connectionFailed(String)
        /// The connection ended before the response was complete.
        case cut(String)
        /// What came is not HTTP.
        case malformed(String)
        /// The body is larger than the request's limit, in bytes.
        case tooLarge(limit: Int)
        /// The task was cancelled; the transfer was aborted.
        case cancelled
        /// The client was closed before the response was complete.
        case closed
        /// libcurl failed in itself.
        case failed(String)
    }

    /// Method and path.
    public let operation: String
    /// The server.
    public let endpoint: HTTPEndpoint
    /// What went wrong.
    public let cause: Cause

    /// A failure of `operation` at `endpoint`.
    public init(operation: String, endpoint: HTTPEndpoint, cause: Cause) {
        self.operation = operation
        self.endpoint = endpoint
        self.cause = cause
    }

    /// One line: operation, endpoint, cause.
    public var description: String { "\(operation) at \(endpoint): \(cause)" }
}

extension HTTPError.Cause: CustomStringConvertible {
    /// The cause in a few words.
    public var description: String {
        switch self {
        case .timedOut(let duration): "no complete response within \(duration)"
        case .connectionFailed(let reason): "no connection (\(reason))"
        case .cut(let reason): "the connection was cut (\(reason))"
        case .malformed(let reason): "the response is not HTTP (\(reason))"
        case .tooLarge(let limit): "the response is larger than \(limit) bytes"
        case .cancelled: "cancelled"
        case .closed: "the client was closed"
        case .failed(let reason): "libcurl failed (\(reason))"
        }
    }
}
