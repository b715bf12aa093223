import ArgumentParser

/// The root command.
///
/// Synchronous throughout: the main thread belongs to MPI and HDF5.
@main
struct DeepMath: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deepmath",
        abstract:
            "Evaluate and train mathematical reasoning with a sandboxed Python tool, over MPI.",
        discussion: """
            Start it with mpirun or srun: rank 0 shards the problems and gathers the outcomes, every \
            other rank runs a vLLM and a pool of sandboxed interpreters of its own. One rank alone \
            does both.

              deepmath check --config configs/demo.yaml
              mpirun -n 3 deepmath eval --config configs/demo.yaml --run runs/demo
              mpirun -n 3 deepmath train --config configs/demo-train.yaml --run runs/train
              deepmath-report summary runs/demo
            """,
        version: ProgramVersion.text,
        subcommands: [
            EvalCommand.self, SuiteCommand.self, TrainCommand.self, CheckCommand.self,
            KeysCommand.self, GradeCommand.self, SandboxCommand.self,
        ]
    )
}
