/// Which locks are in force around the interpreter, as the kernel confirmed when they were set.
///
/// No new privileges, limits and the system-call filter are the boundary: without one of them
/// nothing starts. The others are second locks, used where the system has them.
public struct SandboxEnforcement: Sendable, Equatable {
    /// Programs cannot give the process more privileges; always true.
    public let noNewPrivileges = true
    /// Memory, processes, files and CPU are limited; always true.
    public let resourceLimits = true
    /// Sessions get the system-call filter; a pool without it does not start.
    public let systemCallFilter: Bool
    /// The version of Landlock in force; 0: none.
    public let landlockABI: Int
    /// An own user namespace (not used by root, which becomes another user instead).
    public let userNamespace: Bool
    /// An own mount namespace.
    public let mountNamespace: Bool
    /// An own, empty network.
    public let networkNamespace: Bool
    /// No shared memory or queues with other processes.
    public let ipcNamespace: Bool
    /// Other processes cannot be seen.
    public let processNamespace: Bool
    /// An own host name.
    public let hostNameNamespace: Bool
    /// The root directory is empty.
    public let emptyRoot: Bool
    /// Started by root and running as nobody.
    public let droppedRoot: Bool
    /// Memory addresses repeat from run to run.
    public let fixedAddresses: Bool
    /// A cgroup limits the memory and processes of all sessions together.
    public let controlGroup: Bool

    init(bits: UInt64, landlockABI: UInt64) {
        func has(_ bit: Int) -> Bool { bits & (1 << UInt64(bit)) != 0 }
        self.landlockABI = has(0) ? Int(clamping: landlockABI) : 0
        emptyRoot = has(1)
        droppedRoot = has(2)
        userNamespace = has(8)
        mountNamespace = has(9)
        networkNamespace = has(10)
        ipcNamespace = has(11)
        processNamespace = has(12)
        hostNameNamespace = has(13)
        fixedAddresses = has(16)
        controlGroup = has(17)
        systemCallFilter = has(18)
    }

    /// Every lock by the name that `sandbox.require` uses, and whether it is in force.
    public var locks: [(name: String, isInForce: Bool)] {
        [
            ("no_new_privs", noNewPrivileges), ("rlimits", resourceLimits),
            ("seccomp", systemCallFilter), ("landlock", landlockABI > 0),
            ("user_namespace", userNamespace || droppedRoot), ("mount_namespace", mountNamespace),
            ("network_namespace", networkNamespace), ("ipc_namespace", ipcNamespace),
            ("pid_namespace", processNamespace), ("uts_namespace", hostNameNamespace),
            ("empty_root", emptyRoot), ("fixed_addresses", fixedAddresses),
            ("cgroup", controlGroup),
        ]
    }

    /// The names that `sandbox.require` may hold.
    public static var lockNames: [String] {
        SandboxEnforcement(bits: 0, landlockABI: 0).locks.map(\.name)
    }

    /// Whether every second lock that the kernel can give without an administrator is in force.
    public var isFull: Bool {
        locks.allSatisfy { $0.isInForce || $0.name == "cgroup" }
    }

    /// One line: `full` or `partial`, what is in force, and what is not.
    public var summary: String {
        let inForce = locks.filter(\.isInForce).map { lock in
            lock.name == "landlock" ? "landlock (ABI \(landlockABI))" : lock.name
        }
        let missing = locks.filter { !$0.isInForce }.map(\.name)
        return (isFull ? "full: " : "partial: ") + inForce.joined(separator: ", ")
            + (missing.isEmpty ? "" : "; without " + missing.joined(separator: ", "))
    }
}
