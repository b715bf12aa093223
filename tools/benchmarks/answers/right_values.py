"""Right answers that write the expected value in another way: LaTeX, sympy, decimals, sets."""

import re
from fractions import Fraction
from random import Random

import sympy
from answers.cases import Case, Gold, right
from answers.evaluation import are_equal, exact, same_answer, symbols, to_sympy, value, walk
from answers.reading import Answer, Node, Unreadable, answer, number
from answers.spelling import answer_latex, environment, latex, rows_latex

BARE = ("scalar", "list", "set", "tuple", "interval", "union", "matrix", "assignment", "equation")
MORE = {"<": ">", "\\le": "\\ge"}
FRACTION = re.compile(r"\\[dt]?frac\s*(\{[^{}]*\}|\d)\s*(\{[^{}]*\}|\d)")


def checked(gold: Gold, text: str) -> str | None:
    """`text` where our own parser reads the expected answer in it; None where it is the old text."""
    if text == gold.text:
        return None
    is_interval = gold.answer.shape in ("interval", "union")
    if not same_answer(answer(text, is_interval), gold.answer):
        raise Unreadable(f"{text} is not {gold.text}")
    return text


def is_number(gold: Gold) -> bool:
    """Whether a plain number without a unit is expected."""
    return gold.answer.shape == "scalar" and not gold.answer.unit and not names(gold)


def names(gold: Gold) -> list[str]:
    """The variables of the expected answer."""
    return sorted({name for part in gold.answer.parts for name in symbols(part)})


def rational(gold: Gold) -> Fraction | None:
    """The expected number where it is rational and has no unit."""
    return exact(gold.answer.parts[0]) if is_number(gold) else None


def integer(gold: Gold) -> int | None:
    """The expected number where it is an integer and has no unit."""
    found = rational(gold)
    return found.numerator if found is not None and found.denominator == 1 else None


def decimal(found: Fraction, digits: int = 6) -> str | None:
    """The decimal of a rational number that has at most `digits` digits behind the point."""
    scaled = found * 10**digits
    if scaled.denominator != 1:
        return None
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled.numerator), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")


@right("fraction spelled otherwise")
def fractions(rng: Random, gold: Gold) -> str | None:
    if not FRACTION.search(gold.text):
        return None

    def spelled(match: re.Match[str]) -> str:
        above, below = match[1].strip("{}"), match[2].strip("{}")
        styles = [f"\\{name}{{{above}}}{{{below}}}" for name in ("frac", "dfrac", "tfrac", "cfrac")]
        if len(above) == len(below) == 1:
            styles += [f"\\frac{above}{below}", f"\\frac {above} {below}", f"\\dfrac{above}{below}"]
        elif len(below) == 1:
            styles += [f"\\frac{{{above}}}{below}"]
        return rng.choice(styles)

    text = FRACTION.sub(spelled, gold.text)
    checked(gold, text.replace("cfrac", "frac"))
    return text if text != gold.text else None


