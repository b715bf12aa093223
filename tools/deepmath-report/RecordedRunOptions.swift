import ArgumentParser

/// What commands take that do a part of a recorded run again.
struct RecordedRunOptions: ParsableArguments {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
    }

    @Argument(help: ArgumentHelp("A run directory, or its traces.h5.", valueName: "run"))
    var trace: String

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "Change a key of the recorded configuration, such as sandbox.python.",
            valueName: "section.key=value"
        )
    )
    var overrides: [String] = []

    @Option(help: "table or json.")
    var output = Output.table
}
