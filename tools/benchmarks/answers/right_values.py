"""Right answers that write the expected value in another way: LaTeX, sympy, decimals, sets."""

import re
from fractions import Fraction
from random import Random

import sympy
from answers.cases import Gold, right
from answers.evaluation import to_sympy, value
from answers.golds import (
    checked,
    decimal,
    integer,
    is_number,
    names,
    rational,
    sympy_object,
    with_parts,
)
from answers.reading import Node, number
from answers.spelling import answer_latex, latex

BARE = ("scalar", "list", "set", "tuple", "interval", "union", "matrix", "assignment", "equation")
FRACTION = re.compile(r"\\[dt]?frac\s*(\{[^{}]*\}|\d)\s*(\{[^{}]*\}|\d)")


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


@right("sum of a negative")
def plus_negative(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "scalar" or gold.answer.unit:
        return None
    text = gold.text if rng.random() < 0.5 else str(sympy_object(gold.answer))
    changed = re.sub(r"(?<=[\w})]) ?- ?(?=[\w\\(])", rng.choice([" + -", " + (-1)*"]), text)
    if "(-1)*" in changed and "\\" in changed:
        return None
    return changed if changed != text and "e" not in text else None


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