@right("solidus for a fraction")
def solidus(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    if found is None or found.denominator == 1:
        return None
    space = rng.choice(["", "", " "])
    return f"{found.numerator}{space}/{space}{found.denominator}"


@right("sized brackets")
def sized(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in BARE or "\\left" in gold.text or not re.search("[()]", gold.text):
        return None
    text = answer_latex(gold.answer) if rng.random() < 0.5 else gold.text
    sizes = [("\\left", "\\right"), ("\\big", "\\big"), ("\\Bigl", "\\Bigr"), ("\\bigl", "\\bigr")]
    opening, closing = rng.choice(sizes)
    text = re.sub(r"(?<!\\)[(\[]", lambda match: opening + match[0], text)
    return re.sub(r"(?<!\\)[)\]]", lambda match: closing + match[0], text)


@right("sign of multiplication")
def products(rng: Random, gold: Gold) -> str | None:
    sign = rng.choice([" \\cdot ", " \\times ", "\\cdot ", " * "])
    text = re.sub(r"(?<=\d) ?(?=\\(?:sqrt|pi))", lambda _: sign, gold.text)
    if text == gold.text and gold.answer.shape == "scalar":
        text = re.sub(r"(?<=\d)(?=[a-z])", lambda _: sign, gold.text)
    if text == gold.text or re.search(r"\\frac\d|sqrt\d", gold.text):
        return None
    return checked(gold, text)


@right("own LaTeX")
def own_latex(rng: Random, gold: Gold) -> str | None:
    if gold.answer.unit or gold.answer.shape not in BARE:
        return None
    return checked(gold, answer_latex(gold.answer))


@right("LaTeX of sympy")
def sympy_latex(rng: Random, gold: Gold) -> str | None:
    if gold.answer.unit or gold.answer.shape not in ("scalar", "matrix", "set"):
        return None
    return sympy.latex(sympy_object(gold.answer))


@right("terms reordered")
def reordered_terms(rng: Random, gold: Gold) -> str | None:
    if gold.answer.unit or gold.answer.shape not in BARE:
        return None

    def shuffled(node: Node) -> Node:
        parts = [shuffled(part) for part in node.parts]
        if node.kind == "sum":
            rng.shuffle(parts)
        return Node(node.kind, tuple(parts), node.value)

    parts = tuple(shuffled(part) for part in gold.answer.parts)
    if parts == gold.answer.parts:
        return None
    return checked(gold, answer_latex(with_parts(gold.answer, parts)))


def with_parts(old: Answer, parts: tuple[Node, ...]) -> Answer:
    """The answer with other entries."""
    return Answer(old.shape, parts, old.rows, old.intervals, old.label, old.unit, old.base)


def sympy_object(found: Answer) -> object:
    """What a program would hold as its result."""
    parts = [to_sympy(part) for part in found.parts]
    match found.shape:
        case "scalar" | "assignment":
            return parts[0]
        case "list":
            return parts
        case "set":
            return sympy.FiniteSet(*parts)
        case "tuple":
            return tuple(parts)
        case "equation":
            return sympy.Eq(*parts)
        case "matrix":
            return sympy.Matrix(found.rows, len(parts) // found.rows, parts)
        case "interval" | "union":
            pieces = [
                sympy.Interval(
                    parts[2 * index], parts[2 * index + 1], marks[0] == "(", marks[1] == ")"
                )
                for index, marks in enumerate(found.intervals)
            ]
            return sympy.Union(*pieces)
    raise Unreadable(found.shape)


@right("text of sympy")
def sympy_text(rng: Random, gold: Gold) -> str | None:
    if gold.answer.unit or gold.answer.shape == "equation":
        return None
    text = str(sympy_object(gold.answer))
    if text == gold.text or len(text) > 500:
        return None
    if gold.answer.shape == "set":
        return rng.choice([text, f"\\{text[:-1]}\\}}", f"FiniteSet({text[1:-1]})"])
    return text


@right("text of Python")
def python_text(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.unit:
        return None
    if found.shape == "matrix":
        rows = sympy_object(found).tolist()
        return str(rows)
    number_found = rational(gold)
    if number_found is not None and number_found.denominator > 1:
        return f"{rng.choice(['Fraction', 'Rational'])}({str(number_found).replace('/', ', ')})"
    if found.shape == "tuple":
        return None
    expression = sympy_object(found)
    if isinstance(expression, sympy.Expr) and expression.has(sympy.I):
        real, imaginary = expression.as_real_imag()
        if real.is_Integer and imaginary.is_Integer:
            text = str(complex(int(real), int(imaginary)))
            return rng.choice([text, text.strip("()"), f"{real} + {imaginary}i"])
    if names(gold) and isinstance(expression, sympy.Expr):
        return rng.choice([str(expression).replace(" ", ""), str(expression).replace("**", "^")])
    return None


@right("float of an integer")
def integer_float(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or abs(whole) > 10**9:
        return None
    if whole == 0:
        return repr(rng.choice([1, -1]) * rng.uniform(1, 9) * 10.0 ** -rng.randint(15, 17))
    relative = rng.choice([0, 1, -1, 2, -2, 3, -4]) * 2.0**-52
    return repr(float(whole) * (1 + relative))


@right("exact decimal")
def exact_decimal(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    text = None if found is None else decimal(found)
    if text is None or text == gold.text:
        return None
    styles = [text, text + "0" * rng.randint(1, 3) if "." in text else text + ".0"]
    if text.startswith("0."):
        styles.append(text[1:])
    return rng.choice(styles)


@right("float of a value")
def rounded_float(rng: Random, gold: Gold) -> str | None:
    if not is_number(gold) or integer(gold) is not None:
        return None
    found = value(gold.answer.parts[0])
    if found.imag != 0 or not 1e-3 < abs(found) < 1e9:
        return None
    return repr(float(found.real))


@right("power of ten")
def power_of_ten(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    text = None if found is None or not found else decimal(found, 12)
    if text is None or not (abs(found) >= 1000 or abs(found) < Fraction(1, 100)):
        return None
    digits = text.replace("-", "").replace(".", "").strip("0")
    exponent = len(str(int(abs(found)))) - 1 if abs(found) >= 1 else None
    if exponent is None:
        exponent = -(len(text.split(".")[1]) - len(text.split(".")[1].lstrip("0")) + 1)
    if len(digits) > 5:
        return None
    mantissa = ("-" if found < 0 else "") + digits[0] + ("." + digits[1:] if digits[1:] else "")
    styles = [f"{mantissa} \\times 10^{{{exponent}}}", f"{mantissa}\\cdot 10^{{{exponent}}}"]
    return rng.choice(styles + [f"{mantissa}e{exponent:+03d}", f"{mantissa}e{exponent}"])


@right("mixed number")
def mixed(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    if found is None or found.denominator == 1 or abs(found) < 1:
        return None
    whole, above = divmod(abs(found.numerator), found.denominator)
    sign = "-" if found < 0 else ""
    below = found.denominator
    frac = rng.choice(["\\frac", "\\dfrac", "\\tfrac"])
    return rng.choice(
        [f"{sign}{whole}{frac}{{{above}}}{{{below}}}", f"{sign}{whole} {above}/{below}"]
    )


@right("repeating decimal")
def repeating(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    if found is None or not 0 < found < 100 or found.denominator > 1000:
        return None
    for period in range(1, 7):
        repeated = (found - int(found)) * (10**period - 1)
        if repeated.denominator == 1 and repeated:
            digits = f"{repeated.numerator:0{period}d}"
            dotted = period == 1 and rng.random() < 0.5
            mark = f"\\dot{{{digits}}}" if dotted else f"\\overline{{{digits}}}"
            return f"{int(found)}.{mark}"
    return None


@right("another plain value")
def plain_value(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    if found is None:
        return None
    if found.denominator > 1:
        factor = rng.choice([2, 3, 5, -1])
        above, below = found.numerator * factor, found.denominator * factor
        return f"\\frac{{{above}}}{{{below}}}"
    whole = found.numerator
    factor = rng.randint(2, 12)
    styles = [f"\\frac{{{whole * factor}}}{{{factor}}}", f"{{{whole}}}"]
    if 0 < whole < 100:
        styles += [f"\\sqrt{{{whole**2}}}", f"\\sqrt[3]{{{whole**3}}}", f"|{-whole}|"]
    if 1 < whole < 12:
        styles += [f"\\log_{{2}} {2**whole}", f"\\log_{{3}} {{{3**whole}}}"]
    roots = [root for root in range(2, 100) if root**2 == whole]
    styles += [f"{root}^2" for root in roots] + [f"{root}^{{2}}" for root in roots]
    pairs = [top for top in range(3, 60) if top * (top - 1) // 2 == whole]
    styles += [f"\\binom{{{top}}}{{2}}" for top in pairs]
    styles += [
        f"{top}!" for top, result in ((3, 6), (4, 24), (5, 120), (6, 720)) if result == whole
    ]
    return rng.choice(styles)


@right("another radical")
def radical(rng: Random, gold: Gold) -> str | None:
    part = gold.answer.parts[0] if is_number(gold) else None
    if part is None or part.kind not in ("product", "root", "quotient", "negative"):
        return None
    squared = sympy.nsimplify(to_sympy(part) ** 2)
    if not squared.is_Rational or rational(gold) is not None:
        return None
    sign = "-" if value(part).real < 0 else ""
    square = Fraction(int(squared.p), int(squared.q))
    if square < 0:
        return None
    styles = [f"{sign}\\sqrt{{{latex(number(square))}}}"]
    if square.denominator == 1 or len(str(square)) < 12:
        styles += [f"{sign}({latex(number(square))})^{{1/2}}", f"{sign}\\sqrt{{{square}}}"]
        below = rng.choice([2, 3, 7])
        bigger = latex(number(square * below * below))
        styles += [f"{sign}\\frac{{\\sqrt{{{bigger}}}}}{{{below}}}"]
    return rng.choice(styles)


@right("polynomial multiplied out or factored")
def another_polynomial(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "scalar" or gold.answer.unit or not names(gold):
        return None
    expression = to_sympy(gold.answer.parts[0])
    if not expression.is_polynomial():
        return None
    form = rng.choice([sympy.expand, sympy.factor, sympy.horner, sympy.factor_terms])(expression)
    if not isinstance(form, sympy.Expr) or form.has(sympy.Function):
        return None
    return rng.choice([sympy.latex(form), str(form)])


@right("plus-minus taken apart or together")
def plus_minus(rng: Random, gold: Gold) -> str | None:
    if "\\pm" not in gold.text or gold.answer.shape not in ("list", "set"):
        return None
    parts = list(gold.answer.parts)
    rng.shuffle(parts)
    spelled = [latex(part) for part in parts]
    if gold.answer.shape == "set":
        return "\\{" + ", ".join(spelled) + "\\}"
    joint = rng.choice([", ", " \\text{ and } ", " \\text{ or } ", "; "])
    return joint.join(spelled)


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
            pieces.append(f"x {MORE[below]} {latex(low)}")
        elif "infinity" in [part.value for part in walk(low)]:
            pieces.append(f"x {above} {latex(high)}")
        else:
            pieces.append(f"{latex(low)} {below} x {above} {latex(high)}")
    text = rng.choice([" \\text{ or } ", " \\lor "]).join(pieces)
    builder = rng.choice(["x \\mid", "x :", "x \\in \\mathbb{R} \\mid", "x \\in \\mathbb{R} :"])
    return rng.choice([text, f"\\{{{builder} {text}\\}}"])


@right("interval named or of Python")
def interval_named(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape not in ("interval", "union"):
        return None
    text = answer_latex(found)
    plain = " U ".join(
        f"{marks[0]}{to_sympy(found.parts[2 * index])}, {to_sympy(found.parts[2 * index + 1])}{marks[1]}"
        for index, marks in enumerate(found.intervals)
    )
    return rng.choice([f"x \\in {text}", plain.replace(" U ", " \\cup ")])


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
