import ArgumentParser
import Configuration

/// `deepmath keys`: every key of a configuration, from the declarations.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Explain every key of a configuration, as Markdown."
    )

    func run() { print(ConfigurationReference.markdown, terminator: "") }
}
