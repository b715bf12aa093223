# What the zygote imports before its first fork: modules with all the submodules that are otherwise
# imported when first needed, since a session can open no file.

import builtins
import importlib
import os
import pkgutil
import sys

# A copy for every function of this program: a snippet may bend the real ones.
__builtins__ = dict(vars(builtins))

# What SandboxConfiguration.allowedModules may name but no program should have imported blindly.
never_imported = {"antigravity", "this", "idlelib", "tkinter", "turtle", "turtledemo", "test",
                  "lib2to3", "ensurepip", "venv", "pip", "__main__", "msilib", "winreg", "nt"}

# Parts of a submodule's name that mark it as something no snippet needs.
skipped_parts = {"tests", "test", "testing", "conftest", "__main__", "setup", "benchmarks", "f2py",
                 "distutils", "torch", "cupy", "dask", "jax", "autolev", "antlr", "_antlr", "_build_utils",
                 "_precompute", "_examples", "this", "zen", "runtests", "sphinx_ext", "typing_extensions", "mypy_plugin"}

# Optional parts of the modules above: large, or with threads of their own, which no fork survives.
never_pulled_in = {"torch", "tensorflow", "jax", "jaxlib", "cupy", "dask", "numba", "llvmlite",
                   "matplotlib", "pandas", "pyarrow", "IPython", "pytest", "hypothesis", "sparse",
                   "ndonnx", "PIL", "cv2", "sklearn", "networkx", "pygments", "requests", "regex",
                   "charset_normalizer", "sage", "tqdm", "psutil", "setuptools", "theano", "aesara",
                   "pytensor", "antlr4", "lark", "pexpect", "pooch", "threadpoolctl"}

with_submodules = ("numpy", "scipy", "sympy", "mpmath", "encodings", "importlib", "collections",
                   "json", "zoneinfo", "concurrent", "asyncio", "email", "urllib", "xml", "html")

# Imported by library code only when it is first needed.
imported_late = ("_strptime", "_pydecimal", "_pydatetime", "idna", "stringprep", "unicodedata",
                 "_uuid", "zlib", "lzma", "bz2", "tokenize", "inspect", "ast", "dis", "traceback",
                 "linecache", "difflib", "pprint", "reprlib", "quopri", "uu", "shutil", "tempfile",
                 "multiprocessing", "multiprocessing.pool", "multiprocessing.util", "opcode",
                 "concurrent.futures.thread", "concurrent.futures.process", "subprocess",
                 "platform", "sysconfig", "queue", "selectors", "locale", "gettext", "calendar")

warm_up = (
    "import sympy as s\nx, y = s.symbols('x y')\ns.solve(x**2 - 5*x + 6, x)",
    "s.solve([x + y - 3, x - y - 1], [x, y]); str(s.factor(x**6 - 1)); s.latex(s.sqrt(x) / 2)",
    "s.integrate(x * s.exp(x), x); s.diff(s.sin(x**2), x); s.limit(s.sin(x) / x, x, 0)",
    "s.simplify(s.sin(x)**2 + s.cos(x)**2); s.series(s.cos(x), x, 0, 6); s.N(s.pi, 30)",
    "s.Matrix([[2, 1], [1, 3]]).eigenvals(); s.factorint(360); s.isprime(97); s.nsimplify('0.5')",
    "s.solveset(s.sin(x) - 1, x, s.Interval(0, 7)); s.summation(x, (x, 1, 10))",
    "s.lambdify(x, x**2 + 1, 'numpy')(3.0); s.Rational(1, 3) + s.Integer(2); s.sympify('x + 1')",
    "import numpy as n\na = n.arange(9.0).reshape(3, 3) + n.eye(3)\nn.linalg.solve(a, n.ones(3))",
    "n.linalg.eig(a); n.linalg.svd(a); str(a); n.fft.fft(a); n.random.default_rng(1).random(3)",
    "n.polyfit([0, 1, 2], [1, 3, 7], 2); a @ a; n.random.rand(2); n.roots([1, -3, 2])",
    "import scipy.optimize as o, scipy.integrate as g, scipy.linalg as l, scipy.special as p",
    "o.minimize(lambda v: (v[0] - 1)**2, [0.0]); o.brentq(lambda v: v**3 - 2, 0, 2)",
    "g.quad(lambda v: v * v, 0, 1); l.expm(a); p.gamma(5.5); g.solve_ivp(lambda t, v: -v, [0, 1], [1.0])",
    "import mpmath\nmpmath.quad(mpmath.sin, [0, 1]); mpmath.zeta(3)",
    "from fractions import Fraction\nfrom decimal import Decimal\nstr(Fraction(1, 3)); Decimal(2).sqrt()",
    "from datetime import datetime\ndatetime.strptime('2024-01-02', '%Y-%m-%d').strftime('%A')",
    "from dataclasses import dataclass\n@dataclass\nclass W:\n    v: int\nrepr(W(1))",
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass",
)


class OptionalModulesLeftOut:
    """Makes what is in never_pulled_in look absent while the zygote imports."""

    def __init__(self, allowed):
        self.left_out = never_pulled_in - set(allowed)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.left_out:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def import_quietly(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return error
    return None


def import_or_give_up(name):
    """A module that the configuration names must be there, unless it is one of Python's own that
    this build or version lacks."""
    error = import_quietly(name)
    if error is not None and name not in sys.stdlib_module_names:
        sys.exit(f"{sys.executable} cannot import {name} ({error}): install it there, set "
                 f"sandbox.python to another interpreter, or take {name} out of sandbox.modules")
    return error is None


def import_with_submodules(name):
    if not import_or_give_up(name):
        return
    pending = [sys.modules[name]]
    while pending:
        package = pending.pop()
        for found in pkgutil.iter_modules(getattr(package, "__path__", ())):
            full = f"{package.__name__}.{found.name}"
            if found.name in skipped_parts or found.name.startswith("test_") or "_test" in found.name:
                continue
            if import_quietly(full) is None and found.ispkg:
                pending.append(sys.modules[full])


def import_everything(allowed):
    names = list(allowed)
    if "*" in allowed:
        names = sorted(set(names) | (set(sys.stdlib_module_names) - never_imported))
    for name in names:
        if name != "*" and not name.startswith("__"):
            if name in with_submodules:
                import_with_submodules(name)
            else:
                import_or_give_up(name)
    for name in ("encodings", *imported_late):
        import_with_submodules(name) if name == "encodings" else import_quietly(name)


def readable_paths():
    """What importing needs to read: the interpreter, its modules, the system's libraries."""
    paths = ["/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
             "/usr/share/zoneinfo", "/etc/localtime", "/proc", "/sys/devices/system/cpu",
             "/sys/devices/system/node", "/dev/null", "/dev/urandom", "/usr/share/locale"]
    paths += os.environ.get("LD_LIBRARY_PATH", "").split(":")
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        paths += [prefix, os.path.realpath(prefix)]
    paths += sys.path
    paths += [os.path.realpath(path) for path in sys.path]
    return [path.encode() for path in dict.fromkeys(paths) if path]
