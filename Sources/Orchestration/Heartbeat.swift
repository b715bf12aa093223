// What a rank does next is decided by one all-reduce. Its values alone decide, and they are the
// same everywhere, so that no rank ever waits in a collective that another has left out.

import MPI

/// What one rank brings to the agreement; every field is joined by maximum.
struct Heartbeat: Hashable, Sendable {
    /// This rank cannot go on.
    var hasFailed = false
    /// This rank was asked to stop.
    var isStopping = false
    /// Rank 0: every attempt has its outcome.
    var isComplete = false
    /// Rank 0: attempts are left, but no worker.
    var isStuck = false
    /// Rank 0: it is time to write.
    var wantsWrite = false

    /// What every rank does now.
    enum Decision: Hashable, Sendable {
        case goOn
        case write
        case finish
        case stop
        case fail
    }

    /// The joined heartbeat of all ranks.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    func agreed(
        over world: borrowing Communicator,
        whileWaiting: () throws -> Void
    ) throws -> Heartbeat {
        let flags = [hasFailed, isStopping, isComplete, isStuck, wantsWrite]
        let joined = try world.agree(
            flags.map { $0 ? 1 : 0 },
            by: .max,
            whileWaiting: whileWaiting
        )
        return Heartbeat(
            hasFailed: joined[0] != 0,
            isStopping: joined[1] != 0,
            isComplete: joined[2] != 0,
            isStuck: joined[3] != 0,
            wantsWrite: joined[4] != 0
        )
    }

    /// The decision that a joined heartbeat means.
    var decision: Decision {
        if hasFailed || isStuck { return .fail }
        if isComplete { return .finish }
        if isStopping { return .stop }
        return wantsWrite ? .write : .goOn
    }
}
