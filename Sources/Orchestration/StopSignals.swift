private import Dispatch
private import Foundation
import Sandbox
private import Synchronization

/// Notes the signals that ask something of a job, for the main loop to look at.
///
/// USR1 is the graceful stop (Slurm sends it ahead of the time limit). TERM and INT stop at once,
/// for mpirun leaves about one second after them. QUIT asks who waits for whom.
final class StopSignals {
    private final class Flag: Sendable {
        let name = Mutex<String?>(nil)
        let isUrgent = Mutex(false)
        let wantsReport = Mutex(false)
        let bell = Mutex<Bell?>(nil)
    }

    private let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    /// Takes the four signals over from now on.
    init() {
        let flag = flag
        sources = [
            (SIGUSR1, "SIGUSR1"), (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGQUIT, "SIGQUIT"),
        ].map { number, name in
            // A dispatch source sees a signal only while its default action is off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                defer { flag.bell.withLock { $0 }?.ring() }
                if number == SIGQUIT {
                    flag.wantsReport.withLock { $0 = true }
                    return
                }
                if number != SIGUSR1 { flag.isUrgent.withLock { $0 = true } }
                flag.name.withLock { $0 = $0 ?? name }
            }
            source.resume()
            return source
        }
    }

    /// Rings `bell`, and no other any more, with every signal.
    func ring(_ bell: Bell) { flag.bell.withLock { $0 = bell } }

    /// The first signal that asked to stop, or nil.
    var received: String? { flag.name.withLock { $0 } }

    /// Whether one of them leaves no time for attempts to end.
    var isUrgent: Bool { flag.isUrgent.withLock { $0 } }

    /// Whether a report was asked for since the last call.
    func takeReportRequest() -> Bool {
        flag.wantsReport.withLock { wants in
            defer { wants = false }
            return wants
        }
    }
}
