extension ConfigurationTree {
    /// Puts the value of an override (`section.key=value`) into the tree.
    ///
    /// Only the form is checked here: a key that does not exist is refused when the tree is read.
    mutating func apply(override: String) throws(ConfigurationError) {
        let place = ConfigurationPlace.override(override)
        let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, path.count >= 2, path.allSatisfy({ !$0.isEmpty }) else {
            throw ConfigurationError(
                place: place,
                problem: "expected section.key=value",
                remedy: "write for example --set run.samples=16"
            )
        }
        let value = try ConfigurationTree(yaml: String(parts[1])) { _ in place }
        // An empty text after the equals sign is no value, not a mapping without keys.
        let isEmpty = parts[1].allSatisfy(\.isWhitespace)
        let written =
            isEmpty ? ConfigurationTree(content: .scalar("", isPlain: true), place: place) : value
        set(written, at: path[...])
    }
}
