/// The page that explains every key, made from the declarations.
public enum ConfigurationReference {
    /// Markdown: one table per section with key, type, default, rule and meaning.
    public static var markdown: String {
        var lines = [
            "# Configuration",
            "",
            "One YAML file; `--set section.key=value` overrides a key. Relative paths are relative",
            "to the working directory. Keys marked \"resumable\" may differ when a run is taken up",
            "again. Those marked \"may grow\" may ask for more: more samples, or a data set that has further",
            "problems after those of the run; then only what is missing is done. A difference in any",
            "other key needs another run directory.",
        ]
        let facts = JobConfiguration.initial.facts
        for section in JobConfiguration.keys.map(\.name) {
            lines += ["", "## `\(section)`", ""]
            lines += ["| key | type | default | must be | meaning |", "|---|---|---|---|---|"]
            lines += facts.filter { $0.key.hasPrefix("\(section).") }.map(row)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ fact: ConfigurationFact) -> String {
        let value = fact.isRequired ? "(required)" : code(fact.value)
        let mark = fact.isExtent ? " May grow." : fact.identity == nil ? " Resumable." : ""
        let cells = ["`\(fact.key)`", fact.type, value, fact.rule, fact.summary + mark]
        return "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }

    /// A code span; of a text with back quotes, which would need a longer mark than DocC takes for one,
    /// the text itself.
    private static func code(_ text: String) -> String {
        guard text.contains("`") else { return "`\(text)`" }
        return text.reduce(into: "") { escaped, character in
            if character.isASCII, character.isPunctuation || character.isSymbol {
                escaped.append("\\")
            }
            escaped.append(character)
        }
    }

    private static func escaped(_ cell: String) -> String {
        cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
