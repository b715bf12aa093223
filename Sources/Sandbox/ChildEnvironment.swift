import Glibc

/// The environment that child processes get: what programs need, nothing that ties them to the
/// MPI job or gives away a secret.
public enum ChildEnvironment {
    /// Prefixes of variables that would make a child take part in the job's MPI or Slurm step.
    private static let jobPrefixes = [
        "PMI", "PMIX", "OMPI", "OPAL", "PRTE", "SLURM", "HYDRA", "MPI_",
    ]

    /// Words that, anywhere in a variable's name, mean that its value is nobody else's business.
    private static let secretWords = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "KEY", "CREDENTIAL"]

    /// This process's variables without job wiring and secrets, and with `additions`, which win.
    public static func inherited(adding additions: [String: String] = [:]) -> [String: String] {
        filtered(current()).merging(additions) { _, added in added }
    }

    static func filtered(_ variables: [String: String]) -> [String: String] {
        variables.filter { name, _ in
            let upper = name.uppercased()
            return !jobPrefixes.contains { upper.hasPrefix($0) }
                && !secretWords.contains { upper.contains($0) }
                && !upper.hasPrefix("LD_PRELOAD") && !upper.hasPrefix("LD_AUDIT")
        }
    }

    private static func current() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe entry += 1
        }
        return variables
    }
}
