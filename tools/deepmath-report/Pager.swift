import Foundation

/// The program that shows a long text page by page, chosen and started as git does it.
struct Pager {
    /// What is given to the shell.
    let command: String

    init(_ command: String) { self.command = command }

    /// What `PAGER` names, else `less`; nil when that is empty or `cat`, which is to say none.
    static var command: String? {
        let command = ProcessInfo.processInfo.environment["PAGER"] ?? "less"
        return command.isEmpty || command == "cat" ? nil : command
    }

    /// Shows `text` and waits until the reader has seen enough.
    ///
    /// - Returns: false when there is no such pager, so that nothing was shown.
    func show(_ text: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        var environment = ProcessInfo.processInfo.environment
        // One screen needs no pager, colours pass, and the text stays when the pager has gone.
        environment["LESS"] = environment["LESS"] ?? "FRX"
        environment["LV"] = environment["LV"] ?? "-c"
        process.environment = environment
        let pipe = Pipe()
        process.standardInput = pipe
        // A reader who leaves early closes the pipe: that is no failure. Ctrl-C is the pager's.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        try process.run()
        let terminal = Self.handOver(to: process.processIdentifier)
        do {
            try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        } catch {
            // The pager has seen enough.
        }
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        if terminal { Self.takeBack() }
        // The shell's status when it does not find the command.
        return process.terminationStatus != 127
    }

    /// Makes a process that has a group of its own the one that reads the keyboard.
    private static func handOver(to process: pid_t) -> Bool {
        guard getpgid(process) == process else { return false }
        // Without this, being in the background at the end would stop this process.
        signal(SIGTTOU, SIG_IGN)
        guard tcsetpgrp(STDOUT_FILENO, process) == 0 else { return false }
        // It may have asked for the keyboard a moment too early.
        kill(-process, SIGCONT)
        return true
    }

    private static func takeBack() {
        tcsetpgrp(STDOUT_FILENO, getpgrp())
    }
}
