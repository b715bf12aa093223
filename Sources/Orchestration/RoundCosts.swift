private import Foundation

/// What the rounds have cost one rank: processor time of its process, and what went over MPI.
package struct RoundCosts: Codable, Sendable {
    /// Messages of one direction.
    package struct Traffic: Codable, Sendable {
        package var count = 0
        package var byteCount = 0

        mutating func add(_ bytes: [UInt8]) {
            count += 1
            byteCount += bytes.count
        }
    }

    package var received = Traffic()
    package var sent = Traffic()
    /// Processor time from a message's arrival until it was handled and answered, seconds.
    ///
    /// The look that finds no message is not in it.
    package var messageSeconds = 0.0
    package var agreementCount = 0
    /// Collective writes, those without rows included.
    package var writeCount = 0
    /// Processor time in them, seconds.
    package var writeSeconds = 0.0
    /// Processor time in packing, seconds.
    package var packSeconds = 0.0

    /// Processor time of this process so far, seconds, all its threads.
    package static var processorSeconds: Double {
        // CLOCKS_PER_SEC is a macro that does not come along; POSIX fixes its value.
        Double(clock()) / 1_000_000
    }
}
