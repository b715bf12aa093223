"""Formulas and programs that are slow to evaluate, to expand or to compare.

The blocks of text hold one formula after another, with two spaces or a line end between them.
"""

from collections.abc import Iterator

TOWERS = r"""
10^{10^{10}}  (10^{9})^{10^{9}}  2^{1000000007}  (2^{99999})^{99999}  (-1)^{10^{30}} + 5 - 1
(1+10^{-9})^{10^{18}}  5^{1^{10^{10^{10}}}} + 0^{9^{9^9}}  10^{-10^{10}}
\sqrt{2}^{\sqrt{2}^{10^{8}}}  (10^7)!  100000!  \binom{10^9}{5 \cdot 10^8}
\binom{1000000}{500000}  (10^5)!!  20000!/19999!  \frac{(10^6)!}{(10^6-1)!}  2^{2^{2^{2^{2^{2}}}}}
0.1^{10^{12}}  \pi^{\pi^{\pi^{\pi^{\pi}}}}  e^{e^{e^{e^{e}}}}  e^{10^{20}}  i^{i^{i^{i^{i^{i}}}}}
(1+i)^{10^{9}}  x^{10^{10}}  (x+1)^{10^6}  (x^{9^9})^{9^9}  9e999999999  1e-99999999999
5E+4000000000  1.5e308 * 1e308  123456789**987654321
"""
FUNCTIONS = r"""
\sin(10^{10^{6}})  \tan(10^{400})  \cos(2^{2^{30}})  \sin(\sin(\sin(10^{5000})))  \zeta(10^{20})
\zeta(-9999999)  zeta(1/2 + 10**12*I)  \Gamma(10^{9})  gamma(10**8)  \Gamma(10^{7}+\frac{1}{2})
loggamma(10**400)  \log(10^{10^{10}})  \log_{1.0000000001}(10^{300})
\ln(\ln(\ln(10^{10^{10^{10}}})))  polylog(100, 0.999999999)  hyper([1]*50, [2]*50, 1)
besselj(10**9, 10**9)  primepi(10**15)  prime(10**12)  fibonacci(10**9)  lucas(10**8)
bernoulli(100000)  partition(10**9)  factorint(2**1277 - 1)  nextprime(10**5000)
totient(2**1277-1)  \varphi(10^{200}+1)  harmonic(10**9)  isprime(2**82589933 - 1)
divisors(10**60)  stirling(10000, 5000)  \sin(\frac{\pi}{1000003})  \cos(\frac{2\pi}{65537})
\tan(\frac{\pi}{257})  \arcsin(\sin(10^{50}))  \operatorname{erf}(10^{100})
\sin^{1000}(x)\cos^{1000}(x)  \log(x)^{9999}  root(10**5000, 997)  \sqrt[99999]{10^{400}}
minimal_polynomial(sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11))
\cos 1^\circ \cos 2^\circ \cos 3^\circ \cos 4^\circ \cos 5^\circ \cos 7^\circ - x
"""
TASKS = r"""
\sum_{k=1}^{10^9} \frac{1}{k}  \sum_{k=1}^{10^{12}} k^{k}  \prod_{k=1}^{10^8} (1+\frac{1}{k^3})
\sum_{i=1}^{1000}\sum_{j=1}^{1000}\sum_{k=1}^{1000} \sin(ijk)  \int_0^{100} e^{\sin(e^{x})} dx
\int_0^1\int_0^1\int_0^1 \frac{1}{1-xyz} dx dy dz
\lim_{x \to 0} \frac{\sin(\tan x)-\tan(\sin x)}{x^7}  \lim_{n\to\infty} (1+\frac{1}{n})^{n^{n}}
\frac{d^{1000}}{dx^{1000}} e^{x^2}\sin x  \int x^{x^{x}} dx  Sum(sin(k), (k, 1, 10**9))
Integral(exp(sin(exp(x))), (x, 0, 1000))  sum(range(10**12))  10**10**10 % 7  pow(3, 10**10**8, 7)
7^{7^{7^{7}}} \bmod 10^{40}  \lfloor 10^{10^{10}} \pi \rfloor  \gcd(10^{10^8}, 6^{10^8})
solve(x**100 + x + 1, x)  x^{100}+x+1=0  x^7 - x - 1 = 0, y^7 - y - x = 0, z^7 - z - y = 0
\sin x = \frac{x}{100}  \{x \mid x^{50} + x^{3} > \sin x\}  x^{x^{x}} > 2^{x} + 3
|x-1|+|x-2|+|x-3|+|x-4|+|x-5| < |x^9 - 1|  \max(10^{10^{10}}, 9^{9^{9^{9}}})
Limit((1+1/x)**(x**x), x, oo)  Derivative(x**x**x**x, (x, 30))
\int_0^{\infty} \frac{\sin^{50} x}{x^{50}} dx  lim 10^9!
\sum_{n=0}^{\infty} \frac{(n!)^{9}}{(9n)!}
"""
MATRICES = r"""
eye(10**5)  zeros(10**6, 10**6)  Matrix(10**5, 10**5, lambda i, j: i*j)  ones(99999)
Matrix([[1]*10**7])  Matrix([[1,2],[3,4]])**(10**9)  [0]*10**9  [[0]*10**5]*10**5
Matrix([[x]*30]*30).det()  hilbert(500)  [1, [2, [3, [4, [5, [6, [7, [8, [9]]]]]]]]]
"""
PROGRAMS = r"""
__import__('os').system('sleep 30')  exec('while True: pass')  eval('5')
[x for x in range(10**9)]  lambda: 5  (lambda f: f(f))(lambda f: f(f))  5 if True else 6  int('5')
open('/etc/passwd').read()  ().__class__.__bases__[0]  Symbol('5')  S('10**10**10')
sympify('9**9**9**9')  parse_expr('5')  5;import os  print(5)  os._exit(0)  raise SystemExit
exit()  input()  range(10**18)  list(range(10**9))  2**10**9 > 1  '5'*10**9  "a"*10**10
Integer(10)**10**10  Rational('1/3')**10**9  Float('1', 10**9)  N(pi, 10**8)  pi.evalf(10**8)
Poly(x**10**6 + 1)  Function('f')(x)**10**9  simplify((x+1)**10**5)  expand((x+y+z)**2000)
Piecewise((5, True))  Symbol('x')*10**10**10  srepr(5)  Lambda(x, x)(5)  \input{/etc/passwd}
\def\x{\x\x}\x  \newcommand{\a}{\a\a}\a  \loop\iftrue\repeat  \catcode`\%=12  \write18{sleep 30}
&lt;5&gt;
"""


