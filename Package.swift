// swift-tools-version: 6.2
import PackageDescription

// The picture this manifest must match is held by tools/check-layers: imports point down only.
//
//   5 executables   sandbox-launch (C)  process-guard (C)  deepmath  deepmath-report
//                   (deepmath-bench, like the tests, may use everything)
//   4 roles         Orchestration
//   3 services      Configuration  Datasets  Inference  Grading  Rollouts  TraceStore
//   2 domain        RolloutModel
//   1 bindings      HTTP  Sandbox  MPI  HDF5
//   0 shims         CCurlShim  CSandboxShim  CSandboxZygote  CMPIShim  CHDF5Shim

let swift: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
let c: [CSetting] = [.treatAllWarnings(as: .error), .define("_GNU_SOURCE")]

/// C programs do without Swift's start-up code and library (see their link-without-swift.c).
let withoutSwift: [LinkerSetting] = [
    .unsafeFlags(["-nostartfiles", "-no-toolchain-stdlib-rpath"])
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

func library(
    _ name: String,
    _ dependencies: [Target.Dependency],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swift)
}

func test(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swift)
}

let package = Package(
    name: "deepmath",
    products: [
        .executable(name: "deepmath", targets: ["deepmath"]),
        .executable(name: "deepmath-report", targets: ["deepmath-report"]),
        .executable(name: "sandbox-launch", targets: ["sandbox-launch"]),
        .executable(name: "process-guard", targets: ["process-guard"]),
        // Preloaded into the sandboxed interpreter; sandbox-launch finds it beside itself.
        .library(name: "sandbox-zygote", type: .dynamic, targets: ["CSandboxZygote"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // Debian's libraries, found through pkg-config.
        .systemLibrary(
            name: "CMPI",
            path: "Sources/SystemLibraries/CMPI",
            pkgConfig: "ompi-c",
            providers: [.apt(["libopenmpi-dev"])]
        ),
        .systemLibrary(
            name: "CHDF5",
            path: "Sources/SystemLibraries/CHDF5",
            pkgConfig: "hdf5-openmpi",
            providers: [.apt(["libhdf5-openmpi-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            path: "Sources/SystemLibraries/CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            path: "Sources/SystemLibraries/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CSeccomp",
            path: "Sources/SystemLibraries/CSeccomp",
            pkgConfig: "libseccomp",
            providers: [.apt(["libseccomp-dev"])]
        ),

        // 0 shims
        .target(name: "CMPIShim", dependencies: ["CMPI"], path: "CMPIShim", cSettings: c),
        .target(
            name: "CHDF5Shim",
            dependencies: ["CHDF5", "CMPIShim", "CMPI", "CZlib"],
            cSettings: c
        ),
        .target(name: "CCurlShim", dependencies: ["CCurl"], cSettings: c),
        .target(name: "CSandboxShim", cSettings: c),
        .target(name: "CSandboxZygote", cSettings: c, linkerSettings: withoutSwift),

        // 1 bindings
        library("MPI", ["CMPIShim"]),
        library("HDF5", ["CHDF5Shim", "MPI"]),
        library("HTTP", ["CCurlShim"]),
        library(
            "Sandbox",
            ["CSandboxShim"],
            resources: [
                .embedInCode("importing.py"), .embedInCode("streams.py"),
                .embedInCode("one_thread.py"), .embedInCode("zygote.py"),
            ]
        ),

        // 2 domain
        library("RolloutModel", []),

        // 3 services
        library("Configuration", [yams]),
        library("Datasets", ["RolloutModel", "Configuration"]),
        library("Inference", ["RolloutModel", "Configuration", "HTTP", "Sandbox", logging]),
        library(
            "Grading",
            ["RolloutModel", "Configuration", "Sandbox", logging],
            // One package of Python, which GraderProcess hands to its interpreter.
            resources: [
                .embedInCode("python/answers.py"),
                .embedInCode("python/calls.py"),
                .embedInCode("python/canonical.py"),
                .embedInCode("python/characters.py"),
                .embedInCode("python/equality.py"),
                .embedInCode("python/forms.py"),
                .embedInCode("python/grader.py"),
                .embedInCode("python/library.py"),
                .embedInCode("python/marks.py"),
                .embedInCode("python/operands.py"),
                .embedInCode("python/parser.py"),
                .embedInCode("python/prose.py"),
                .embedInCode("python/regions.py"),
                .embedInCode("python/remarks.py"),
                .embedInCode("python/scalars.py"),
                .embedInCode("python/structures.py"),
                .embedInCode("python/tasks.py"),
                .embedInCode("python/tokens.py"),
                .embedInCode("python/trees.py"),
                .embedInCode("python/values.py"),
                .embedInCode("python/verdict.py"),
                .embedInCode("python/vocabulary.py"),
            ]
        ),
        library(
            "Rollouts",
            ["RolloutModel", "Configuration", "Inference", "Sandbox", "Grading", logging]
        ),
        library("TraceStore", ["RolloutModel", "HDF5", "MPI"]),

        // 4 roles
        library(
            "Orchestration",
            [
                "RolloutModel", "Configuration", "Datasets", "Inference", "Rollouts", "Grading",
                "TraceStore", "Sandbox", "MPI", "HTTP", logging, deque,
            ]
        ),

        // 5 executables
        .executableTarget(
            name: "deepmath",
            dependencies: [
                "Orchestration", "Configuration", "Datasets", "Grading", "RolloutModel", "Sandbox",
                "MPI", "HDF5", "sandbox-launch", "process-guard", argumentParser, logging,
            ],
            swiftSettings: swift
        ),
        .executableTarget(
            name: "deepmath-report",
            dependencies: [
                "Orchestration", "TraceStore", "Rollouts", "Grading", "Sandbox", "Configuration",
                "HDF5", "RolloutModel", "sandbox-launch", "process-guard", argumentParser,
            ],
            path: "tools/deepmath-report",
            resources: [
                .embedInCode("page/page.html"), .embedInCode("page/page.css"),
                .embedInCode("page/page.js"), .embedInCode("page/plots.js"),
                .embedInCode("page/browser.js"),
            ],
            swiftSettings: swift
        ),
        .executableTarget(
            name: "sandbox-launch",
            dependencies: ["CSeccomp"],
            cSettings: c,
            linkerSettings: withoutSwift
        ),
        .executableTarget(name: "process-guard", cSettings: c, linkerSettings: withoutSwift),

        // Measurements: tools/bench
        .executableTarget(
            name: "deepmath-bench",
            dependencies: [
                "Orchestration", "Configuration", "Inference", "Sandbox", "RolloutModel",
                "TraceStore",
                "HDF5", "MPI", "parallel-checks", "deepmath-report", argumentParser, logging,
            ],
            path: "tools/benchmarks",
            exclude: [
                "answers", "copied_formulas.py", "deepen_model.py", "grading_bombs.py",
                "math_verify_baseline.py", "metamorphic.py",
                "replay_client.py", "requirements.txt", "smolagents_baseline.py",
            ],
            swiftSettings: swift
        ),

        // Tests
        test("RolloutModelTests", ["RolloutModel"]),
        test("ConfigurationTests", ["Configuration"]),
        test("DatasetsTests", ["Datasets", "Configuration", "RolloutModel"]),
        test(
            "GradingTests",
            ["Grading", "Configuration", "RolloutModel", "Sandbox", "process-guard"]
        ),
        test(
            "SandboxTests",
            ["Sandbox", "Configuration", "process-guard", "sandbox-launch", "deepmath-bench"]
        ),
        // An OpenAI-compatible server without a model, in process or as an executable.
        .target(
            name: "ScriptedEngine",
            dependencies: ["HTTP"],
            path: "Tests/ScriptedEngine",
            swiftSettings: swift
        ),
        .executableTarget(
            name: "scripted-engine",
            dependencies: ["ScriptedEngine", "HTTP"],
            path: "Tests/ScriptedEngineTool",
            swiftSettings: swift
        ),
        test("HTTPTests", ["HTTP", "ScriptedEngine"]),
        test(
            "InferenceTests",
            [
                "Inference", "HTTP", "RolloutModel", "Sandbox", "ScriptedEngine",
                "scripted-engine", "process-guard", logging,
            ]
        ),
        test(
            "EngineTests",
            [
                "Inference", "Rollouts", "Grading", "Sandbox", "Configuration", "RolloutModel",
                "HTTP", "ScriptedEngine", "process-guard", "sandbox-launch", logging,
            ]
        ),
        // Runs the checks of the Python trainer.
        test("TrainerTests", []),
        test("RolloutsTests", ["Rollouts", "RolloutModel", "Grading"]),
        test(
            "OrchestrationTests",
            ["Orchestration", "Configuration", "Inference", "RolloutModel", "Rollouts", "Sandbox"]
        ),
        test(
            "SystemTests",
            ["deepmath", "deepmath-report", "scripted-engine"]
        ),
        // Tests that need several ranks run an executable of checks, alone and under mpirun.
        .executableTarget(
            name: "parallel-checks",
            dependencies: ["TraceStore", "RolloutModel", "HDF5", "MPI"],
            path: "Tests/ParallelChecks",
            swiftSettings: swift
        ),
        .target(
            name: "ParallelLaunch",
            dependencies: ["parallel-checks"],
            path: "Tests/ParallelLaunch",
            swiftSettings: swift
        ),
        test("MPITests", ["ParallelLaunch"]),
        test("HDF5Tests", ["HDF5", "ParallelLaunch"]),
        test("TraceStoreTests", ["TraceStore", "RolloutModel", "HDF5", "ParallelLaunch"]),
        test(
            "ReportTests",
            ["deepmath-report", "TraceStore", "RolloutModel", "HDF5", "ParallelLaunch"]
        ),
    ],
    swiftLanguageModes: [.v6]
)
