extension SandboxPool {
    /// Names and versions of Python and of the libraries that snippets compute with, as a snippet sees
    /// them: `mpmath 1.3.0, numpy ...`, sorted by name.
    ///
    /// - Throws: as a session does.
    public func libraryVersions() async throws -> String {
        let session = try await openSession(seed: 0)
        let result: SnippetResult
        do {
            result = try await session.run(Self.versionSnippet)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        return result.output.split(separator: "\n").sorted().joined(separator: ", ")
    }

    /// Libraries that the configuration does not allow are left out; `sys` seldom is allowed.
    private static let versionSnippet = """
        for name in ("collections", "numpy", "scipy", "sympy", "mpmath"):
            try:
                module = __import__(name)
            except ImportError:
                continue
            if name == "collections":
                print("python", module._sys.version.split()[0])
            else:
                print(name, module.__version__)
        """
}
