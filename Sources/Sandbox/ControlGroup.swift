import CSandboxShim
import Glibc
import Synchronization

/// A cgroup (version 2) around all processes of one pool, where the system has delegated one.
///
/// Each session has its own limits already; this one bounds their sum, and what the kernel ends
/// when memory runs out is then a session and not the engine beside it. It is made in this process's
/// own cgroup or in the one above, and only if that one hands the memory controller down: further up
/// the limits of the batch system would be left behind.
final class ControlGroup: Sendable {
    private static let prefix = "deepmath-sandbox-"
    private static let number = Atomic(0)

    /// Its directory, which the launcher enters.
    let path: String

    /// Nil where nothing is delegated, which is usual.
    ///
    /// - Parameters:
    ///   - memoryBytes: of all processes together.
    ///   - processLimit: of all sessions, zygotes and launchers.
    ///   - places: directories to try, in this order.
    ///   - controller: what a place must hand down.
    init?(
        memoryBytes: Int,
        processLimit: Int,
        places: [String] = ControlGroup.ownPlaces(),
        controller: String = "memory"
    ) {
        for place in places {
            let handedDown = Self.text("\(place)/cgroup.subtree_control")
            guard handedDown.split(whereSeparator: \.isWhitespace).contains(Substring(controller))
            else { continue }
            Self.removeLeftovers(in: place)
            let number = Self.number.add(1, ordering: .relaxed).newValue
            let path = "\(place)/\(Self.prefix)\(getpid())-\(number)"
            guard unsafe mkdir(path, 0o755) == 0 else { continue }
            Self.write("\(memoryBytes)", to: path + "/memory.max")
            // Swapping would only put the end off.
            Self.write("0", to: path + "/memory.swap.max")
            Self.write("\(processLimit)", to: path + "/pids.max")
            self.path = path
            return
        }
        return nil
    }

    /// Where the pool was dropped its processes may still be ending; a later pool removes the rest.
    deinit { _ = unsafe rmdir(path) }

    /// Removes it once its processes are gone, which may take a moment.
    func remove() {
        for _ in 0..<50 {
            if unsafe rmdir(path) == 0 || csandbox_errno() != EBUSY { return }
            usleep(10_000)
        }
    }

    /// This process's cgroup, and the one above it.
    static func ownPlaces() -> [String] {
        places(
            mounts: text("/proc/self/mounts"),
            membership: text("/proc/self/cgroup")
        )
    }

    /// The same, from what /proc/self/mounts and /proc/self/cgroup say.
    static func places(mounts: String, membership: String) -> [String] {
        let mount = mounts.split(separator: "\n").map { $0.split(separator: " ") }
            .first { $0.count > 2 && $0[2] == "cgroup2" }?[1]
        let own = membership.split(separator: "\n").first { $0.hasPrefix("0::/") }?.dropFirst(3)
        guard let mount, let own else { return [] }
        if own == "/" { return [String(mount)] }
        let path = String(mount) + own
        let above = path.lastIndex(of: "/").map { String(path[..<$0]) }
        // The root of all is nobody's to share.
        return [path] + (above.map { $0 == mount ? [] : [$0] } ?? [])
    }

    /// What a rank that was killed could not remove.
    private static func removeLeftovers(in place: String) {
        guard let directory = unsafe opendir(place) else { return }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            guard name.hasPrefix(prefix),
                let owner = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }),
                kill(owner, 0) != 0, csandbox_errno() == ESRCH
            else { continue }
            _ = unsafe rmdir("\(place)/\(name)")
        }
    }

    private static func text(_ path: String) -> String {
        do {
            let file = try Descriptor.open(path, flags: O_RDONLY)
            return String(decoding: file.contents(limit: 1 << 16), as: UTF8.self)
        } catch {
            return ""  // No cgroup of this version: nothing is delegated.
        }
    }

    private static func write(_ text: String, to path: String) {
        do {
            let file = try Descriptor.open(path, flags: O_WRONLY)
            _ = file.write(Array(text.utf8)[...])
        } catch {
            return  // A controller that is not handed down has no file.
        }
    }
}
