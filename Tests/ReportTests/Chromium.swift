import Foundation

/// A browser without a window.
enum Chromium {
    /// What a page looked like.
    struct View {
        /// Messages on the console, of every kind.
        let console: [String]
        /// The document after its scripts have run; empty unless `--dump-dom` was given.
        let dom: String
    }

    /// The program; nil where it is not installed.
    static var path: String? {
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Opens a page in a browser of its own, lets its scripts run for some seconds of its own time, and
    /// ends the browser.
    static func open(_ page: String, _ flags: [String]) throws -> View {
        guard let path else { throw CocoaError(.fileNoSuchFile) }
        let profile = FileManager.default.temporaryDirectory
            .appending(path: "deepmath-test-browser-\(UUID().uuidString)").path
        let outcome = try run(
            path,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--user-data-dir=" + profile, "--virtual-time-budget=8000",
                "--enable-logging=stderr",
            ] + flags + ["file://" + page]
        )
        try FileManager.default.removeItem(atPath: profile)
        return View(
            console: outcome.output.split(separator: "\n").map(String.init)
                .filter { $0.contains(":CONSOLE") },
            dom: outcome.output
        )
    }
}
