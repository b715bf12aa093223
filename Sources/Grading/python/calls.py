"""Calls as sympy and Python print them: `Matrix([[1, 2]])`, `Interval.open(2, 4)`, `Rational(1, 2)`."""

from .trees import Node, Unreadable

# Task forms of several values, in any bracket.
OF_SEVERAL = {"gcd", "lcm", "max", "min"}
_IDENTITIES = {
    "Float", "Integer", "list", "tuple", "array", "Point", "Point2D", "Point3D", "Tuple", "frac",
}
_PYTHON_TASKS = {
    "Sum": "sum", "Product": "prod", "Integral": "int", "Limit": "lim", "Derivative": "derivative",
    "gcd": "gcd", "lcm": "lcm", "Mod": "mod", "mod": "mod", "floor": "floor", "ceiling": "ceil",
    "ceil": "ceil", "max": "max", "min": "min", "Max": "max", "Min": "min", "det": "det",
}
_BINARY = {
    "Rational": "div", "Fraction": "div", "binomial": "binomial", "comb": "binomial",
    "root": "root", "pow": "pow", "Pow": "pow", "Add": "add", "Mul": "mul",
}
_INTERVALS = {
    "Interval": "[]", "IntervalOpen": "()", "IntervalLopen": "(]", "IntervalRopen": "[)",
}
_RELATIONS = {"Eq": "=", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}


def call(name, arguments):
    """The tree of a Python call."""
    count = len(arguments)
    if name in _PYTHON_TASKS and count > 1 and _PYTHON_TASKS[name] in OF_SEVERAL:
        return Node("task", (Node("tuple", arguments, "()"),), _PYTHON_TASKS[name])
    if name in _PYTHON_TASKS:
        return Node("task", arguments, _PYTHON_TASKS[name])
    if name in _INTERVALS and count == 2:
        return Node("interval", arguments, _INTERVALS[name])
    if name in _RELATIONS and count == 2:
        return Node("relation", arguments, (_RELATIONS[name],))
    if name in _BINARY and count == 2:
        return Node(_BINARY[name], arguments)
    if name == "complex" and count == 2:
        imaginary = Node("mul", (arguments[1], Node("constant", (), "i")))
        return Node("add", (arguments[0], imaginary))
    if name in ("FiniteSet", "set", "frozenset"):
        inner = arguments[0]
        is_nested = count == 1 and inner.kind in ("tuple", "set_of")
        return Node("set_of", inner.args if is_nested else arguments)
    if name in ("Union", "Or"):
        kind = "union" if name == "Union" else "list"
        tree = arguments[0]
        if kind == "list":
            return Node("list", arguments, ("or",) * (count - 1))
        for each in arguments[1:]:
            tree = Node(kind, (tree, each))
        return tree
    if name == "And":
        return Node("list", arguments, ("and",) * (count - 1))
    if name in ("Point", "Point2D", "Point3D", "Tuple") and count > 1:
        return Node("tuple", arguments, "()")
    if count != 1:
        raise Unreadable(f"{name} of {count} arguments")
    argument = arguments[0]
    if name == "sqrt":
        return Node("root", (argument, Node("number", (), 2)))
    if name == "cbrt":
        return Node("root", (argument, Node("number", (), 3)))
    if name in ("abs", "Abs"):
        return Node("abs", (argument,))
    if name == "factorial":
        return Node("factorial", (argument,), 1)
    if name.endswith("Matrix"):
        return Node("group matrix", (argument,))
    if name in _IDENTITIES or name in ("Rational", "Fraction"):
        return argument
    raise Unreadable(f"{name} of one argument")
