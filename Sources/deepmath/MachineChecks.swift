import Configuration
import Foundation

/// Checks of programs and devices, by asking them.
struct MachineChecks {
    let configuration: JobConfiguration

    private static let launcherSeconds = 20.0
    private static let importSeconds = 180.0

    /// Findings in a fixed order.
    func findings() async throws -> [Finding] {
        async let launcher = launcher()
        async let graphics = graphics()
        async let engine = engine()
        async let sandbox = sandboxLibraries()
        async let grader = graderLibraries()
        return try await launcher + graphics + engine + sandbox + grader
    }

    private func launcher() async throws -> [Finding] {
        switch try await ProgramOutput.of("mpirun", ["--version"], seconds: Self.launcherSeconds) {
        case .lines(let lines):
            return [.ok("launcher", lines.first ?? "mpirun")]
        case .failed(let how):
            return [
                .warning("launcher", "mpirun ended with \(how)", "start jobs with srun instead")
            ]
        case .missing:
            let srun = try await ProgramOutput.of(
                "srun",
                ["--version"],
                seconds: Self.launcherSeconds
            )
            if case .lines(let lines) = srun {
                return [.ok("launcher", "srun (\(lines.first ?? "Slurm")), no mpirun")]
            }
            let remedy = "install openmpi-bin or load the MPI module; one rank runs without"
            return [.warning("launcher", "neither mpirun nor srun is on PATH", remedy)]
        }
    }

    private func graphics() async throws -> [Finding] {
        let visible = ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"]
        let count: Int
        let source: String
        if let visible {
            count = visible.split(separator: ",").count
            source = "CUDA_VISIBLE_DEVICES=\(visible)"
        } else {
            let listed = try await ProgramOutput.of(
                "nvidia-smi",
                ["--list-gpus"],
                seconds: Self.launcherSeconds
            )
            switch listed {
            case .lines(let lines):
                count = lines.count { $0.hasPrefix("GPU ") }
                source = "nvidia-smi"
            case .missing:
                count = 0
                source = "no nvidia-smi"
            case .failed(let how):
                let remedy = "set CUDA_VISIBLE_DEVICES, or ask the administrator about the driver"
                return [.warning("GPUs", "nvidia-smi ended with \(how)", remedy)]
            }
        }
        let needed = configuration.engine.tensorParallel
        if count == 0 {
            guard needed == 1 || !configuration.engine.attach.isEmpty else {
                let remedy = "set engine.tensor_parallel to 1, or check on a GPU node"
                return [.failure("GPUs", "none, but one engine needs \(needed)", remedy)]
            }
            return [.ok("GPUs", "none (\(source)): engines use the CPU")]
        }
        guard count >= needed || !configuration.engine.attach.isEmpty else {
            let remedy = "lower engine.tensor_parallel or ask for more GPUs"
            return [.failure("GPUs", "\(count) (\(source)), an engine needs \(needed)", remedy)]
        }
        return [
            .ok("GPUs", "\(count) (\(source)): room for \(count / needed) workers on this node")
        ]
    }

    private func engine() async throws -> [Finding] {
        let attached = configuration.engine.attach
        guard attached.isEmpty else {
            return [.ok("engine", "attaches to \(attached.joined(separator: ", "))")]
        }
        return try await libraries("engine", configuration.engine.python, ["vllm", "torch"])
    }

    private func sandboxLibraries() async throws -> [Finding] {
        guard configuration.agent.enabled else { return [] }
        let modules = ["numpy", "scipy", "sympy"]
        return try await libraries("sandbox Python", configuration.sandboxPython, modules)
    }

    private func graderLibraries() async throws -> [Finding] {
        let modules = ["math_verify", "sympy"]
        return try await libraries("grader Python", configuration.gradingPython, modules)
    }

    /// What really importing `modules` shows.
    private func libraries(
        _ subject: String,
        _ python: String,
        _ modules: [String]
    ) async throws -> [Finding] {
        let result = try await ProgramOutput.of(
            python,
            ["-s", "-c", PythonImports.program] + modules,
            seconds: Self.importSeconds
        )
        switch result {
        case .missing:
            let key = subject == "engine" ? "engine.python" : "its python key or engine.python"
            let remedy = "run tools/setup, or set \(key)"
            return [.failure(subject, "\(python): no such program", remedy)]
        case .failed(let how):
            let remedy = "run \(python) -c 'import \(modules[0])'"
            return [.failure(subject, "\(python) ended with \(how) while importing", remedy)]
        case .lines(let lines):
            return PythonImports(lines: lines, modules: modules).findings(subject, python: python)
        }
    }
}
