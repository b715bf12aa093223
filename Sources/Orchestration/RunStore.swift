import MPI
import RolloutModel
import TraceStore

/// TEMP
struct RunStore {
    let directory: String
    let outcomes: [EpisodeOutcome] = []
    init(directory: RunDirectory, plan: JobPlan, world: borrowing Communicator, programVersion: String, facts: [String: String]) throws { self.directory = directory.path }
    func append(_ rows: [Episode], sample: RankSample, world: borrowing Communicator) throws {}
    func pack(world: borrowing Communicator) throws -> String { directory }
}
enum RunTable { static func text(of o: [EpisodeOutcome], tracePath: String) -> String { ResultTable.text(RunStatistics(o), path: tracePath) } }
