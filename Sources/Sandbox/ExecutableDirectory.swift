import Glibc

/// Where this program's other executables are: beside the running one, so that no path is built in.
enum ExecutableDirectory {
    /// The path of the executable `name`.
    ///
    /// Test bundles run from an executable of the toolchain's, so the directory of each of this
    /// process's own arguments counts, too.
    static func path(of name: String) throws(SandboxError) -> String {
        for directory in candidates() {
            let path = directory + "/" + name
            if unsafe access(path, X_OK) == 0 { return path }
        }
        throw .executableMissing(name: name, directory: candidates().joined(separator: " or "))
    }

    /// The absolute path of a program named by a path or, without a slash, by a name to look up.
    ///
    /// Symbolic links stay: a virtual environment is one.
    static func resolved(_ program: String) -> String {
        if program.hasPrefix("/") { return program }
        if program.contains("/") { return currentDirectory() + "/" + program }
        let path = ChildEnvironment.inherited()["PATH"] ?? ""
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let candidate = "\(directory)/\(program)"
            if unsafe access(candidate, X_OK) == 0 { return candidate }
        }
        return program
    }

    private static func currentDirectory() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let path = unsafe buffer.withUnsafeMutableBufferPointer { target in
            unsafe getcwd(target.baseAddress, target.count)
        }
        return unsafe path.map { unsafe String(cString: $0) } ?? "."
    }

    private static func candidates() -> [String] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = unsafe buffer.withUnsafeMutableBufferPointer { target in
            guard let start = target.baseAddress else { return 0 }
            return unsafe readlink("/proc/self/exe", start, target.count - 1)
        }
        var directories: [String] = []
        if count > 0 {
            let path = String(
                decoding: buffer[..<count].map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
            directories.append(directory(of: path))
        }
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            directories.append(directory(of: argument))
        }
        return directories
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
