"""Right answers with units, currency, percentages and separators."""

import re
from random import Random

from answers.cases import Gold, right
from answers.evaluation import value
from answers.golds import integer, rational
from answers.spelling import latex


@right("thousands separators")
def thousands(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or abs(whole) < 1000:
        return None
    separator = rng.choice([",", "{,}", ",\\!", "\\,"])
    return f"{whole:,}".replace(",", separator)


@right("thousands separators in an expression")
def inner_thousands(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("scalar", "assignment") or integer(gold) is not None:
        return None
    grouped = re.sub(r"(?<![\d.^])\d{4,9}(?![\d.])", lambda match: f"{int(match[0]):,}", gold.text)
    if grouped == gold.text:
        return None
    return grouped.replace(",", rng.choice([",", "{,}"]))


@right("unit")
def unit(rng: Random, gold: Gold) -> str | None:
    if rational(gold) is None or value(gold.answer.parts[0]) <= 0:
        return None
    styles = [
        "\\text{ cm}",
        "\\text{ inches}",
        "\\,\\text{cm}",
        "\\text{ square units}",
        "\\text{ units}",
        " \\mathrm{~cm}",
        "\\text{ cm}^2",
        " \\text{ meters}",
        "\\text{ hours}",
        "\\text{ dollars}",
        "\\text{ feet}",
        "\\ \\text{km}",
        "\\text{ miles}",
        "\\text{ days}",
        "\\text{ points}",
        "\\text{cm}",
        " cm",
        "\\text{ cm}^{2}",
        "\\text{ cm²}",
        "\\text{ units}^2",
        "\\text{ sq. units}",
        " \\text{ square inches}",
        "\\; \\text{cm}",
        "\\text{ degrees}",
        " dollars",
        "dollars",
        " inches",
        "\\text{ ways}",
        "\\text{ students}",
    ]
    return gold.text + rng.choice(styles)


@right("currency")
def currency(rng: Random, gold: Gold) -> str | None:
    if gold.answer.unit == "dollar":
        bare = gold.text.replace("\\$", "")
        return rng.choice(
            [bare, f"{bare}\\text{{ dollars}}", f"\\${bare}", f"\\$ {bare}", f"\\text{{\\${bare}}}"]
        )
    whole = integer(gold)
    if whole is None or whole < 0:
        return None
    return rng.choice(
        [f"\\${whole}", f"\\$ {whole}", f"\\${whole}.00", f"\\text{{\\$}}{whole}", f"\\${whole:,}"]
    )


@right("percentage")
def percentage(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    if found is None or not re.fullmatch(r"[\d.]+", gold.text) or not 0 < found < 1000:
        return None
    return gold.text + rng.choice(["\\%", " \\%", "\\text{ percent}", "\\text{\\%}"])


@right("unit left out or spelled otherwise")
def other_unit(rng: Random, gold: Gold) -> str | None:
    name = gold.answer.unit
    if not name or name == "dollar":
        return None
    amount = latex(gold.answer.parts[0])
    base, _, power = name.partition("^")
    if base == "degree":
        marks = [
            "^\\circ",
            "^{\\circ}",
            "\\degree",
            "\N{DEGREE SIGN}",
            "\\text{ degrees}",
            " ^\\circ",
            "",
        ]
        return amount + rng.choice(marks)
    raised = f"^{power}" if power else ""
    styles = [
        "",
        f"\\text{{ {base}}}{raised}",
        f"\\,\\mathrm{{{base}}}{raised}",
        f"\\ \\text{{{base}}}{raised}",
    ]
    if power == "2":
        styles += [
            f"\\text{{ square {base}}}",
            f" \\text{{ {base}}}^{{2}}",
            f"\\text{{ sq {base}}}",
        ]
    styles += [f" {base}{raised}", f"~\\mathrm{{{base}}}{raised}", f"\\mbox{{ {base}}}{raised}"]
    return amount + rng.choice(styles)
