"""Seconds that smolagents' LocalPythonExecutor takes for snippets, as a JSON list of medians.

    smolagents_baseline.py REPETITIONS SNIPPETS     (a JSON list of Python sources)

Each snippet gets a fresh executor, as a new session does; the imports have been done before, as in
the zygote.
"""

import json
import statistics
import sys
import time

import numpy  # noqa: F401
import sympy  # noqa: F401
from smolagents.local_python_executor import LocalPythonExecutor


def seconds(code):
    start = time.perf_counter()
    executor = LocalPythonExecutor(additional_authorized_imports=["sympy", "numpy", "sympy.*", "numpy.*"],
                                   timeout_seconds=600)
    executor.send_tools({})
    executor(code)
    return time.perf_counter() - start


repetitions, snippets = int(sys.argv[1]), json.loads(sys.argv[2])
for code in snippets:
    seconds(code)
print(json.dumps([statistics.median(seconds(code) for _ in range(repetitions)) for code in snippets]))