def pieces(text: str) -> list[str]:
    """The formulas of a block, which two spaces or a line end separate."""
    return [piece for line in text.splitlines() for piece in line.split("  ") if piece]


def nested(before: str, inner: str, after: str, depth: int) -> str:
    """`inner` in `depth` layers."""
    return before * depth + inner + after * depth


def right_nested(opening: str, inner: str, closing: str, depth: int) -> str:
    """`inner` as the last argument of `depth` applications."""
    return opening * depth + inner + closing * depth


def towers() -> Iterator[str]:
    """Powers of powers, factorials of factorials."""
    for depth in (3, 5, 12, 40):
        yield right_nested("9^{", "9", "}", depth)
        yield "**".join(["9"] * (depth + 1))
        yield nested("(", "7", ")!", depth)
        yield "3" + "!" * depth
    yield from pieces(TOWERS)


def trees() -> Iterator[str]:
    """Expressions that explode when they are expanded or simplified."""
    variables = "abcdfghjklmnopqrstuvwxyz"
    yield "(" + "+".join(variables) + ")^{40}"
    yield "".join(f"({a}+{b})" for a, b in zip(variables, variables[1:])) + "^{12}"
    yield "*".join(f"(x+{k})" for k in range(1, 120))
    yield "".join(f"(x+{k})^{{{k}}}" for k in range(1, 40))
    yield "+".join(f"\\frac{{1}}{{x+{k}}}" for k in range(1, 90))
    yield "+".join(
        f"\\sqrt{{{p}}}" for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)
    )
    yield "*".join(f"(\\sqrt{{{p}}}+1)" for p in range(2, 45))
    yield "(" + "+".join(f"\\sqrt{{{p}}}" for p in (2, 3, 5, 7, 11, 13)) + ")^{30}"
    yield "+".join(f"x_{{{k}}}" for k in range(180))
    yield "*".join(f"x_{{{k}}}" for k in range(180))
    yield "+".join(f"{k}x^{{{k}}}" for k in range(1, 140))
    yield "".join(f"(x_{{{k}}}+y_{{{k}}})" for k in range(60))
    yield right_nested("\\frac{1}{1+", "x", "}", 60)
    yield right_nested("\\sqrt{1+", "x", "}", 12)
    yield right_nested("\\sqrt{2+\\sqrt{3}\\cdot", "5", "}", 13)
    yield right_nested("\\sqrt[3]{1+", "\\sqrt{2}", "}", 13)
    yield right_nested("((x+", "1", ")^{2})", 14)
    yield "(((((x^2+1)^9+1)^9+1)^9+1)^9+1)^9"
    yield "\\frac{(x^{200}-1)(y^{200}-1)}{(x-1)(y-1)}"
    yield "\\frac{x^{5000}-1}{x-1}"
    yield "|" + "|".join(["x"] * 101) + "|"
    yield "(x^{1000}+x^{999}+1)^{50}(x-1)^{1000}"
    yield (
        "\\left(\\frac{a}{b}+\\frac{c}{d}+\\frac{f}{g}\\right)^{25}"
        "\\left(\\frac{h}{k}+\\frac{m}{n}\\right)^{25}"
    )
    yield "\\sqrt{5+2\\sqrt{6}} + " * 40 + "1"
    yield "(\\sqrt{2}+\\sqrt{3}+\\sqrt{5}+\\sqrt{7})^{60} - x"
    yield "(1+\\sqrt{2})^{500}(1-\\sqrt{2})^{500}(3+\\sqrt{5})^{300} + y"


