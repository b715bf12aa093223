import Foundation
import Testing

/// `tools/check-layers` on small packages that are right, or wrong in one way.
@Suite struct LayerTests {
    /// A target of the package that is checked.
    struct Target {
        let name: String
        var type = "library"
        var path: String?
        var dependencies: [String] = []
        var products: [String] = []
        var source = ""
    }

    private static let sound = [
        Target(name: "Tool", type: "executable", dependencies: ["Reading", "Model"]),
        Target(name: "Reading", dependencies: ["Model"], products: ["Yams"], source: "import Yams"),
        Target(
            name: "Writing",
            dependencies: ["Reading", "Model"],
            source: "public import Reading"
        ),
        Target(name: "Model", source: "import Synchronization"),
        Target(name: "Wire", dependencies: ["CWire"], source: "func f() { unsafe g() }"),
        Target(name: "CWire"),
        Target(name: "ModelTests", type: "test", path: "Tests/ModelTests", dependencies: ["Model"]),
    ]

    /// What the check says of a package whose targets are `sound`, changed by `change`.
    private func offences(_ change: (inout [Target]) -> Void = { _ in }) throws -> [String] {
        var targets = Self.sound
        change(&targets)
        let folder = try Program.scratchFolder()
        let picture = """
            //   5 executables   Tool
            //   3 services      Reading  Writing
            //   2 domain        Model
            //   1 bindings      Wire
            //   0 shims         CWire
            """
        try Data(picture.utf8).write(to: folder.appending(path: "Package.swift"))
        var described: [[String: Any]] = []
        for target in targets {
            let path = target.path ?? "Sources/\(target.name)"
            let sources = folder.appending(path: path)
            try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
            try Data(target.source.utf8).write(to: sources.appending(path: "File.swift"))
            described.append([
                "name": target.name, "type": target.type, "path": path,
                "sources": ["File.swift"], "target_dependencies": target.dependencies,
                "product_dependencies": target.products,
            ])
        }
        let description = folder.appending(path: "description.json")
        try JSONSerialization.data(withJSONObject: ["targets": described]).write(to: description)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Program.root.appending(path: "tools/check-layers").path,
            "--package", folder.path, "--description", description.path,
        ]
        process.standardOutput = pipe
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard process.terminationStatus != 0 else {
            #expect(lines == ["layers: \(targets.count - 1) targets, imports point down"])
            return []
        }
        return lines
    }

    @Test func aSoundPackagePasses() throws {
        #expect(try offences() == [])
    }

    @Test func aDependencyThatPointsUpIsNamed() throws {
        let lines = try offences { $0[3].dependencies = ["Reading"] }
        #expect(lines == ["Package.swift: Model -> Reading points up"])
    }

    @Test func aDependencyToTheRightIsNamed() throws {
        let lines = try offences { $0[1].dependencies = ["Writing"] }
        #expect(
            lines == ["Package.swift: Reading -> Writing points to the right, within layer 3"]
        )
    }

    @Test func anImportMustBeDeclared() throws {
        let lines = try offences { $0[1].source += "\nprivate import Wire" }
        #expect(
            lines
                == ["Sources/Reading/File.swift: Reading -> Wire is imported but not declared"]
        )
    }

    @Test func aLibraryMustBeDeclared() throws {
        let lines = try offences { $0[1].products = [] }
        #expect(
            lines
                == ["Sources/Reading/File.swift: Reading -> Yams, which is no declared dependency"]
        )
    }

    @Test func theDomainImportsTheStandardLibraryAlone() throws {
        let lines = try offences { $0[3].source = "internal import Foundation" }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("Model -> Foundation: the domain imports only") == true)
    }

    @Test func onlyBindingsWriteUnsafe() throws {
        #expect(
            try offences { $0[1].source += "\nlet x = unsafe y" } == [
                "Sources/Reading/File.swift: Reading writes `unsafe`, which only the bindings may"
            ]
        )
        #expect(try offences { $0[1].source += "\nlet x = \"unsafe\" // unsafe" } == [])
    }

    @Test(arguments: [
        "struct Tool: AsyncParsableCommand {}", "static func main() async {}",
    ])
    func anAsynchronousMainIsNamed(_ source: String) throws {
        let lines = try offences { $0[0].source = source }
        #expect(
            lines == ["Sources/Tool/File.swift: Tool has an asynchronous main; see BlockingTask"]
        )
    }

    @Test func aTargetThatThePictureLacksIsNamed() throws {
        let lines = try offences { $0.append(Target(name: "Stray")) }
        #expect(lines == ["Package.swift: Stray is missing in the picture of the layers"])
    }

    @Test func nothingDependsOnTests() throws {
        let lines = try offences { $0[0].dependencies.append("ModelTests") }
        #expect(lines == ["Package.swift: Tool -> ModelTests, which is for tests"])
    }
}
