/// Where a server listens.
public enum HTTPEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A Unix-domain socket.
    ///
    /// - Parameter path: of the socket file, at most 107 bytes.
    case unixSocket(path: String)
    /// A TCP port, unencrypted.
    ///
    /// - Parameters:
    ///   - host: name or address; an IPv6 address without brackets.
    ///   - port: `1...65535`.
    case http(host: String, port: Int)

    /// Whether a connection begins with a question to a name server.
    public var isNamed: Bool {
        switch self {
        case .unixSocket: false
        case .http(let host, _):
            !host.contains(":") && !host.allSatisfy { $0.isNumber || $0 == "." }
        }
    }

    /// Longest path of a Unix-domain socket on Linux, in bytes: `sun_path` less its final zero.
    public static let longestSocketPath = 107

    /// Text that names no endpoint.
    public struct Invalid: Error, Equatable, CustomStringConvertible {
        /// The text.
        public let text: String
        /// What is wrong with it.
        public let reason: String

        /// One line: the text, what is wrong, and what would be right.
        public var description: String {
            "'\(text)' is not an endpoint: \(reason); write unix:/path/to/socket or "
                + "http://host:port"
        }
    }

    /// Reads `unix:/path` or `http://host:port`.
    ///
    /// A trailing slash is allowed; a missing port is 80. Any other path is refused, because the
    /// paths of the server's interface start at its root.
    ///
    /// - Throws: ``Invalid`` with the reason.
    public init(_ text: String) throws {
        if text.hasPrefix("unix:") {
            self = .unixSocket(path: try Self.socketPath(in: text))
        } else if text.hasPrefix("http://") {
            self = try Self.address(in: text)
        } else if text.hasPrefix("https://") {
            throw Invalid(text: text, reason: "https is not supported")
        } else {
            throw Invalid(text: text, reason: "it starts neither with unix: nor with http://")
        }
    }

    private static func socketPath(in text: String) throws -> String {
        var path = String(text.dropFirst("unix:".count))
        if path.hasPrefix("//") { path = String(path.dropFirst(2)) }
        guard path.hasPrefix("/") else {
            throw Invalid(text: text, reason: "the socket's path must be absolute")
        }
        guard path.utf8.count <= longestSocketPath else {
            let length = path.utf8.count
            throw Invalid(
                text: text,
                reason: "the socket's path has \(length) bytes, and at most \(longestSocketPath)"
                    + " are possible"
            )
        }
        return path
    }

    private static func address(in text: String) throws -> HTTPEndpoint {
        var rest = text.dropFirst("http://".count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains(where: { "/?#@".contains($0) || $0.isWhitespace }) else {
            throw Invalid(text: text, reason: "only a host and a port may follow http://")
        }
        var host = rest
        var port = 80
        let isBracketed = rest.hasPrefix("[")
        let hostEnd = isBracketed ? rest.lastIndex(of: "]") : rest.startIndex
        guard let hostEnd else { throw Invalid(text: text, reason: "a bracket is not closed") }
        if let colon = rest[hostEnd...].lastIndex(of: ":") {
            host = rest[..<colon]
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number)
            else { throw Invalid(text: text, reason: "the port is not a number in 1...65535") }
            port = number
        }
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw Invalid(text: text, reason: "the host is missing") }
        guard isBracketed || !host.contains(":") else {
            throw Invalid(text: text, reason: "an IPv6 address needs brackets")
        }
        return .http(host: String(host), port: port)
    }

    /// As ``init(_:)`` reads it.
    public var description: String {
        switch self {
        case .unixSocket(let path): "unix:\(path)"
        case .http(let host, let port):
            host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        }
    }

    /// The URL of `path` at this endpoint, as libcurl takes it.
    func url(path: String) -> String {
        switch self {
        case .unixSocket: "http://localhost" + path
        case .http: description + path
        }
    }
}
