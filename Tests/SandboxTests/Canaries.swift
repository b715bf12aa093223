import Foundation
import Synchronization
import Testing

@testable import Sandbox

/// What a hostile snippet would like to reach: files, sockets, an environment variable and an open
/// descriptor, laid out so that any effect on them can be seen.
final class Canaries: Sendable {
    static let fileText = "file-canary-91bc"
    static let environmentText = "env-canary-7f3a"

    /// The folder that `@FIX@` stands for.
    let folder: String
    private let sockets: ListeningSockets?
    private let victimChanged: Int

    /// - Parameter listening: whether the fixed ports are taken; only one at a time can.
    /// - Throws: when a file or socket cannot be made.
    init(listening: Bool = true) throws {
        folder =
            FileManager.default.temporaryDirectory
            .appending(path: "sandbox-canaries-\(UUID().uuidString)").path
        let files = FileManager.default
        try files.createDirectory(atPath: folder + "/wr", withIntermediateDirectories: true)
        try Self.write("\(Self.fileText)\n", to: folder + "/secret.txt")
        try Self.write("S = '\(Self.fileText)'\n", to: folder + "/sbx_secret_mod.py")
        try Self.write("intact", to: folder + "/victim.txt")
        try Self.write("\(Self.fileText)\n", to: folder + "/m.zip")
        // numpy's format, version 1.0: a row of bytes.
        let header = "{'descr': '|S16', 'fortran_order': False, 'shape': (1,), }"
        let padded = header + String(repeating: " ", count: 117 - header.count) + "\n"
        var array = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0])
        array += Data(padded.utf8) + Data(Self.fileText.utf8)
        try array.write(to: URL(filePath: folder + "/secret.npy"))
        for path in ["", "/wr"] {
            try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder + path)
        }
        victimChanged = Self.statusChange(of: folder + "/victim.txt")
        sockets = listening ? try ListeningSockets(unixPath: folder + "/s.sock") : nil
        unsafe setenv("SBX_SECRET", Self.environmentText, 1)
        Self.leaveOpen(folder + "/secret.txt")
    }

    /// Left open as 77, which an attack names, and inheritable on purpose.
    ///
    /// Once, and only while 77 is free: it may be a socket of a test that runs beside this one.
    private static func leaveOpen(_ path: String) {
        guard !isSecretOpen.exchange(true, ordering: .sequentiallyConsistent) else { return }
        let secret = unsafe open(path, O_RDONLY)
        let number = fcntl(secret, F_DUPFD, 77)
        if number > 77 { close(number) }
        close(secret)
    }

    private static let isSecretOpen = Atomic(false)

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
    }

    /// Whether the victim file has its text, and nothing else about it was ever changed: its mode,
    /// owner, times, attributes, names.
    var isVictimIntact: Bool {
        let path = folder + "/victim.txt"
        return (try? String(contentsOfFile: path, encoding: .utf8)) == "intact"
            && Self.statusChange(of: path) == victimChanged
    }

    private static func statusChange(of path: String) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return -1 }
        return status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
    }

    /// Whether anything connected to, or sent to, one of the sockets.
    var wasContacted: Bool { sockets?.wereContacted() ?? false }

    /// Files that appeared in the writable folder.
    var writtenFiles: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder + "/wr")) ?? []
    }
}

/// Sockets that wait for a caller that must not come.
private final class ListeningSockets: Sendable {
    private let descriptors: [Int32]

    init(unixPath: String) throws {
        descriptors = [
            Self.internet(type: SOCK_STREAM, port: 47811),
            Self.internet(type: SOCK_DGRAM, port: 47812),
            Self.unix(path: Array(unixPath.utf8)), Self.unix(path: [0] + Array("sbx-canary".utf8)),
        ].filter { $0 >= 0 }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    func wereContacted() -> Bool {
        descriptors.contains { descriptor in
            var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&event, 1, 0) > 0
        }
    }

    private static func internet(type: __socket_type, port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
        var reuse: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return bound(descriptor, &address, socklen_t(MemoryLayout<sockaddr_in>.size))
    }

    private static func unix(path: [UInt8]) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        return bound(descriptor, &address, socklen_t(2 + path.count))
    }

    private static func bound<Address>(
        _ descriptor: Int32,
        _ address: inout Address,
        _ size: socklen_t
    ) -> Int32 {
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size)
            }
        }
        guard status == 0 else {
            close(descriptor)
            return -1
        }
        listen(descriptor, 8)
        return descriptor
    }
}
