internal import MPI
internal import RolloutModel

/// Runs `body` on every rank, then agrees that it went well everywhere.
///
/// A rank whose own part succeeded throws ``TraceError/otherRankFailed(operation:rank:cause:)`` when
/// another's did not: so all ranks leave together, and none waits in a later collective call.
///
/// - Important: Collective over `communicator`; every rank calls it.
func jointly<Result: ~Copyable>(
    _ operation: String,
    over communicator: borrowing Communicator,
    _ body: () throws -> Result
) throws -> Result {
    var value: Result?
    var failure: (any Error)?
    do {
        value = try body()
    } catch {
        failure = error
    }
    let failedRank = Int(
        try communicator.agree(
            [Int64(failure == nil ? communicator.size : communicator.rank)],
            by: .min
        )[0]
    )
    if failedRank < communicator.size {
        // The cause is told everywhere: whoever ends the job first must not silence it.
        let text = failure.map { Array("\($0)".utf8) } ?? []
        let cause = try communicator.broadcast(text, from: failedRank)
        throw failure
            ?? TraceError.otherRankFailed(
                operation: operation,
                rank: Rank(failedRank),
                cause: String(decoding: cause, as: UTF8.self)
            )
    }
    guard let result = value.take() else { preconditionFailure("no failure, so a value") }
    return result
}
