import Foundation
import TraceStore

/// How far long work has come: one line on standard error that is drawn again, on a terminal only.
final class ProgressBar {
    private let what: String
    private var total: Int
    private let isShown = Terminal.hasProgress
    private let start = ContinuousClock.now
    private var lastDrawn = ContinuousClock.now - .seconds(1)
    private var done = 0

    private static let width = 30
    private static let interval = Duration.milliseconds(100)

    /// A bar for `total` steps of `what`.
    init(_ what: String, total: Int) {
        self.what = what
        self.total = total
    }

    deinit { end() }

    /// Takes the bar away.
    func end() {
        if isShown { Self.write("\r\u{1B}[K") }
    }

    /// So many steps of so many are done.
    func show(_ count: Int, of total: Int) {
        self.total = total
        advance(by: count - done)
    }

    /// Some steps more are done.
    func advance(by count: Int = 1) {
        done += count
        let now = ContinuousClock.now
        guard isShown, now - lastDrawn >= Self.interval || done == total else { return }
        lastDrawn = now
        let seconds = (now - start) / .seconds(1)
        Self.write("\r\u{1B}[K" + Self.line(what, done, total, seconds: seconds))
    }

    /// The line, such as `replaying [######......]  50 % 40/80, 0:03 left`.
    static func line(_ what: String, _ done: Int, _ total: Int, seconds: Double) -> String {
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let filled = Int(share * Double(width))
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: ".", count: width - filled)
        let left =
            done > 0 ? Int(min(1e9, max(0, seconds / Double(done) * Double(total - done)))) : 0
        let rest = left % 60
        return "\(what) [\(bar)] \(decimal(share * 100, 0)) % \(done)/\(total), "
            + "\(left / 60):\(rest < 10 ? "0" : "")\(rest) left"
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
