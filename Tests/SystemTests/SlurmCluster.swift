import Foundation

/// A Slurm of two nodes on this machine: its own munged, slurmctld and two slurmd, as root.
///
/// Each slurmd is a node of its own to Slurm and to PMIx, with a GPU that is a character device
/// without a driver. Nothing in /etc is read or written, and no daemon of the system is touched.
final class SlurmCluster {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A job as the controller shows it.
    struct Job {
        let fields: [String: String]

        var state: String { fields["JobState"] ?? "" }
        var restartCount: Int { fields["Restarts"].flatMap { Int($0) } ?? 0 }
        var exitCode: String { fields["ExitCode"] ?? "" }
        var hasEnded: Bool {
            ["COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY"]
                .contains(state)
        }
    }

    static let nodes = ["n0", "n1"]
    private static let firstPort = 26_800 + Int(getpid() % 500) * 4

    /// Why no cluster can be had here; nil when one can.
    static var obstacle: String? {
        if getuid() != 0 { return "Slurm's daemons need root here" }
        let programs = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd"]
        let missing = programs.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        return missing.isEmpty
            ? nil : "not installed: \(missing.joined(separator: ", ")) (tools/setup --with-slurm)"
    }

    let folder: URL
    private var environment: [String: String] { ["SLURM_CONF": path("slurm.conf")] }

    /// Starts the daemons and waits until both nodes are idle.
    init() throws {
        // Short: sockets lie below it.
        folder = URL(filePath: "/tmp/dm-slurm-\(UUID().uuidString.prefix(6))")
        let folders =
            ["state", "log", "munge", "dev", "out"]
            + Self.nodes.flatMap { ["spool/\($0)", "t/\($0)"] }
        for name in folders {
            try FileManager.default.createDirectory(
                atPath: path(name),
                withIntermediateDirectories: true
            )
        }
        try setMode(0o711, of: "munge")
        try Data().write(to: folder.appending(path: "plugstack.conf"))
        let key = Data((0..<1024).map { _ in UInt8.random(in: 0...255) })
        try key.write(to: folder.appending(path: "munge/key"))
        try setMode(0o600, of: "munge/key")
        try run("/bin/mknod", [path("dev/nvidia0"), "c", "1", "3"])
        try configuration().write(toFile: path("slurm.conf"), atomically: true, encoding: .utf8)
        try """
        AutoDetect=off
        NodeName=n[0-1] Name=gpu File=\(path("dev/nvidia0"))

        """.write(toFile: path("gres.conf"), atomically: true, encoding: .utf8)
        do {
            try startDaemons()
        } catch {
            stop()
            throw error
        }
    }

