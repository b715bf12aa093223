import Configuration
import Orchestration
import Sandbox

/// Starts the sandbox as a job would, and tells what is in force around it.
struct SandboxCheck {
    let configuration: JobConfiguration

    /// One finding; none when no snippet would run.
    func findings() -> [Finding] {
        guard configuration.agent.enabled else { return [] }
        do {
            let pool = try SandboxPool(
                configuration: SandboxConfiguration(configuration),
                sessionLimit: 1
            )
            defer { pool.shutdown() }
            let enforcement = pool.enforcement
            guard enforcement.isFull else {
                let remedy = "the boundary holds without these second locks"
                return [.warning("sandbox", enforcement.summary, remedy)]
            }
            return [.ok("sandbox", enforcement.summary)]
        } catch {
            return [.failure("sandbox", "\(error)", "")]
        }
    }
}
