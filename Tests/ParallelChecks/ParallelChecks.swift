// Checks that run on every rank of a job: `parallel-checks NAME [ARGUMENT...]`.
// Swift Testing starts them through ParallelLaunch, on one rank without a launcher and on several
// under mpirun. A check that fails says so on standard error and aborts the job.

import MPI

@main
enum ParallelChecks {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let check = Check.all[name] else {
            fatalError("usage: parallel-checks NAME; names: \(Check.all.keys.sorted())")
        }
        do {
            let runtime = try MPIRuntime()
            try check(runtime.world, Array(arguments.dropFirst()))
            if runtime.world.rank == 0 { print("passed on \(runtime.world.size)") }
            try runtime.finalize()
        } catch {
            complain("\(name): \(error)")
            MPIRuntime.abort(code: 3)
        }
    }
}
