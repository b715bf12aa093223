import Foundation

/// The versions of Python modules, found by importing them.
struct PythonImports {
    /// Imports every module it is given and writes one line of JSON, last.
    ///
    /// Libraries print while they are imported, so the result goes to a copy of standard output
    /// and their text to standard error.
    static let program = """
        import sys
        sys.path[:] = [entry for entry in sys.path if entry]
        import importlib, json, os
        from importlib import metadata
        answer = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        found = {"python": {"version": sys.version.split()[0]}}
        for name in sys.argv[1:]:
            try:
                module = importlib.import_module(name)
                version = getattr(module, "__version__", None) or metadata.version(name)
                found[name] = {"version": str(version)}
            except BaseException as error:
                found[name] = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(found), file=answer, flush=True)
        # Some libraries leave threads or crash at exit; the answer is given.
        os._exit(0)
        """

    private struct Module: Decodable {
        let version: String?
        let error: String?
    }

    /// Names that differ between import and installation.
    private static let packages = ["math_verify": "math-verify"]

    let lines: [String]
    let modules: [String]

    /// One line when all modules are there, otherwise one for each that is not.
    func findings(_ subject: String, python: String) -> [Finding] {
        let found: [String: Module]
        do {
            let last = lines.last ?? ""
            found = try JSONDecoder().decode([String: Module].self, from: Data(last.utf8))
        } catch {
            let remedy = "set it to a Python 3.10 or newer"
            return [.failure(subject, "\(python) is no Python that can be asked", remedy)]
        }
        let failures = modules.compactMap { name -> Finding? in
            guard let error = found[name]?.error else { return nil }
            let package = Self.packages[name] ?? name
            return .failure(
                subject,
                "\(python) cannot import \(name) (\(error))",
                "run tools/setup, or \(python) -m pip install \(package)"
            )
        }
        guard failures.isEmpty else { return failures }
        let versions = (["python"] + modules).map { "\($0) \(found[$0]?.version ?? "?")" }
        return [.ok(subject, "\(python): " + versions.joined(separator: ", "))]
    }
}
