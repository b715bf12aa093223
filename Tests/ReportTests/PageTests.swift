import Foundation
import ParallelLaunch
import Testing

/// The page in a real browser: nothing on its console, and it does what it is for.
@Suite(
    .enabled(if: Chromium.path != nil, "no chromium: tools/setup --with-browser"),
    .serialized
)
struct PageTests {
    @Test(arguments: [
        ("light", 1280, []), ("dark", 1280, ["--force-dark-mode"]), ("narrow", 500, []),
    ])
    func aScreenshotHasNothingOnTheConsole(
        name: String,
        width: Int,
        flags: [String]
    ) throws {
        try withPage { page in
            let image = page + "." + name + ".png"
            let view = try Chromium.open(
                page,
                flags + ["--window-size=\(width),2600", "--screenshot=\(image)"]
            )
            #expect(view.console == [])
            let bytes = try Data(contentsOf: URL(filePath: image))
            // A page that draws nothing compresses to a few kilobytes.
            #expect(bytes.count > 60_000, "\(bytes.count) bytes")
            if let kept = ProcessInfo.processInfo.environment["DEEPMATH_SCREENSHOTS"] {
                try bytes.write(to: URL(filePath: kept + "/" + name + ".png"))
            }
        }
    }

    @Test func tableAndPlotsAreDrawn() throws {
        try withPage { page in
            let view = try Chromium.open(page, ["--dump-dom"])
            #expect(view.dom.contains("<td>accuracy (average@k)</td>"))
            for title in [
                "Output length", "Reward", "Speed", "Interpreter",
            ] {
                #expect(view.dom.contains("<h3>\(title)</h3>"), "\(title)")
            }
            #expect(view.dom.contains("92 of 92 episodes"))
        }
    }

    @Test(arguments: [
        ("problem=problem-4&sample=1", "<h3>problem-4, sample 1</h3>", "92 of 92 episodes"),
        ("search=thinking+about+29+in", "<mark>thinking about 29 in</mark>", " of 92 episodes"),
        ("search=PROBLEM-22", "<h3>problem-22, sample 0</h3>", "4 of 92 episodes"),
        ("outcome=gold_unparsed", "<dd>gold unparsed</dd>", "23 of 92 episodes"),
        ("search=absent", "0 of 92 episodes", "0 of 92 episodes"),
    ])
    func anAddressIsAView(address: String, shown: String, count: String) throws {
        try withPage { page in
            let view = try Chromium.open(page + "#" + address, ["--dump-dom"])
            #expect(view.console == [])
            #expect(view.dom.contains(shown), "\(view.dom.suffix(3000))")
            #expect(view.dom.contains(count))
        }
    }

    @Test func onlyRowsInSightAreDrawn() throws {
        try withPage { page in
            let view = try Chromium.open(page, ["--dump-dom"])
            let rowCount = view.dom.components(separatedBy: "class=\"row\"").count - 1
            #expect((5...40).contains(rowCount), "\(rowCount)")
        }
    }

    @Test func severalRunsStandSideBySide() throws {
        try withRun { run in
            let other = run + "/other"
            try FileManager.default.createDirectory(
                atPath: other,
                withIntermediateDirectories: true
            )
            try FileManager.default.copyItem(
                atPath: run + "/traces.h5",
                toPath: other + "/traces.h5"
            )
            let page = run + "/page.html"
            let outcome = try report(["html", run, other, "-o", page])
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            let view = try Chromium.open(page, ["--dump-dom"])
            #expect(view.console == [])
            #expect(view.dom.contains("<th>\(run)</th><th>\(other)</th>"))
            #expect(view.dom.contains("184 of 184 episodes"))
        }
    }

    @Test func longTracesAreCutAndThePageSaysSo() throws {
        try withDirectory { directory in
            let made = try ParallelLaunch.run(
                ["longRun", directory, "20", "20000", "1"],
                rankCount: 0
            )
            try #require(made.exitCode == 0, "\(made.output)")
            let page = directory + "/page.html"
            let outcome = try report(["html", directory, "-o", page, "--megabytes", "1"])
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            // 20 texts of 80 kB: each may have 52 kB.
            let size = try FileManager.default.attributesOfItem(atPath: page)[.size] as? Int
            #expect((1_000_000..<1_300_000).contains(size ?? 0), "\(size ?? 0)")
            let view = try Chromium.open(page, ["--dump-dom"])
            #expect(view.console == [])
            #expect(view.dom.contains("Z. 20 long traces are cut in the middle"))
            #expect(view.dom.contains("<h3>Accuracy by k</h3>"))
            #expect(!view.dom.contains("<h3>Training: reward</h3>"))
        }
    }

    @Test func theCurveOfATrainingRunIsDrawn() throws {
        try withDirectory { directory in
            let made = try ParallelLaunch.run(["steps", directory], rankCount: 0)
            try #require(made.exitCode == 0, "\(made.output)")
            let policy = directory + "/policy/000002"
            try FileManager.default.createDirectory(
                atPath: policy,
                withIntermediateDirectories: true
            )
            try Data(#"{"loss": -0.25, "grad_norm": 1.5, "kl": null}"#.utf8)
                .write(to: URL(filePath: policy + "/metrics.json"))
            let page = directory + "/page.html"
            let outcome = try report(["html", directory, "-o", page])
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            let view = try Chromium.open(page, ["--dump-dom"])
            #expect(view.console == [])
            for title in ["reward", "accuracy", "tool use", "equal groups", "loss"] {
                #expect(view.dom.contains("<h3>Training: \(title)</h3>"), "\(title)")
            }
            let curve = try report(["summary", directory, "--curve", "--output", "csv"])
            let lines = curve.output.split(separator: "\n").map { $0.split(separator: ",") }
            try #require(lines.count == 4)
            #expect(lines[0].prefix(4) == ["step", "policy", "temperature", "reward"])
            #expect(lines[2][10] == "-0.25000" && lines[3][10] == "-")
        }
    }

    /// The check of the console itself: a page with a fault in its script does not pass.
    @Test func aFaultInAScriptIsSeen() throws {
        try withPage { page in
            let text = try String(contentsOfFile: page, encoding: .utf8)
            try text.replacingOccurrences(of: "drawPage();", with: "drawPage(); absent();")
                .write(toFile: page, atomically: true, encoding: .utf8)
            #expect(try Chromium.open(page, ["--dump-dom"]).console.count == 1)
        }
    }

    @Test func textOfATraceCannotEndItsElement() throws {
        try withPage { page in
            let text = try String(contentsOfFile: page, encoding: .utf8)
            // As many elements end as the page has of its own.
            let opened = text.components(separatedBy: "<script").count
            #expect(text.components(separatedBy: "</script>").count == opened)
            // Nor does it name any place outside itself, but for the name of SVG.
            let named = text.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
            #expect(!named.contains("http://") && !named.contains("https://"))
        }
    }

    /// Lends the page of the example run.
    private func withPage(_ body: (String) throws -> Void) throws {
        try withRun { run in
            let page = run + "/page.html"
            let outcome = try report(["html", run, "-o", page])
            try #require(outcome.exitCode == 0, "\(outcome.output)")
            try body(page)
        }
    }
}
