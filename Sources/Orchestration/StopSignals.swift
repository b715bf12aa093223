private import Dispatch
private import Foundation
private import Synchronization

/// Notes the signals that ask a job to stop, for the main loop to look at.
///
/// USR1 is the graceful stop (Slurm sends it ahead of the time limit); TERM and INT are treated the
/// same, though mpirun leaves about one second after them.
final class StopSignals {
    private final class Flag: Sendable {
        let name = Mutex<String?>(nil)
    }

    private let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    /// Takes the three signals over from now on.
    init() {
        let flag = flag
        sources = [(SIGUSR1, "SIGUSR1"), (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map {
            number,
            name in
            // A dispatch source sees a signal only while its default action is off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.name.withLock { $0 = $0 ?? name } }
            source.resume()
            return source
        }
    }

    /// The first signal that came, or nil.
    var received: String? { flag.name.withLock { $0 } }
}
