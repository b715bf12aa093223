/// The Python package that compares answers, as it is handed to an interpreter.
enum GraderSource {
    /// One module.
    struct File {
        let name: String
        let bytes: [UInt8]
    }

    /// The modules of the package.
    static let files: [File] = [
        File(name: "answers", bytes: PackageResources.answers_py),
        File(name: "calls", bytes: PackageResources.calls_py),
        File(name: "canonical", bytes: PackageResources.canonical_py),
        File(name: "characters", bytes: PackageResources.characters_py),
        File(name: "equality", bytes: PackageResources.equality_py),
        File(name: "forms", bytes: PackageResources.forms_py),
        File(name: "grader", bytes: PackageResources.grader_py),
        File(name: "library", bytes: PackageResources.library_py),
        File(name: "marks", bytes: PackageResources.marks_py),
        File(name: "operands", bytes: PackageResources.operands_py),
        File(name: "parser", bytes: PackageResources.parser_py),
        File(name: "prose", bytes: PackageResources.prose_py),
        File(name: "regions", bytes: PackageResources.regions_py),
        File(name: "remarks", bytes: PackageResources.remarks_py),
        File(name: "scalars", bytes: PackageResources.scalars_py),
        File(name: "structures", bytes: PackageResources.structures_py),
        File(name: "tasks", bytes: PackageResources.tasks_py),
        File(name: "tokens", bytes: PackageResources.tokens_py),
        File(name: "trees", bytes: PackageResources.trees_py),
        File(name: "values", bytes: PackageResources.values_py),
        File(name: "verdict", bytes: PackageResources.verdict_py),
        File(name: "vocabulary", bytes: PackageResources.vocabulary_py),
    ]

    /// Reads the modules from standard input and starts the last one's loop.
    ///
    /// The program comes through standard input, so no file of ours must be found at run time and a listing
    /// of processes stays readable. Nothing may be imported from the working directory; `-P` says so only
    /// from Python 3.11 on. The first argument is the memory limit; the others are the modules' sizes.
    static let loader = """
        import importlib.machinery, sys, types
        sys.path[:] = [entry for entry in sys.path if entry]
        names = [\(files.map { "\"\($0.name)\"" }.joined(separator: ", "))]
        class Modules:
            def __init__(self, sources):
                self.sources = sources
            def find_spec(self, name, path=None, target=None):
                package, _, module = name.partition(".")
                if package == "grading" and module in self.sources:
                    return importlib.machinery.ModuleSpec(name, self)
            def create_module(self, spec):
                return None
            def exec_module(self, module):
                name = module.__name__.partition(".")[2]
                exec(compile(self.sources[name], name + ".py", "exec"), module.__dict__)
        sources = {n: sys.stdin.buffer.read(int(size)) for n, size in zip(names, sys.argv[2:])}
        sys.modules["grading"] = types.ModuleType("grading")
        sys.modules["grading"].__path__ = []
        sys.meta_path.insert(0, Modules(sources))
        from grading.grader import main
        main()
        """
}
