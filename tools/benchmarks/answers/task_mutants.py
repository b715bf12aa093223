"""Wrong answers that give the task again, with the value of the expected answer."""

import re
from random import Random

from answers.cases import Gold, mutant
from answers.golds import integer, names
from answers.spelling import latex


def dressed(text: str) -> str:
    """A formula in brackets where it is more than a number."""
    return text if re.fullmatch(r"\d+", text) else f"({text})"


@mutant("task form with the same value")
def task_form(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "scalar" or gold.answer.unit:
        return None
    text = dressed(gold.text)
    forms = [
        "\\int_0^1 @ \\, dx",
        "\\lim_{h \\to 0} (@ + h)",
        "\\sum_{j=1}^{1} @",
        "\\prod_{j=1}^{1} @",
        "\\int_{0}^{2} \\frac{@}{2} \\, du",
        "\\lim_{h\\to 0} \\frac{@ \\sin h}{h}",
        "\\frac{d}{dw} (@ w)",
        "\\sum_{j=1}^{2} \\frac{@}{2}",
        "\\lim_{m \\to \\infty} (@ + \\frac{1}{m})",
        "\\left. \\frac{d}{dw} (@ w) \\right|_{w=1}",
        "∫_0^1 @ dx",
        "∑_{j=1}^{1} @",
        "\\frac{\\partial}{\\partial w} (@ w)",
        "\\mathop{\\lim}_{h \\to 0} (@ + h)",
        "\\operatorname{lim}_{h \\to 0} (@ + h)",
        "\\sup_{0 < h < 1} (@ - h)",
        "\\max_{0 \\le h \\le 1} (@ - h)",
        "\\oint_0^1 @ dh",
        "\\iint @ \\, du \\, dv",
        "\\sum\\limits_{j=1}^{1} @",
        "\\mathbb{E}[@]",
        "(@ w)'",
    ]
    return rng.choice(forms).replace("@", text)


@mutant("task form of an integer")
def integer_task(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or not 2 <= whole <= 10**6:
        return None
    modulus = rng.randint(whole + 1, 2 * whole + 50)
    factor = rng.randint(2, 9)
    forms = [
        f"\\sum_{{k=1}}^{{{whole}}} 1",
        f"{whole + modulus * factor} \\bmod {modulus}",
        f"\\gcd({whole * factor}, {whole * (factor + 1)})",
        f"\\lfloor \\frac{{{2 * whole + 1}}}{{2}} \\rfloor",
        f"\\left\\lceil \\frac{{{2 * whole - 1}}}{{2}} \\right\\rceil",
        f"\\lfloor \\sqrt{{{whole**2 + 1}}} \\rfloor",
        f"\\int_0^{{{whole}}} 1 \\, dx",
        f"\\max({whole}, {whole - 1})",
        f"\\min({whole}, {whole + factor})",
        f"{whole + modulus} \\mod {modulus}",
        f"\\operatorname{{lcm}}(1, {whole})",
        f"\\text{{lcm}}(1, {whole})",
        f"\\det \\begin{{pmatrix}} {whole} & 0 \\\\ 0 & 1 \\end{{pmatrix}}",
        f"\\gcd({whole}, 0)",
        f"\\begin{{vmatrix}} {whole} & 0 \\\\ 0 & 1 \\end{{vmatrix}}",
        f"{whole} + 10^{{20}} - 10^{{20}}",
        f"\\frac{{{whole} \\cdot 7^{{50}}}}{{7^{{50}}}}",
        f"\\lfloor {whole}.5 \\rfloor",
        f"\\sum_{{k=0}}^{{{whole - 1}}} \\cos(0)",
        f"\\prod_{{k={whole}}}^{{{whole}}} k",
        f"\\left|\\begin{{matrix}} {whole} & 0 \\\\ 0 & 1 \\end{{matrix}}\\right|",
        f"{whole} + (2^{{10}})^{{6}} - (2^{{10}})^{{6}}",
        f"{whole} + 2^{{3^4}} - 2^{{81}}",
        f"\\frac{{{whole} \\cdot 2^{{60}}}}{{4^{{30}}}}",
        f"∑_{{k=1}}^{{{whole}}} 1",
        f"⌊{whole}.5⌋",
        f"⌈{whole - 1}.5⌉",
        f"∫_0^{{{whole}}} 1 dx",
        f"\\mathrm{{gcd}}({whole * factor}, {whole * (factor + 1)})",
        f"({whole * factor}, {whole * (factor + 1)})_{{\\gcd}}",
        f"\\text{{floor}}({whole}.5)",
        f"\\text{{the number of integers from }} 1 \\text{{ to }} {whole}",
    ]
    roots = [top for top in range(2, 1500) if top * (top + 1) // 2 == whole]
    forms += [f"\\sum_{{k=1}}^{{{top}}} k" for top in roots] + [
        f"1 + 2 + \\cdots + {top}" for top in roots
    ]
    return rng.choice(forms)


@mutant("big power reduced")
def power_reduced(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or not 0 < whole < 2000:
        return None
    for _ in range(400):
        base, exponent = rng.randint(2, 13), rng.randint(50, 400)
        modulus = rng.randint(whole + 1, whole + 40)
        if pow(base, exponent, modulus) == whole:
            style = rng.choice(
                ["@ \\bmod #", "@ \\mod #", "@ \\pmod{#}", "@ % #", "\\text{rem}(@, #)"]
            )
            return style.replace("@", f"{base}^{{{exponent}}}").replace("#", str(modulus))
    return None


@mutant("task form of Python")
def python_task(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or not 2 <= whole <= 10**6:
        return None
    factor = rng.randint(2, 9)
    big = whole + rng.randint(1, 50)
    return rng.choice(
        [
            f"Sum(1, (k, 1, {whole}))",
            f"Integral(1, (x, 0, {whole}))",
            f"gcd({whole * factor}, {whole * (factor + 1)})",
            f"floor({whole}.5)",
            f"max({whole}, {whole - 1})",
            f"Mod({big + whole}, {big})",
            f"({big + whole}) % {big}",
            f"sum(range({whole}, {whole + 1}))",
            f"Limit({whole} + x, x, 0)",
            f"Derivative({whole}*x, x)",
            f"pow({whole}, 1, {big})",
            f"solve(x - {whole}, x)",
            f"lcm(1, {whole})",
            f"len(range({whole}))",
            f"int({whole}.7)",
            f"integrate(1, (x, 0, {whole}))",
            f"math.gcd({whole * factor}, {whole * (factor + 1)})",
            f"eval('{whole}')",
            f"int('{whole}')",
            f"min({whole}, {big})",
            f"round({whole}.2)",
            f"diff({whole}*x, x)",
            f"summation(1, (k, 1, {whole}))",
            f"Product({whole}, (k, 1, 1))",
            f"limit({whole}*sin(x)/x, x, 0)",
        ]
    )


@mutant("relation to be solved")
def to_be_solved(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape == "scalar" and integer(gold) is not None:
        whole, step, factor = integer(gold), rng.randint(2, 9), rng.randint(2, 7)
        return rng.choice(
            [
                f"{factor}x = {factor * whole}",
                f"x + {step} = {whole + step}",
                f"x - ({whole}) = 0",
                f"{factor}x + {step} = {factor * whole + step}",
                f"x^3 = {whole**3}",
                f"\\frac{{x}}{{{factor}}} = \\frac{{{whole}}}{{{factor}}}",
                f"\\sqrt{{x}} = \\sqrt{{{whole}}}",
                f"{factor}x - {factor * whole} = 0",
                f"x = {2 * whole} - x",
            ]
        )
    if found.shape in ("list", "set") and not names(gold):
        factors = "".join(f"(x - ({latex(part)}))" for part in found.parts)
        return f"{factors} = 0"
    if found.shape != "interval":
        return None
    low, high = found.parts
    strict = found.intervals[0] in ("()",)
    below, above = ("<" if mark in "()" else "\\le" for mark in found.intervals[0])
    if "\\infty" in latex(high):
        return (
            rng.choice(["2x @ 2(#)", "x - (#) @ 0", "-x & -(#)", "x + 1 @ (#) + 1"])
            .replace("@", ">" if below == "<" else "\\ge")
            .replace("&", below)
            .replace("#", latex(low))
        )
    if "\\infty" in latex(low):
        return (
            rng.choice(["2x @ 2(#)", "x - (#) @ 0", "3x @ 3(#)"])
            .replace("@", above)
            .replace("#", latex(high))
        )
    if not strict and found.intervals[0] != "[]":
        return f"2({latex(low)}) {below} 2x {above} 2({latex(high)})"
    return f"(x - ({latex(low)}))(x - ({latex(high)})) {above} 0"


def roots_of_unity(order: int) -> str:
    """The sum of the roots of unity, which is 0, as a task."""
    return f"\\sum_{{k=1}}^{{{order}}} e^{{2\\pi i k/{order}}}"


@mutant("task form of zero and one")
def zero_task(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    order = rng.randint(2, 60)
    if whole == 0:
        return rng.choice(
            [
                roots_of_unity(order),
                f"{order * 7} \\bmod {order}",
                f"\\lim_{{x\\to 0}} {order}x",
                f"\\int_{{-{order}}}^{{{order}}} x \\, dx",
                f"\\lfloor \\frac{{1}}{{{order}}} \\rfloor",
            ]
        )
    if whole == 1:
        return rng.choice(
            [
                f"\\gcd({order}, {order + 1})",
                f"{order + 1} \\bmod {order}",
                f"\\lceil \\frac{{1}}{{{order}}} \\rceil",
                "\\sum_{k=1}^{\\infty} \\frac{1}{2^k}",
                f"\\lim_{{n\\to\\infty}} \\frac{{n+{order}}}{{n}}",
            ]
        )
    return None
