import RolloutModel
private import Synchronization

/// Ids of texts that the server has tokenised: all samples of a problem have its prompt, and most of
/// them the same tool outputs.
///
/// The ids of a text are the same whenever it is tokenised, for the model's tokenizer stays. Should a chat
/// template print the date, a problem keeps the prompt of the day on which it was begun.
final class TokenMemory: Sendable {
    /// What was tokenised.
    ///
    /// As bytes: texts that Swift takes for equal may have different ids.
    enum Source: Hashable, Sendable {
        /// A problem's statement, in the prompt of the run.
        case prompt([UInt8])
        /// A text alone.
        case text([UInt8])
    }

    /// Samples of a problem are made at about the same time.
    private static let capacity = 1024
    /// Longer texts hardly repeat, and would take the memory.
    private static let textBytes = 4096

    private let known = Mutex(RecentMemory<Source, [Int32]>(capacity: capacity))

    /// The ids of `source`, when they are known.
    func ids(of source: Source) -> [Int32]? { known.withLock { $0.value(of: source) } }

    /// Remembers `ids`.
    func note(_ ids: [Int32], of source: Source) {
        switch source {
        case .prompt(let bytes), .text(let bytes):
            guard bytes.count <= Self.textBytes else { return }
        }
        known.withLock { $0.add(ids, as: source) }
    }
}
