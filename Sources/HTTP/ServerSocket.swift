// The scripted engine of the tests and of the simulation is a server, and sockets need `unsafe`,
// which only binding modules may write: so these few calls live here, for the package alone.

internal import CCurlShim
private import Glibc

/// A system call on a socket that failed.
package struct SocketFailure: Error, CustomStringConvertible {
    /// The call.
    package let call: String
    /// Its `errno`.
    package let code: Int32

    package var description: String { "\(call): \(unsafe String(cString: strerror(code)))" }

    init(_ call: String) {
        self.call = call
        code = errno
    }
}

/// A stream socket that never blocks; its owner closes it.
package struct ServerSocket: Sendable, Hashable {
    /// What reading brought.
    package enum Arrival {
        case bytes([UInt8])
        case nothingYet
        case end
    }

    package let number: Int32

    /// A socket that listens at `endpoint`; port 0 is replaced by a free one.
    ///
    /// - Returns: the socket and where it really listens.
    package static func listening(
        at endpoint: HTTPEndpoint
    ) throws(SocketFailure) -> (socket: ServerSocket, endpoint: HTTPEndpoint) {
        switch endpoint {
        case .unixSocket(let path): (try bound(path: path), endpoint)
        case .http(_, let port): try bound(port: port)
        }
    }

    private static func bound(path: String) throws(SocketFailure) -> ServerSocket {
        let socket = try made(family: AF_UNIX)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            unsafe target.copyBytes(from: path.utf8.prefix(HTTPEndpoint.longestSocketPath))
        }
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket.number, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try socket.listen(afterBind: code)
        return socket
    }

    private static func bound(
        port: Int
    ) throws(SocketFailure) -> (ServerSocket, HTTPEndpoint) {
        let socket = try made(family: AF_INET)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let code = unsafe bind(socket.number, address, size)
                return code != 0 ? code : unsafe getsockname(socket.number, address, &size)
            }
        }
        try socket.listen(afterBind: code)
        return (socket, .http(host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port))))
    }

    private static func made(family: Int32) throws(SocketFailure) -> ServerSocket {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(family, type | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SocketFailure("socket") }
        return ServerSocket(number: number)
    }

    private func listen(afterBind code: Int32) throws(SocketFailure) {
        guard code == 0, Glibc.listen(number, 1024) == 0 else {
            let failure = SocketFailure("bind")
            close()
            throw failure
        }
    }

    /// The next connection; nil when none waits.
    package func accept() -> ServerSocket? {
        // At once, for another thread may be starting a program, which must not have the connection.
        let connection = ccurl_accept(number)
        guard connection >= 0 else { return nil }
        return ServerSocket(number: connection)
    }

    /// What has arrived, at most 64 KiB.
    package func read() -> Arrival {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe Glibc.recv(number, &buffer, buffer.count, 0)
        if count > 0 { return .bytes(Array(buffer[..<count])) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .end
    }

    /// Sends what fits.
    ///
    /// - Returns: the number of bytes taken; nil when the other side is gone.
    package func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.send(number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// Closes the socket; what was sent is still delivered.
    package func close() {
        // Also for a program that is just being started and still has a copy: the other side must see it.
        _ = shutdown(number, Int32(SHUT_RDWR))
        _ = Glibc.close(number)
    }

    /// A pair of connected sockets, one to wake whoever waits for the other.
    package static func pair() throws(SocketFailure) -> (ServerSocket, ServerSocket) {
        var numbers: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        guard unsafe socketpair(AF_UNIX, type | Int32(SOCK_CLOEXEC.rawValue), 0, &numbers) == 0
        else { throw SocketFailure("socketpair") }
        return (ServerSocket(number: numbers[0]), ServerSocket(number: numbers[1]))
    }

    /// What to wait for on one socket.
    package struct Interest {
        package let socket: ServerSocket
        package let wantsWrite: Bool

        package init(_ socket: ServerSocket, wantsWrite: Bool) {
            self.socket = socket
            self.wantsWrite = wantsWrite
        }
    }

    /// Waits until a socket can be read, or written where that is wanted, or has ended.
    ///
    /// - Parameters:
    ///   - interests: the sockets, each with what to wait for.
    ///   - milliseconds: longest wait; negative: no bound.
    /// - Returns: the sockets to look at.
    package static func wait(for interests: [Interest], milliseconds: Int32) -> [ServerSocket] {
        var entries = interests.map { interest in
            let events = POLLIN | (interest.wantsWrite ? POLLOUT : 0)
            return pollfd(fd: interest.socket.number, events: Int16(events), revents: 0)
        }
        let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        guard count > 0 else { return [] }
        return entries.filter { $0.revents != 0 }.map { ServerSocket(number: $0.fd) }
    }
}
