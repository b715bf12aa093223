import ArgumentParser
import TraceStore

/// `schema`: the documentation of the file, from the declarations that the writer uses.
struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints what every dataset of a trace file means, as Markdown."
    )

    func run() throws {
        try Terminal.show(TraceSchema.markdown)
    }
}
