/// One request.
public struct HTTPRequest: Sendable {
    /// What is done to the resource.
    public enum Method: String, Sendable {
        /// Read it.
        case get = "GET"
        /// Send it a JSON body.
        case post = "POST"
    }

    /// The server.
    public var endpoint: HTTPEndpoint
    /// GET, or POST with a JSON body.
    public var method: Method
    /// Path and query, percent-encoded, from `/` on.
    public var path: String
    /// What a POST sends.
    public var body: JSONBody
    /// From submission to the last byte of the response; above zero.
    public var deadline: Duration
    /// Largest response body accepted, in bytes.
    public var responseLimit: Int

    /// Largest response body unless stated otherwise: 256 MiB.
    public static let defaultResponseLimit = 256 << 20

    /// A GET of `path`.
    public static func get(
        _ path: String,
        at endpoint: HTTPEndpoint,
        deadline: Duration,
        responseLimit: Int = defaultResponseLimit
    ) -> HTTPRequest {
        HTTPRequest(
            endpoint: endpoint,
            method: .get,
            path: path,
            body: JSONBody([]),
            deadline: deadline,
            responseLimit: responseLimit
        )
    }

    /// A POST of `body` to `path`.
    public static func post(
        _ path: String,
        at endpoint: HTTPEndpoint,
        body: JSONBody,
        deadline: Duration,
        responseLimit: Int = defaultResponseLimit
    ) -> HTTPRequest {
        HTTPRequest(
            endpoint: endpoint,
            method: .post,
            path: path,
            body: body,
            deadline: deadline,
            responseLimit: responseLimit
        )
    }

    /// What is asked for, as errors name it: method and path.
    public var operation: String { "\(method.rawValue) \(path)" }
}

/// A whole response.
public struct HTTPResponse: Sendable, Hashable {
    /// HTTP status code, `100...599`.
    public let status: Int
    /// The body's bytes as they came.
    public let body: [UInt8]

    /// A response with `status` and `body`.
    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
