internal import MPI

/// Runs `body` on every rank, then agrees that it went well everywhere.
///
/// A rank whose own part succeeded throws ``TraceError/otherRankFailed(operation:)`` when another's did
/// not: so all ranks leave together, and none waits in a later collective call.
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
    let isFine = try communicator.agree([failure == nil ? 1 : 0], by: .min) == [1]
    if let failure { throw failure }
    guard isFine, let result = value.take() else {
        throw TraceError.otherRankFailed(operation: operation)
    }
    return result
}
