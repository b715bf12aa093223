// What a rank does next is decided by one all-reduce. Its values alone decide, and they are the
// same everywhere, so that no rank ever waits in a collective that another has left out.

import MPI

/// What one rank brings to the agreement; every flag is joined by "any rank".
struct Heartbeat: OptionSet, Hashable, Sendable {
    let rawValue: Int64

    /// This rank cannot go on.
    static let failed = Heartbeat(rawValue: 1 << 0)
    /// Attempts end now.
    static let stopping = Heartbeat(rawValue: 1 << 1)
    /// Rank 0: every attempt has its outcome.
    static let complete = Heartbeat(rawValue: 1 << 2)
    /// Rank 0: attempts are left, but no worker.
    static let stuck = Heartbeat(rawValue: 1 << 3)
    /// Rank 0: it is time to write.
    static let writing = Heartbeat(rawValue: 1 << 4)
    /// A graceful stop is asked for.
    static let draining = Heartbeat(rawValue: 1 << 5)
    /// Rank 0: what has not begun would not end in time.
    static let holding = Heartbeat(rawValue: 1 << 6)
    /// A report is asked for: who waits for whom.
    static let reporting = Heartbeat(rawValue: 1 << 7)
    /// Rank 0: nothing has advanced for too long.
    static let stalled = Heartbeat(rawValue: 1 << 8)

    /// What is waited for is not there yet on this rank.
    static let busy = Heartbeat(rawValue: 1 << 9)

    private static let count = 10

    /// What every rank does now.
    enum Decision: Hashable, Sendable {
        case goOn
        case write
        case finish
        case stop
        case fail
        case giveUp
    }

    /// The joined heartbeat of all ranks.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    func agreed(
        over world: borrowing Communicator,
        whileWaiting: () throws -> Void
    ) throws -> Heartbeat {
        let flags = (0..<Self.count).map { rawValue >> $0 & 1 }
        let joined = try world.agree(flags, by: .max, whileWaiting: whileWaiting)
        return Heartbeat(rawValue: joined.enumerated().reduce(0) { $0 | $1.element << $1.offset })
    }

    /// The decision that a joined heartbeat means.
    var decision: Decision {
        if !isDisjoint(with: [.failed, .stuck]) { return .fail }
        if contains(.complete), !contains(.busy) { return .finish }
        if contains(.stalled) { return .giveUp }
        if contains(.stopping) { return .stop }
        return contains(.writing) ? .write : .goOn
    }
}
