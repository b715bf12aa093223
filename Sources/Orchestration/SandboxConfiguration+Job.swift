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
            memoryLimitBytes: section.memoryMegabytes << 20,
            outputLimitBytes: section.outputBytes,
            require: section.require
        )
    }
}
