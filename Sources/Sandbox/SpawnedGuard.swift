import CSandboxShim
import Glibc

/// The `posix_spawn` of one guard: which descriptor goes where, with which arguments.
struct SpawnedGuard {
    private let options: GuardedProcess.Options
    /// What becomes 3, 4, and so on; the last one is the guard's control socket.
    var childDescriptors: [Descriptor] = []
    var standardInput: Descriptor?
    var standardOutput: Descriptor?

    init(_ options: GuardedProcess.Options) { self.options = options }

    /// - Returns: the guard's process identifier.
    func spawn() throws -> pid_t {
        let path = try ExecutableDirectory.path(of: "process-guard")
        // Sources that have a target's number would be overwritten before their turn.
        var placements: [(source: Descriptor, target: Int32)] = []
        for (source, target) in try standardDescriptors() {
            placements.append((try source.duplicateOutOfTheWay(), target))
        }
        for (index, source) in childDescriptors.enumerated() {
            placements.append((try source.duplicateOutOfTheWay(), Int32(3 + index)))
        }

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for placement in placements {
            unsafe posix_spawn_file_actions_adddup2(
                &actions,
                placement.source.number,
                placement.target
            )
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe csandbox_spawn_set_new_session(&attributes)
        unsafe csandbox_spawn_set_defaults(&attributes)

        var identifier: pid_t = 0
        let status = unsafe withCStrings(arguments(path)) { arguments in
            unsafe withCStrings(options.environment.map { "\($0.key)=\($0.value)" }.sorted()) {
                environment in
                unsafe posix_spawn(
                    &identifier,
                    path,
                    &actions,
                    &attributes,
                    arguments,
                    environment
                )
            }
        }
        withExtendedLifetime(placements) {}
        guard status == 0 else { throw SystemCallError("posix_spawn", path, number: status) }
        return identifier
    }

    private func arguments(_ path: String) -> [String] {
        [
            path, "--grace-ms", "\(max(0, options.grace.wholeMillisecondsRoundedUp))",
            "--keep", "\(childDescriptors.count - 1)", "--nice", "\(options.niceness)", "--",
            options.executable,
        ] + options.arguments
    }

    private func standardDescriptors() throws -> [(Descriptor, Int32)] {
        var placements = [
            (try standardInput ?? Descriptor.open("/dev/null", flags: O_RDONLY), STDIN_FILENO)
        ]
        let log = try options.logPath.map { path throws(SystemCallError) in
            try Descriptor.open(path, flags: O_WRONLY | O_APPEND | O_CREAT)
        }
        if let output = standardOutput ?? log { placements.append((output, STDOUT_FILENO)) }
        if let error = options.standardError ?? log { placements.append((error, STDERR_FILENO)) }
        return placements
    }
}