def functions() -> Iterator[str]:
    """Functions where an evaluation is slow, recursive or of huge precision."""
    yield from pieces(FUNCTIONS)
    yield "+".join(f"\\sin({k}^\\circ)" for k in range(1, 90))
    yield "*".join(f"\\cos(\\frac{{{k}\\pi}}{{179}})" for k in range(1, 60))
    yield "+".join(f"\\log_{{{k}}} {k + 1}" for k in range(2, 100))
    yield right_nested("\\sin(\\cos(", "x", "))", 60)
    yield right_nested("\\log(1+", "7", ")", 100)
    yield right_nested("e^{\\sin(", "x", ")}", 25)
    yield right_nested("|", "x", "|", 60)
    yield right_nested("\\arctan(1+", "2", ")", 70)


def tasks() -> Iterator[str]:
    """Sums, integrals and limits whose evaluation never ends."""
    yield from pieces(TASKS)
    yield "\\int " * 30 + "x" + " dx" * 30
    yield "\\sum_{i=1}^{9}" * 40 + "i"


def matrices() -> Iterator[str]:
    """Matrices with many entries, deep ones, powers of them, and those of programs."""
    for rows, columns in ((12, 12), (1, 200), (200, 1), (60, 60)):
        body = " \\\\ ".join(" & ".join(["1"] * columns) for _ in range(rows))
        yield f"\\begin{{pmatrix}} {body} \\end{{pmatrix}}"
    hard = " \\\\ ".join(
        " & ".join(f"\\sqrt{{{row}x+{column}}}" for column in range(7)) for row in range(7)
    )
    yield f"\\begin{{pmatrix}} {hard} \\end{{pmatrix}}"
    yield f"\\begin{{pmatrix}} {hard} \\end{{pmatrix}}^{{-1}}"
    yield "\\begin{pmatrix} 1 & 1 \\\\ 1 & 0 \\end{pmatrix}^{10^{9}}"
    yield "\\det \\begin{pmatrix} a & b & c \\\\ d & f & g \\\\ h & k & m \\end{pmatrix}^{50}"
    yield "\\begin{pmatrix}" * 40 + "1" + "\\end{pmatrix}" * 40
    yield "\\begin{pmatrix}" * 100
    yield "\\begin{pmatrix}" + "&" * 900 + "\\end{pmatrix}"
    yield "\\begin{pmatrix}" + "\\\\" * 900 + "\\end{pmatrix}"
    yield from pieces(MATRICES)
    yield "\\begin{array}{" + "c" * 1500 + "} 1 \\end{array}"


def lists() -> Iterator[str]:
    """Long lists, whose entries may have to be compared pair by pair."""
    yield ", ".join(f"\\sqrt{{{k}}}" for k in range(2, 62))
    yield "\\{" + ", ".join(f"\\sqrt{{{k}}}+\\sqrt{{{k + 1}}}" for k in range(2, 62)) + "\\}"
    yield ", ".join("1" for _ in range(600))
    yield ", ".join(f"x_{{{k}}} = \\sqrt{{{k}}}" for k in range(60))
    yield ", ".join(f"\\pm \\sqrt{{{k}}}" for k in range(1, 60))
    yield " \\cup ".join(f"({k}, {k + 1})" for k in range(100))
    yield " \\cup ".join(f"[{k}, \\sqrt{{{k * k + 1}}}]" for k in range(1, 60))
    yield " \\text{ or } ".join(f"{k} < x < {k + 1}" for k in range(60))
    yield ", ".join("\\pm 1" for _ in range(40))
    yield " \\pm ".join(["1"] * 40)
    yield " \\mp 2 \\pm ".join(["x"] * 30)
    yield "(" + ", ".join(["\\pm 1"] * 30) + ")"
    yield "(" * 30 + "1, 2" + ")" * 30
    yield "\\{" * 25 + "1, 2" + "\\}" * 25
    yield ", ".join(f"\\cos\\frac{{{k}\\pi}}{{61}}" for k in range(1, 61))
    yield ", ".join(f"e^{{{k}i\\pi/61}}" for k in range(1, 61))
    yield "(-\\infty, \\infty) \\setminus \\{" + ", ".join(map(str, range(200))) + "\\}"
    yield "\\{" + ", ".join(f"\\sqrt{{{k}+\\sqrt{{{k}}}}}" for k in range(2, 50)) + "\\}"
    yield "(0,1) \\cap \\mathbb{Q}, \\mathbb{R} \\setminus \\mathbb{Q}"
    yield "1, 2, 3, " * 150 + "\\ldots"


def programs() -> Iterator[str]:
    """Programs, which must be text and never be run."""
    yield from pieces(PROGRAMS)
