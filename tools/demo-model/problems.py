"""The demo's problems: ten families, several phrasings each, and the snippets that solve them.

Each generator draws numbers and computes the exact answer by its own arithmetic; the snippets are
another way to the same number, and `traces.py` checks that both agree whenever it runs them.
As a program: `problems.py > problems.jsonl` writes the evaluation set, which training leaves out, and
`problems.py --training > train-problems.jsonl` writes other problems for training by rewards.
"""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

Phrasings = list[str]


@dataclass(frozen=True)
class Step:
    """One turn of the model that calls the tool: a line of reasoning and the snippet."""

    reasoning: str
    code: str


@dataclass(frozen=True)
class Problem:
    family: str
    facts: tuple  # What makes two problems the same, however phrased.
    statement: str
    answer: Fraction
    steps: tuple[Step, ...]  # Empty: answered without the tool.


def latex(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def polynomial(terms: list[tuple[int, str]], times: str = "") -> str:
    """`[(3, "x^2"), (-1, "x"), (4, "")]` as `3x^2 - x + 4`; `times="*"` for Python."""
    text = ""
    for coefficient, symbol in terms:
        if coefficient == 0:
            continue
        size = str(abs(coefficient))
        body = size if not symbol else symbol if size == "1" else size + times + symbol
        sign = ("-" if coefficient < 0 else "") if not text else (" - " if coefficient < 0 else " + ")
        text += sign + body
    return text


def shown(random: Random, expression: str, name: str) -> str:
    """`expression` as the last lines of a snippet, in one of three habits of showing a value."""
    return random.choice([expression, f"print({expression})", f"{name} = {expression}\n{name}"])


def power_mod(random: Random) -> Problem:
    a, b, m = random.randint(2, 99), random.randint(11, 999), random.randint(7, 99)
    statement = random.choice([
        f"Find the remainder when ${a}^{{{b}}}$ is divided by ${m}$.",
        f"What is {a}^{b} mod {m}?",
        f"What remainder does {a} to the power {b} leave on division by {m}?",
        f"Determine the smallest non-negative integer congruent to ${a}^{{{b}}}$ modulo ${m}$.",
    ])
    code = shown(random, random.choice([f"pow({a}, {b}, {m})", f"{a}**{b} % {m}"]), "r")
    step = Step(random.choice(["This is modular exponentiation.", "Reduce the power modulo the divisor."]), code)
    return Problem("power-mod", (a, b, m), statement, Fraction(pow(a, b, m)), (step,))


def gcd_lcm(random: Random) -> Problem:
    kind, g = random.choice(["gcd", "lcm"]), random.randint(2, 30)
    a, b = g * random.randint(2, 40), g * random.randint(2, 40)
    phrasings: Phrasings = {
        "gcd": [
            f"What is the greatest common divisor of {a} and {b}?",
            f"Compute $\\gcd({a}, {b})$.",
            f"Two ropes of {a} cm and {b} cm are cut into equal pieces with nothing left."
            " How long, in cm, can a piece be at most?",
        ],
        "lcm": [
            f"What is the least common multiple of {a} and {b}?",
            f"Compute the lcm of ${a}$ and ${b}$.",
            f"One light blinks every {a} seconds, another every {b} seconds. They blink together now."
            " After how many seconds do they blink together again?",
        ],
    }[kind]
    code = "import math\n" + shown(random, f"math.{kind}({a}, {b})", "n")
    names = {"gcd": "greatest common divisor", "lcm": "least common multiple"}
    answer = math.gcd(a, b) if kind == "gcd" else a * b // math.gcd(a, b)
    step = Step(f"We need the {names[kind]}.", code)
    return Problem("gcd-lcm", (kind, a, b), random.choice(phrasings), Fraction(answer), (step,))


def binomial(random: Random) -> Problem:
    n = random.randint(5, 40)
    k = random.randint(2, n - 2)
    statement = random.choice([
        f"In how many ways can a committee of {k} be chosen from {n} people?",
        f"Evaluate $\\binom{{{n}}}{{{k}}}$.",
        f"How many subsets with exactly {k} elements does a set of {n} elements have?",
        f"A path goes {n - k} steps right and {k} steps up. How many such paths are there?",
    ])
    paths = statement.startswith("A path")
    call = f"math.comb({n - k} + {k}, {k})" if paths else f"math.comb({n}, {k})"
    step = Step(
        random.choice(["This is a binomial coefficient.", "Count the choices without order."]),
        "import math\n" + shown(random, call, "c"),
    )
    return Problem("binomial", (n, k), statement, Fraction(math.comb(n, k)), (step,))


def matrix(random: Random) -> Problem:
    kind, size = random.choice(["det", "trace"]), random.choice([2, 2, 3])
    a = [[random.randint(-9, 9) for _ in range(size)] for _ in range(size)]
    rows = ", ".join("(" + ", ".join(map(str, row)) + ")" for row in a)
    body = " \\\\ ".join(" & ".join(map(str, row)) for row in a)
    body = f"$A = \\begin{{pmatrix}} {body} \\end{{pmatrix}}$"
    asked = {"det": "the determinant of $A$", "trace": "the trace of $A^2$"}[kind]
    statement = random.choice([
        f"Let {body}. Find {asked}.",
        f"The matrix $A$ has the rows {rows}. What is {asked}?",
        f"Compute {asked} for {body}.",
    ])
    if kind == "det":
        expression = "round(np.linalg.det(A))"
        minors = a[0][0] * a[1][1] - a[0][1] * a[1][0] if size == 2 else sum(
            a[0][i] * (a[1][(i + 1) % 3] * a[2][(i + 2) % 3] - a[1][(i + 2) % 3] * a[2][(i + 1) % 3])
            for i in range(3)
        )
        answer = minors
    else:
        expression = "int(np.trace(A @ A))"
        answer = sum(a[i][j] * a[j][i] for i in range(size) for j in range(size))
    code = f"import numpy as np\nA = np.array({a})\n" + shown(random, expression, "v")
    step = Step("Use numpy for the matrix.", code)
    return Problem("matrix", (kind, str(a)), statement, Fraction(answer), (step,))


def integral(random: Random) -> Problem:
    degree = random.choice([1, 2, 2, 3])
    coefficients = {p: random.randint(-9, 9) for p in range(degree)} | {degree: random.randint(1, 9)}
    low = random.randint(0, 3)
    high = low + random.randint(1, 5)

    def terms(power: str) -> list[tuple[int, str]]:
        symbol = {p: f"x{power}{p}" for p in range(2, 4)} | {1: "x", 0: ""}
        return [(coefficients[p], symbol[p]) for p in sorted(coefficients, reverse=True)]

    f = polynomial(terms("^"))
    statement = random.choice([
        f"Evaluate $\\int_{{{low}}}^{{{high}}} ({f}) \\, dx$.",
        f"What is the integral of ${f}$ from $x = {low}$ to $x = {high}$?",
        f"A particle moves with velocity $v(x) = {f}$ at time $x$. "
        f"Find its displacement between $x = {low}$ and $x = {high}$.",
    ])
    call = f"sp.integrate({polynomial(terms('**'), '*')}, (x, {low}, {high}))"
    answer = sum(
        Fraction(c, p + 1) * (high ** (p + 1) - low ** (p + 1)) for p, c in coefficients.items()
    )
    step = Step(
        random.choice(["Integrate with sympy.", "This is a definite integral."]),
        "import sympy as sp\nx = sp.symbols('x')\n" + shown(random, call, "v"),
    )
    return Problem("integral", (f, low, high), statement, answer, (step,))


def quadratic(random: Random) -> Problem:
    kind = random.choice(["larger", "smaller", "squares"])
    p, q = random.sample(range(-15, 16), 2)
    lead = random.choice([1, 1, 2, 3])
    terms = [lead, -lead * (p + q), lead * p * q]
    f = polynomial(list(zip(terms, ["x^2", "x", ""])))
    statement = {
        "larger": [f"What is the larger root of ${f} = 0$?", f"Find the greatest real number $x$ with ${f} = 0$."],
        "smaller": [f"What is the smaller root of ${f} = 0$?", f"Find the least real number $x$ with ${f} = 0$."],
        "squares": [
            f"Find the sum of the squares of the roots of ${f} = 0$.",
            f"Let $r$ and $s$ be the roots of ${f} = 0$. What is $r^2 + s^2$?",
        ],
    }[kind]
    expression = {"larger": "max(r)", "smaller": "min(r)", "squares": "sum(t**2 for t in r)"}[kind]
    answer = {"larger": max(p, q), "smaller": min(p, q), "squares": p * p + q * q}[kind]
    g = polynomial(list(zip(terms, ["x**2", "x", ""])), "*")
    code = f"import sympy as sp\nx = sp.symbols('x')\nr = sp.solve({g}, x)\n" + shown(random, expression, "v")
    step = Step(random.choice(["Solve the quadratic with sympy.", "First find the roots."]), code)
    return Problem("quadratic", (kind, *terms), random.choice(statement), Fraction(answer), (step,))


def system(random: Random) -> Problem:
    x, y = random.randint(-9, 9), random.randint(-9, 9)
    while True:
        a, b, c, d = (random.choice([n for n in range(-6, 7) if n]) for _ in range(4))
        if a * d != b * c:
            break
    asked, expression, answer = random.choice([
        ("$xy$", "s[x] * s[y]", x * y),
        ("$x + y$", "s[x] + s[y]", x + y),
        ("$x^2 + y^2$", "s[x]**2 + s[y]**2", x * x + y * y),
    ])
    e, f = a * x + b * y, c * x + d * y
    one, two = polynomial([(a, "x"), (b, "y")]), polynomial([(c, "x"), (d, "y")])
    statement = random.choice([
        f"Given that ${one} = {e}$ and ${two} = {f}$, find {asked}.",
        f"Real numbers $x$ and $y$ satisfy ${one} = {e}$ and ${two} = {f}$. What is {asked}?",
        f"Solve the system ${one} = {e}$, ${two} = {f}$ and give {asked}.",
    ])
    one, two = polynomial([(a, "x"), (b, "y")], "*"), polynomial([(c, "x"), (d, "y")], "*")
    code = (
        "import sympy as sp\nx, y = sp.symbols('x y')\n"
        f"s = sp.solve([sp.Eq({one}, {e}), sp.Eq({two}, {f})], [x, y])\n" + random.choice(["s", "print(s)"])
    )
    steps = (
        Step("Solve the two linear equations.", code),
        Step(random.choice(["Now use the solution.", "Next combine the two values."]), expression),
    )
    return Problem("system", (asked, a, b, c, d, e, f), statement, Fraction(answer), steps)


def primes(random: Random) -> Problem:
    n, m = random.randint(30, 999), random.randint(5, 60)
    total = sum(k for k in range(2, n) if all(k % d for d in range(2, math.isqrt(k) + 1)))
    statement = random.choice([
        f"Let $S$ be the sum of all primes below {n}. Find the remainder when $S$ is divided by {m}.",
        f"Add up every prime number less than {n}. What is the sum modulo {m}?",
        f"What is the remainder of the sum of the primes $p < {n}$ on division by {m}?",
    ])
    code = f"import sympy as sp\ns = sum(sp.primerange({n}))\n" + random.choice(["s", "print(s)"])
    steps = (
        Step(random.choice(["First add the primes.", "Find the sum of the primes first."]), code),
        Step("Now take the remainder.", random.choice([f"s % {m}", f"print(s % {m})"])),
    )
    return Problem("primes", (n, m), statement, Fraction(total % m), steps)


def digit_sum(random: Random) -> Problem:
    a, b = random.randint(2, 60), random.randint(8, 90)
    statement = random.choice([
        f"What is the sum of the digits of ${a}^{{{b}}}$?",
        f"Write out {a} to the power {b} and add its decimal digits. What do you get?",
        f"Find the digit sum of {a}^{b}.",
    ])
    code = shown(random, f"sum(int(d) for d in str({a}**{b}))", "t")
    step = Step(random.choice(["Add the digits of the power.", "Python has exact integers."]), code)
    return Problem("digit-sum", (a, b), statement, Fraction(sum(map(int, str(a**b)))), (step,))


def word(random: Random) -> Problem:
    """Small enough to know by heart: the tool is not called. A fact may return in other words."""
    a, b = random.randint(2, 6), random.randint(2, 6)
    name = random.choice(["Ada", "Emmy", "Sofia", "Carl", "Leo", "Paul"])
    thing = random.choice(["apples", "books", "coins", "pens", "cards"])
    statement, answer = random.choice([
        (f"{name} buys {a} boxes with {b} {thing} each. How many {thing} are there in all?", a * b),
        (f"There are {a} rows of {b} {thing}. How many {thing} is that?", a * b),
        (f"{name} has {a} {thing} and finds {b} more. How many {thing} does {name} have now?", a + b),
        (f"{name} had {a + b} {thing} and gave {a} away. How many {thing} are left?", b),
        (f"What is ${a} \\times {b}$, the number of {thing} {name} counted?", a * b),
    ])
    return Problem("word", (statement,), statement, Fraction(answer), ())


FAMILIES: list[Callable[[Random], Problem]] = [
    power_mod, gcd_lcm, binomial, matrix, integral, quadratic, system, primes, digit_sum, word,
]


def evaluation_problems(count_per_family: int = 20) -> list[Problem]:
    """The same problems on every call: a fixed seed per family, no two with the same facts."""
    chosen: dict[tuple, Problem] = {}
    for index, family in enumerate(FAMILIES):
        random = Random(f"evaluation {family.__name__}")
        while len(chosen) < (index + 1) * count_per_family:
            problem = family(random)
            chosen.setdefault((problem.family, problem.facts), problem)
    return list(chosen.values())


def training_problems(count_per_family: int = 60) -> list[Problem]:
    """As many others, none with the facts of an evaluation problem, the families taking turns."""
    taken = {(problem.family, problem.facts) for problem in evaluation_problems()}
    chosen: list[list[Problem]] = []
    for family in FAMILIES:
        random = Random(f"training {family.__name__}")
        fresh: list[Problem] = []
        while len(fresh) < count_per_family:
            problem = family(random)
            if (problem.family, problem.facts) not in taken:
                taken.add((problem.family, problem.facts))
                fresh.append(problem)
        chosen.append(fresh)
    return [problem for turn in zip(*chosen) for problem in turn]


def main() -> None:
    training = sys.argv[1:] == ["--training"]
    counts: dict[str, int] = {}
    for problem in training_problems() if training else evaluation_problems():
        index = counts[problem.family] = counts.get(problem.family, 0) + 1
        print(json.dumps({
            "id": f"{'train' if training else 'demo'}-{problem.family}-{index:03d}",
            "problem": problem.statement,
            "answer": latex(problem.answer),
            "subject": problem.family,
        }))


if __name__ == "__main__":
    main()
