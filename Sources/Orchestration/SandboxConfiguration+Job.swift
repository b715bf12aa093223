public import Configuration
public import Sandbox

extension SandboxConfiguration {
    /// The sandbox that a job's configuration describes.
    public init(_ configuration: JobConfiguration) {
        let section = configuration.sandbox
        self.init(
            python: configuration.sandboxPython,
            allowedModules: section.modules,
            snippetTimeout: .seconds(section.snippetSeconds),
            // One thread cannot use more; the second is for the kernel's rounding.
            cpuSeconds: Int(section.snippetSeconds.rounded(.up)) + 1,
            memoryLimitBytes: section.memoryMegabytes << 20,
            outputLimitBytes: section.outputBytes,
            require: section.require
        )
    }
}
