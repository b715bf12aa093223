import Foundation
import Testing

@testable import Sandbox

/// A shorter version of `tools/bench soak`, in a process of its own so that only its own
/// descriptors and memory count.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct SoakTests {
    struct Page: Decodable {
        struct Result: Decodable { let figures: [Figure] }
        struct Figure: Decodable {
            let name: String
            let ratio: Double
            let atMost: Double?
        }

        let results: [Result]
    }

    @Test(.oneAtATime) func sessionsThatAreKilledAtRandomLeaveNothingBehind() async throws {
        let report = FileManager.default.temporaryDirectory
            .appending(path: "soak-\(UUID().uuidString).json").path
        defer { unsafe unlink(report) }
        let process = Process()
        process.executableURL = URL(filePath: try ExecutableDirectory.path(of: "deepmath-bench"))
        process.arguments = ["soak", "--quick", "--json", report]
        process.currentDirectoryURL = Place.root
        process.standardOutput = FileHandle.nullDevice
        await withCheckedContinuation { done in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume() }
        }
        let data = try #require(FileManager.default.contents(atPath: report))
        let figures = try JSONDecoder().decode(Page.self, from: data).results.flatMap(\.figures)
        let bounded = figures.filter { $0.atMost != nil }
        #expect(bounded.count == 5)
        for figure in bounded {
            #expect(figure.ratio <= figure.atMost ?? 0, "\(figure.name): \(figure.ratio)")
        }
    }
}
