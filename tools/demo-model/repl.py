"""What the sandbox's interpreter answers, without the sandbox: for this project's own snippets only.

Training needs the true outputs of many thousand snippets that `problems.py` wrote itself, so they
run in-process. Text that a model wrote goes through `replay` in a child process (see `check.py`).
"""

import ast
import contextlib
import io
import signal
from typing import Any


def run(code: str, namespace: dict[str, Any]) -> str:
    """Standard output of `code`, then the repr of a trailing expression, then an error if any."""
    printed = io.StringIO()
    try:
        tree = ast.parse(code)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, "<snippet>", "exec"), namespace)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "<snippet>", "eval"), namespace)
                if value is not None:
                    print(repr(value))
    except Exception as error:
        printed.write(f"{type(error).__name__}: {error}\n")
    return printed.getvalue().rstrip("\n")


def replay(snippets: list[str], limit_seconds: int = 10) -> str:
    """The output of the last snippet after all earlier ones, in a fresh namespace."""

    def expire(signum: int, frame: object) -> None:
        raise TimeoutError(f"no result within {limit_seconds} s")

    signal.signal(signal.SIGALRM, expire)
    signal.alarm(limit_seconds)
    namespace: dict[str, Any] = {}
    output = ""
    try:
        for code in snippets:
            output = run(code, namespace)
    except BaseException as error:  # SystemExit in a snippet must not end the worker.
        output = f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    return output[:500]
