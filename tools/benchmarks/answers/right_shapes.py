"""Right answers: lists, sets, tuples, intervals, matrices and equations written in another way."""

from random import Random

import sympy
from answers.cases import Case, Gold, right
from answers.evaluation import are_equal, to_sympy, walk
from answers.golds import names
from answers.reading import Node
from answers.spelling import answer_latex, environment, latex, rows_latex

MORE = {"<": ">", "\\le": "\\ge"}


@right("plus-minus taken apart or together")
def plus_minus(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("list", "set"):
        return None
    if "\\pm" not in gold.text:
        return together(rng, gold)
    parts = list(gold.answer.parts)
    rng.shuffle(parts)
    spelled = [latex(part) for part in parts]
    if gold.answer.shape == "set":
        return "\\{" + ", ".join(spelled) + "\\}"
    joint = rng.choice([", ", " \\text{ and } ", " \\text{ or } ", "; "])
    return joint.join(spelled)


def together(rng: Random, gold: Gold) -> str | None:
    """A list in which a value and its negative are one entry."""
    parts = list(gold.answer.parts)
    for part in parts:
        negative = Node("negative", (part,))
        other = next((each for each in parts if are_equal(each, negative)), None)
        if other is not None and other is not part:
            rest = [latex(each) for each in parts if each not in (part, other)]
            texts = [*rest, f"\\pm {latex(part if part.kind != 'negative' else other)}"]
            rng.shuffle(texts)
            return rng.choice([", ", ",", " \\text{ and } "]).join(texts)
    return None


@right("list reordered")
def reordered(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("list", "set"):
        return None
    parts = list(gold.answer.parts)
    rng.shuffle(parts)
    spelled = [latex(part) for part in parts]
    joined = ", ".join(spelled)
    styles = [joined, f"\\{{{joined}\\}}", f"[{joined}]", f"\\left\\{{ {joined} \\right\\}}"]
    if gold.answer.shape == "list":
        joint = rng.choice(["\\text{ and }", "\\text{ or }", "\\text{ and } "])
        styles += [", ".join(spelled[:-1]) + f" {joint} " + spelled[-1]]
        styles += [", ".join(f"x = {each}" for each in spelled)]
        styles += [", ".join(f"x_{index} = {each}" for index, each in enumerate(spelled, 1))]
        styles += [
            f"x \\in \\{{{joined}\\}}",
            " \\text{ or } ".join(f"x = {each}" for each in spelled),
        ]
    return rng.choice(styles)


@right("boxes of a list")
def boxes(rng: Random, gold: Gold) -> Case | None:
    if gold.answer.shape != "list":
        return None
    parts = list(gold.answer.parts)
    rng.shuffle(parts)
    spelled = [f"$\\boxed{{{latex(part)}}}$" for part in parts]
    joint = rng.choice([" and ", ", ", ", and "])
    return Case(f"The solutions are {joint.join(spelled)}.", is_whole=True)


@right("matrix written otherwise")
def matrices(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "matrix":
        return None
    rows = rows_latex(gold.answer)
    if rng.random() < 0.4:
        rows = [[f"{{{cell}}}" for cell in row] for row in rows]
    joint = rng.choice([" \\\\ ", "\\\\", " \\\\\n", "\\\\[2pt] "])
    name = rng.choice(["pmatrix", "bmatrix", "array", "matrix"])
    body = environment(name, rows, joint)
    if name in ("array", "matrix"):
        opening, closing = rng.choice([("(", ")"), ("[", "]")])
        body = f"\\left{opening}{body}\\right{closing}"
    return body


@right("vector written otherwise")
def vectors(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape == "tuple":
        parts = [latex(part) for part in found.parts]
        joined = ", ".join(parts)
        column = environment("pmatrix", [[part] for part in parts])
        return rng.choice(
            [f"\\langle {joined} \\rangle", column, f"\\left\\langle {joined} \\right\\rangle"]
        )
    if found.shape == "matrix" and found.rows == len(found.parts):
        parts = [str(to_sympy(part)) for part in found.parts]
        texts = [f"[{part}]" for part in parts]
        return rng.choice([f"Matrix([{', '.join(texts)}])", f"Matrix([{', '.join(parts)}])"])
    return None


@right("interval as a relation")
def interval_relation(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape not in ("interval", "union"):
        return None
    pieces = []
    for index, marks in enumerate(found.intervals):
        low, high = found.parts[2 * index : 2 * index + 2]
        below, above = ("<" if mark in "()" else "\\le" for mark in marks)
        if "infinity" in [part.value for part in walk(high)]:
            plain = [f"x {MORE[below]} {latex(low)}", f"{latex(low)} {below} x"]
            pieces.append(rng.choice(plain))
        elif "infinity" in [part.value for part in walk(low)]:
            plain = [f"x {above} {latex(high)}", f"{latex(high)} {MORE[above]} x"]
            pieces.append(rng.choice(plain))
        else:
            turned = f"{latex(high)} {MORE[above]} x {MORE[below]} {latex(low)}"
            pieces.append(rng.choice([f"{latex(low)} {below} x {above} {latex(high)}", turned]))
    text = rng.choice([" \\text{ or } ", " \\lor "]).join(pieces)
    builder = rng.choice(["x \\mid", "x :", "x \\in \\mathbb{R} \\mid", "x \\in \\mathbb{R} :"])
    return rng.choice([text, f"\\{{{builder} {text}\\}}"])


@right("interval named or of Python")
def interval_named(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape not in ("interval", "union"):
        return None
    text = answer_latex(found)
    ends = [str(to_sympy(part)) for part in found.parts]
    plain = " \\cup ".join(
        f"{marks[0]}{low}, {high}{marks[1]}"
        for marks, low, high in zip(found.intervals, ends[::2], ends[1::2])
    )
    return rng.choice([f"x \\in {text}", plain])


@right("based number written otherwise")
def based(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "based":
        return None
    label, base = gold.answer.label, gold.answer.base
    return rng.choice(
        [
            f"{label}_{base}",
            f"({label})_{base}",
            f"{label}_{{{base}}}",
            f"({label})_{{{base}}}",
            f"{label}_{{\\text{{{base}}}}}",
            f"\\text{{{label}}}_{base}",
            f"{label} _ {base}",
        ]
    )


@right("name left out")
def unnamed(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "assignment":
        return None
    part = gold.answer.parts[0]
    return rng.choice([latex(part), str(to_sympy(part)), f"{gold.answer.label} = {to_sympy(part)}"])


@right("equation rearranged")
def equations(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape == "assignment" and names(gold):
        right_side = latex(found.parts[0])
        moved = f"{found.label} - ({right_side}) = 0"
        return rng.choice([f"{right_side} = {found.label}", moved])
    if found.shape != "equation":
        return None
    left, right_side = (latex(part) for part in found.parts)
    scale = rng.choice([2, -1, 3, 5])
    parts = [to_sympy(part) for part in found.parts]
    scaled = f"{sympy.latex(sympy.expand(scale * parts[0]))} = {sympy.latex(scale * parts[1])}"
    constant = parts[0].as_coeff_add()[0]
    moved = f"{sympy.latex(parts[0] - constant)} = {sympy.latex(parts[1] - constant)}"
    return rng.choice([f"{right_side} = {left}", scaled, moved])
