// How the page is put together: the parts of page/ around two kinds of data. Traces lie in blocks of their
// own, which the page parses when somebody opens one; all else is one object. Traces come first in the
// file, so that each episode is read once and none is kept.

import Foundation
import RolloutModel
import TraceStore

/// The page of some runs.
struct RunPage {
    /// Episodes in one block of traces.
    static let blockSize = 64

    /// Bytes of text that the traces of the page may have, about.
    let byteLimit: Int

    private var cutCount = 0

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Writes the page of `runs`, which are called by their paths.
    ///
    /// - Throws: `TraceError`; what the file throws.
    mutating func write(_ runs: [(name: String, reader: TraceReader)], to file: PageFile) throws {
        let episodeCount = runs.reduce(0) { $0 + $1.reader.episodeCount }
        let turnText = TurnText(byteLimit: byteLimit / max(1, episodeCount))
        let progress = ProgressBar("writing", total: episodeCount)
        let parts = Self.template
        try file.write(parts.head.utf8)
        var data: [PageRun] = []
        for (index, (name, reader)) in runs.enumerated() {
            var run = try PageRun(name: name, reader: reader)
            for first in stride(from: 0, to: reader.episodeCount, by: Self.blockSize) {
                let id = "traces-\(index)-\(first / Self.blockSize)"
                try file.write("<script type=\"application/json\" id=\"\(id)\">[".utf8)
                for row in first..<min(first + Self.blockSize, reader.episodeCount) {
                    let transcript = try Runs.whole { try reader.transcript(EpisodeRow(row)) }
                    run.add(transcript)
                    let (json, isCut) = transcript.map(turnText.json) ?? (TurnText.damaged, false)
                    cutCount += isCut ? 1 : 0
                    try file.write(row == first ? [] : [UInt8(ascii: ",")])
                    try file.write(json)
                    progress.advance()
                }
                try file.write("]</script>\n".utf8)
            }
            data.append(run)
        }
        try file.write("<script type=\"application/json\" id=\"data\">".utf8)
        try file.write(json(data))
        try file.write("</script>".utf8)
        try file.write(parts.tail.utf8)
    }

    private func json(_ runs: [PageRun]) -> [UInt8] {
        var json = PageJSON()
        json.object { json in
            json.key("madeAt")
            json.string(ISO8601DateFormatter().string(from: Date.now))
            json.key("note")
            json.string(
                cutCount == 0
                    ? ""
                    : "\(cutCount) long traces are cut in the middle; deepmath-report show prints "
                        + "them whole."
            )
            json.key("blockSize")
            json.raw("\(Self.blockSize)")
            json.key("outcomes")
            json.list(Grade.Outcome.allCases) { $0.string($1.rawValue) }
            json.key("finishes")
            json.list(Episode.Finish.allCases) { $0.string($1.rawValue) }
            json.key("runs")
            json.list(runs) { json, run in run.write(to: &json) }
        }
        return json.bytes
    }

    /// The page before and after its data.
    private static var template: (head: String, tail: String) {
        let scripts = [
            PackageResources.plots_js, PackageResources.browser_js, PackageResources.page_js,
        ]
        let script = scripts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        let page = String(decoding: PackageResources.page_html, as: UTF8.self)
            .replacingOccurrences(
                of: "%style%",
                with: String(decoding: PackageResources.page_css, as: UTF8.self)
            ).replacingOccurrences(of: "%script%", with: script)
        let parts = page.components(separatedBy: "%data%")
        precondition(parts.count == 2, "the page has one place for its data")
        return (parts[0], parts[1])
    }
}
