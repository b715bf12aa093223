"""LaTeX of the formulas that reading.py reads."""

from fractions import Fraction

from answers.reading import Answer, Node, Unreadable

SUM, PRODUCT, POWER, ATOM = range(4)


def strength(node: Node) -> int:
    """How tightly the spelling of a node binds."""
    if node.kind in ("sum", "negative", "plusminus"):
        return SUM
    if node.kind in ("product", "function"):
        return PRODUCT
    if node.kind in ("power", "factorial"):
        return POWER
    return SUM if node.kind == "number" and node.value < 0 else ATOM


def latex(node: Node, least: int = SUM) -> str:
    """LaTeX of a formula, in brackets where it binds less than `least`."""
    text = bare_latex(node)
    return f"({text})" if strength(node) < least else text


def bare_latex(node: Node) -> str:
    """LaTeX of a formula without brackets around it."""
    parts = node.parts
    match node.kind:
        case "number":
            return fraction_latex(node.value)
        case "constant":
            return {"pi": "\\pi", "infinity": "\\infty"}.get(node.value, str(node.value))
        case "symbol":
            return str(node.value)
        case "sum":
            return sum_latex(parts)
        case "negative":
            return "-" + latex(parts[0], PRODUCT)
        case "product":
            return product_latex(parts)
        case "quotient":
            return f"\\frac{{{latex(parts[0])}}}{{{latex(parts[1])}}}"
        case "power":
            return f"{latex(parts[0], ATOM)}^{{{latex(parts[1])}}}"
        case "root":
            index = "" if parts[1].value == 2 else f"[{latex(parts[1])}]"
            return f"\\sqrt{index}{{{latex(parts[0])}}}"
        case "function":
            return f"\\{node.value}({latex(parts[0])})"
        case "factorial":
            return latex(parts[0], ATOM) + "!"
        case "binomial":
            return f"\\binom{{{latex(parts[0])}}}{{{latex(parts[1])}}}"
        case "plusminus":
            return f"{latex(parts[0])} \\pm {latex(parts[1], PRODUCT)}"
    raise Unreadable(node.kind)


def fraction_latex(value: Fraction) -> str:
    """LaTeX of a rational number."""
    sign = "-" if value < 0 else ""
    above, below = abs(value.numerator), value.denominator
    return f"{sign}{above}" if below == 1 else f"{sign}\\frac{{{above}}}{{{below}}}"


def sum_latex(terms: tuple[Node, ...]) -> str:
    """LaTeX of a sum, with a minus in place of a plus and a negative term."""
    text = latex(terms[0])
    for term in terms[1:]:
        spelled = latex(term)
        text += f" - {spelled[1:]}" if spelled.startswith("-") else f" + {spelled}"
    return text


def product_latex(factors: tuple[Node, ...]) -> str:
    """LaTeX of a product: a dot where two numbers would run together."""
    text = latex(factors[0], PRODUCT)
    for factor in factors[1:]:
        spelled = latex(factor, PRODUCT)
        needs_sign = spelled[0].isdigit() or spelled.startswith("-")
        mixed = text[-1:].isdigit() and spelled.startswith("\\frac")
        needs_space = text[-1:].isalpha() and spelled[0].isalpha()
        if spelled.startswith("-"):
            spelled = f"({spelled})"
        text += " \\cdot " if needs_sign or mixed else " " if needs_space else ""
        text += spelled
    return text


def answer_latex(answer: Answer) -> str:
    """LaTeX of an answer, without its unit."""
    parts = [latex(part) for part in answer.parts]
    match answer.shape:
        case "scalar" | "list":
            return ", ".join(parts)
        case "set":
            return "\\{" + ", ".join(parts) + "\\}"
        case "tuple":
            return "(" + ", ".join(parts) + ")"
        case "interval" | "union":
            return " \\cup ".join(
                f"{brackets[0]}{parts[2 * index]}, {parts[2 * index + 1]}{brackets[1]}"
                for index, brackets in enumerate(answer.intervals)
            )
        case "matrix":
            return environment("pmatrix", rows_latex(answer))
        case "assignment":
            return f"{answer.label} = {parts[0]}"
        case "equation":
            return " = ".join(parts)
        case "based":
            return f"{answer.label}_{{{answer.base}}}"
        case "choice":
            return f"\\text{{({answer.label})}}"
    return f"\\text{{{answer.label}}}"


def rows_latex(answer: Answer) -> list[list[str]]:
    """LaTeX of the entries of a matrix, by rows."""
    parts = [latex(part) for part in answer.parts]
    width = len(parts) // answer.rows
    return [parts[row * width : (row + 1) * width] for row in range(answer.rows)]


def environment(name: str, rows: list[list[str]], joint: str = " \\\\ ") -> str:
    """A matrix in the given environment."""
    columns = "{" + "c" * len(rows[0]) + "}" if name == "array" else ""
    body = joint.join(" & ".join(row) for row in rows)
    return f"\\begin{{{name}}}{columns} {body} \\end{{{name}}}"
