import Foundation
import Testing

@testable import Sandbox

/// The cgroup around a pool's processes.
@Suite struct ControlGroupTests {
    private static let mounts = """
        tmpfs /sys/fs/cgroup tmpfs rw 0 0
        cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
        cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0

        """

    @Test(arguments: [
        (
            "4:memory:/step\n0::/user/scope/leaf\n",
            ["/sys/fs/cgroup/unified/user/scope/leaf", "/sys/fs/cgroup/unified/user/scope"]
        ),
        ("0::/leaf\n", ["/sys/fs/cgroup/unified/leaf"]),
        ("0::/\n", ["/sys/fs/cgroup/unified"]), ("4:memory:/step\n", []), ("", []),
    ])
    func placesAreOnesOwnAndTheOneAbove(membership: String, expected: [String]) {
        #expect(ControlGroup.places(mounts: Self.mounts, membership: membership) == expected)
        #expect(ControlGroup.places(mounts: "", membership: membership).isEmpty)
    }

    @Test func placeThatHandsNothingDownIsLeftAlone() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "control-group-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { unsafe rmdir(folder.path) }
        #expect(ControlGroup(memoryBytes: 1, processLimit: 1, places: [folder.path]) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// In a real cgroup file system, where root may write; which controllers it hands down differs.
    @Test(.enabled(if: Place.python != nil && realPlace != nil, "needs root and cgroup v2"))
    func everyProcessOfAPoolIsInItsGroupWhichGoesWithIt() async throws {
        let place = try #require(realPlace)
        let pool = try await SandboxPool.started(
            .forTests {
                $0.allowedModules = ["math"]
                $0.controlGroupPlaces = [place.path]
                $0.controlGroupController = place.controller
                $0.require = ["cgroup"]
            },
            sessionLimit: 4
        )
        let session = try await pool.openSession(seed: 1)
        #expect(try await session.run("1+1").output == "2\n")
        let group = try #require(groups(in: place.path).first)
        let text = try String(contentsOfFile: group + "/cgroup.procs", encoding: .utf8)
        let members = Set(text.split(separator: "\n").compactMap { Int32($0) })
        #expect(Set(pool.processes).isSubset(of: members))
        #expect(members.count >= 2)
        for (file, expected) in [("pids.max", "20\n"), ("memory.swap.max", "0\n")] {
            guard let text = try? String(contentsOfFile: "\(group)/\(file)", encoding: .utf8) else {
                continue
            }
            #expect(text == expected)
        }
        await session.close()
        pool.shutdown()
        #expect(!FileManager.default.fileExists(atPath: group))
    }

    private func groups(in place: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place)
            .filter { $0.hasPrefix("deepmath-sandbox-\(getpid())-") }.map { "\(place)/\($0)" }
    }
}

/// A cgroup that this process may make others in, and a controller that it hands down.
private let realPlace: (path: String, controller: String)? = {
    for path in ControlGroup.ownPlaces() {
        let text = try? String(contentsOfFile: path + "/cgroup.subtree_control", encoding: .utf8)
        let controllers = (text ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        let wanted = controllers.first { $0 == "memory" } ?? controllers.first
        if unsafe access(path, W_OK) == 0, let wanted { return (path, wanted) }
    }
    return nil
}()
