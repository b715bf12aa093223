import Configuration

extension JobConfiguration {
    /// The configuration of a command that needs no data set or model: a file's, or the defaults.
    ///
    /// - Throws: `ConfigurationError`.
    static func loadedOrDefault(path: String?, overrides: [String]) throws -> JobConfiguration {
        guard let path else {
            return try parse(
                yaml: "dataset: {path: none}\nmodel: {path: none}",
                name: "defaults",
                overrides: overrides
            )
        }
        return try load(path: path, overrides: overrides)
    }
}