    private func startDaemons() throws {
        try run(
            "/usr/sbin/munged",
            [
                "--socket=" + path("munge/m.sock"), "--key-file=" + path("munge/key"),
                "--pid-file=" + path("munge/m.pid"), "--log-file=" + path("munge/m.log"),
                "--seed-file=" + path("munge/seed"), "--num-threads=2",
            ]
        )
        try run("/usr/sbin/slurmctld", ["-f", path("slurm.conf"), "-c"])
        for node in Self.nodes {
            try run("/usr/sbin/slurmd", ["-f", path("slurm.conf"), "-N", node])
        }
        let deadline = ContinuousClock.now + .seconds(60)
        while try run("/usr/bin/sinfo", ["-h", "-t", "idle", "-o", "%D"]) != "\(Self.nodes.count)" {
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    description: "the nodes are not idle after 60 s: see \(folder.path)/log"
                )
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    /// Ends jobs and daemons, and removes the files.
    func stop() {
        _ = try? run("/usr/bin/scancel", ["-u", "root"])
        let deadline = ContinuousClock.now + .seconds(20)
        while let queue = try? run("/usr/bin/squeue", ["-h"]), !queue.isEmpty,
            ContinuousClock.now < deadline
        {
            Thread.sleep(forTimeInterval: 0.1)
        }
        let files = Self.nodes.map { "slurmd.\($0).pid" } + ["slurmctld.pid", "munge/m.pid"]
        let daemons = files.compactMap { name in
            (try? String(contentsOfFile: path(name), encoding: .utf8))
                .flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        for daemon in daemons { kill(daemon, SIGTERM) }
        let end = ContinuousClock.now + .seconds(20)
        while daemons.contains(where: { kill($0, 0) == 0 }), ContinuousClock.now < end {
            Thread.sleep(forTimeInterval: 0.05)
        }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Submits a batch script from the project's root.
    ///
    /// - Returns: the job's number.
    func submit(
        _ options: [String],
        script: String,
        _ arguments: [String],
        environment: [String: String]
    ) throws -> String {
        let fixed = ["--parsable", "--output=" + path("out/%j.log")]
        return try run(
            "/usr/bin/sbatch",
            fixed + options + [script] + arguments,
            environment
        )
    }

    /// What the controller says of a job.
    func job(_ number: String) throws -> Job {
        let text = try run("/usr/bin/scontrol", ["-o", "show", "job", number])
        let pairs = text.split(separator: " ").compactMap { field -> (String, String)? in
            let parts = field.split(separator: "=", maxSplits: 1)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        return Job(fields: Dictionary(pairs) { first, _ in first })
    }

    /// Waits until a job has ended for good.
    func end(of number: String, within seconds: Double) throws -> Job {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let job = try job(number)
            if job.hasEnded { return job }
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    description:
                        "job \(number) is \(job.state) after \(seconds) s: \(try log(number))"
                )
            }
            Thread.sleep(forTimeInterval: 0.2)
        }
    }

    /// What a job has printed.
    func log(_ number: String) throws -> String {
        let file = path("out/\(number).log")
        guard FileManager.default.fileExists(atPath: file) else { return "" }
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    /// Does what an administrator would: `scontrol ARGUMENTS`.
    func control(_ arguments: [String]) throws { try run("/usr/bin/scontrol", arguments) }

    /// Sends a signal to the processes of a job's steps, as a user would.
    func signal(_ name: String, job number: String) throws {
        try run("/usr/bin/scancel", ["--signal=" + name, number])
    }

    private func setMode(_ mode: Int, of name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    @discardableResult
    private func run(
        _ program: String,
        _ arguments: [String],
        _ more: [String: String] = [:]
    ) throws -> String {
        let process = Process()
        let output = path("out/command-\(UUID().uuidString.prefix(8))")
        try Data().write(to: URL(filePath: output))
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Tests run on threads that block signals, and children inherit that. They also inherit the
        // socket by which Process learns of the end, and a daemon would keep it open.
        let closing =
            #"for f in /proc/$$/fd/*; do f=${f##*/}; [ $f -gt 2 ] && eval "exec $f>&-"; done"#
        process.arguments =
            ["--default-signal=INT,TERM,USR1,QUIT,CHLD", "bash", "-c", closing + #"; exec "$@""#]
            + ["bash", program] + arguments
        process.currentDirectoryURL = Program.root
        let ambient = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SLURM_") }
        process.environment = ambient.merging(environment) { $1 }.merging(more) { $1 }
        process.standardInput = FileHandle.nullDevice
        // A file, not a pipe: daemons would hold a pipe open.
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOfFile: output, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")): \(text)")
        }
        return text
    }

    private func configuration() throws -> String {
        let host = String(ProcessInfo.processInfo.hostName.prefix { $0 != "." })
        let port = Self.firstPort
        let nodeLines = Self.nodes.enumerated().map { index, node in
            "NodeName=\(node) NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(port + 1 + index) CPUs=8 "
                + "Boards=1 SocketsPerBoard=1 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=2000 "
                + "Gres=gpu:1 State=UNKNOWN"
        }
        return """
            ClusterName=test
            SlurmctldHost=\(host)(127.0.0.1)
            AuthType=auth/munge
            CredType=cred/munge
            AuthInfo=socket=\(path("munge/m.sock")),cred_expire=5
            SlurmUser=root
            SlurmdUser=root
            SlurmctldPort=\(port)
            SlurmctldPidFile=\(path("slurmctld.pid"))
            SlurmdPidFile=\(path("slurmd.%n.pid"))
            StateSaveLocation=\(path("state"))
            SlurmdSpoolDir=\(path("spool/%n"))
            TmpFS=\(path("t/%n"))
            SlurmctldLogFile=\(path("log/slurmctld.log"))
            SlurmdLogFile=\(path("log/slurmd.%n.log"))
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            SchedulerType=sched/backfill
            SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0,sched_min_interval=0
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SwitchType=switch/none
            MpiDefault=none
            ReturnToService=2
            SlurmctldTimeout=30
            SlurmdTimeout=60
            InactiveLimit=0
            KillWait=10
            MinJobAge=600
            Waittime=0
            JobRequeue=1
            MailProg=/bin/true
            PlugStackConfig=\(path("plugstack.conf"))
            SlurmdParameters=config_overrides
            GresTypes=gpu
            \(nodeLines.joined(separator: "\n"))
            PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO

            """
    }
}
