"""Reads the expected answers of the benchmarks: a parser of its own, to judge the grader by.

An answer is an `Answer`: a shape (number, list, interval, ...) with formulas as its parts. A
formula is a tree of `Node`. Nothing here is shared with the grader or with math-verify.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

TOKEN = re.compile(r"\s*(\\[A-Za-z]+|\\.|\d+\.\d+|\.\d+|\d+|[A-Za-z]|\*\*|[-+*/^_(){}\[\],=!|])")
SPACING = re.compile(r"(?<!\\)\\[,;:! ]|~|\\(?:left|right|displaystyle)(?![A-Za-z])")
FUNCTIONS = {"sin", "cos", "tan", "cot", "sec", "csc", "ln", "log", "exp"}
GROUPED = re.compile(r"(?<![\d.(\[])\d{1,3}(?:,\d{3})+(?![\d,])")
UNIT_NAME = r"\\text\{\s*([A-Za-z]+)\s*\}"


class Unreadable(ValueError):
    """A text that this parser does not read. The case is then left out."""


@dataclass(frozen=True)
class Node:
    """A part of a formula.

    `kind` is number, symbol, constant, sum, product, quotient, power, root (radicand, index),
    negative, function, factorial, binomial or plusminus (middle, offset).
    """

    kind: str
    parts: tuple["Node", ...] = ()
    value: Fraction | str | None = None


@dataclass(frozen=True)
class Answer:
    """What an expected answer is.

    `shape` is scalar, list, set, tuple, interval, union (of intervals), matrix, assignment,
    equation, based, choice or text.

    - `parts`: the entries; of an equation both sides, of an assignment its value;
    - `rows`: the number of rows of a matrix;
    - `intervals`: for every interval of a union its brackets;
    - `label`: the text, the letter, the name, or the digits of a based number;
    - `unit`: the unit's name and power, for example `cm^2`; empty without one.
    """

    shape: str
    parts: tuple[Node, ...] = ()
    rows: int = 0
    intervals: tuple[str, ...] = ()
    label: str = ""
    unit: str = ""
    base: int = 10


def number(value: int | Fraction) -> Node:
    """The node of a rational number that is written out."""
    return Node("number", (), Fraction(value))


class Parser:
    """A recursive descent over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        position = 0
        text = text.strip()
        while position < len(text):
            match = TOKEN.match(text, position)
            if match is None:
                raise Unreadable(text)
            self.tokens.append(match[1])
            position = match.end()
        self.position = 0

    def peek(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        """The next token, which must be `expected` where that is given."""
        token = self.peek()
        if not token or expected is not None and token != expected:
            raise Unreadable(f"{token!r} instead of {expected!r}")
        self.position += 1
        return token

    def formula(self) -> Node:
        """The whole text as one formula."""
        node = self.sum()
        if self.peek():
            raise Unreadable(f"{self.peek()!r} is left")
        return node

    def sum(self) -> Node:
        """Terms joined by signs."""
        terms = [self.term()]
        while self.peek() in ("+", "-", "\\pm"):
            sign = self.peek()
            if sign == "\\pm":
                self.take()
                left = terms[0] if len(terms) == 1 else Node("sum", tuple(terms))
                terms = [Node("plusminus", (left, self.product()))]
            else:
                terms.append(self.term())
        return terms[0] if len(terms) == 1 else Node("sum", tuple(terms))

    def term(self) -> Node:
        """A product with its sign."""
        if self.peek() == "+":
            self.take()
        if self.peek() == "-":
            self.take()
            return Node("negative", (self.product(),))
        return self.product()

    def product(self) -> Node:
        """Factors with or without signs between them."""
        node = self.factor()
        while True:
            token = self.peek()
            if token in ("\\cdot", "\\times", "*"):
                self.take()
                node = multiplied(node, self.factor())
            elif token == "/":
                self.take()
                node = Node("quotient", (node, self.factor()))
            elif self.begins_factor(token):
                whole = node.kind == "number" and node.value.denominator == 1
                factor = self.factor()
                proper = factor.kind == "quotient" and all(
                    part.kind == "number" for part in factor.parts
                )
                # `1\frac{4}{5}` is a mixed number.
                mixed = whole and proper and token == "\\frac"
                node = Node("sum", (node, factor)) if mixed else multiplied(node, factor)
            else:
                return node

    @staticmethod
    def begins_factor(token: str) -> bool:
        """Whether a factor without a sign before it may begin with `token`."""
        named = token[:1] == "\\" and token[1:] in FUNCTIONS | {"frac", "sqrt", "pi", "binom"}
        return named or token in ("(", "{") or token[:1].isalpha() or token[:1].isdigit()

    def factor(self) -> Node:
        """An atom with its exponents and factorials."""
        node = self.atom()
        while self.peek() in ("^", "**", "!"):
            token = self.take()
            if token == "!":
                node = Node("factorial", (node,))
            else:
                exponent = self.exponent(token)
                node = Node("power", (node, exponent))
        return node

    def exponent(self, sign: str) -> Node:
        """What stands behind `^` or `**`."""
        if sign == "^":
            return self.argument()
        if self.peek() == "-":
            self.take()
            return Node("negative", (self.atom(),))
        return self.atom()

    def argument(self) -> Node:
        """The argument of a command: a group, or one token, of a number its first digit."""
        token = self.peek()
        if token == "{":
            return self.group("{", "}")
        if token[:1].isdigit():
            self.take()
            if len(token) > 1:
                self.position -= 1
                self.tokens[self.position] = token[1:]
            return number(int(token[0]))
        return self.atom()

    def group(self, opening: str, closing: str) -> Node:
        """A formula in brackets."""
        self.take(opening)
        node = self.sum()
        self.take(closing)
        return node

    def atom(self) -> Node:
        """A number, a name, a bracket or a command with its arguments."""
        token = self.peek()
        if token in ("(", "{"):
            return self.group(token, ")" if token == "(" else "}")
        self.take()
        if token[0].isdigit() or token[0] == ".":
            return number(Fraction(token))
        if token in ("e", "i", "\\pi"):
            return Node("constant", (), token.strip("\\"))
        if token.isalpha():
            return Node("symbol", (), token)
        if token in ("\\frac", "\\binom"):
            kind = "quotient" if token == "\\frac" else "binomial"
            return Node(kind, (self.argument(), self.argument()))
        if token == "\\sqrt":
            return self.root()
        if token[1:] in FUNCTIONS:
            return Node("function", (self.factor(),), token[1:])
        if token == "\\infty":
            return Node("constant", (), "infinity")
        raise Unreadable(token)

    def root(self) -> Node:
        """`\\sqrt` with or without its index."""
        index = self.group("[", "]") if self.peek() == "[" else number(2)
        return Node("root", (self.argument(), index))


def multiplied(left: Node, right: Node) -> Node:
    """A product with its factors side by side."""
    factors = left.parts if left.kind == "product" else (left,)
    return Node("product", (*factors, right))


def formula(text: str) -> Node:
    """One formula.

    Raises `Unreadable` for anything else.
    """
    return Parser(text).formula()


def split_outside(text: str, separator: str = ",") -> list[str]:
    """`text` cut at every `separator` that stands in no bracket."""
    depth, parts = 0, [""]
    for character in text:
        depth += (character in "{([") - (character in "})]")
        if character == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def normalized(text: str) -> str:
    """`text` with one spelling for what has several."""
    text = text.replace("\\mbox", "\\text").replace("\\{", "\x01").replace("\\}", "\x02")
    text = re.sub(r"(?<=\d),\\!\s*(?=\d{3})", ",", text)
    text = GROUPED.sub(lambda match: match[0].replace(",", ""), text)
    text = re.sub(r"\\[dt]frac", r"\\frac", text)
    return SPACING.sub(" ", text).strip()


def signs_apart(node: Node) -> list[Node]:
    """The two values of `a \\pm b`; the node itself where there is no such sign."""
    if node.kind != "plusminus":
        return [node]
    middle, offset = node.parts
    return [Node("sum", (middle, offset)), Node("sum", (middle, Node("negative", (offset,))))]


def entries(text: str) -> tuple[Node, ...]:
    """The formulas between commas."""
    found = [signs_apart(formula(part)) for part in split_outside(text)]
    return tuple(node for nodes in found for node in nodes)


def matrix(text: str) -> Answer:
    """A matrix in the environment pmatrix."""
    body = re.fullmatch(r"\\begin\{pmatrix\}(.*)\\end\{pmatrix\}", text)
    if body is None:
        raise Unreadable(text)
    rows = [row.split("&") for row in body[1].split("\\\\") if row.strip()]
    if len({len(row) for row in rows}) != 1:
        raise Unreadable(text)
    return Answer("matrix", tuple(formula(cell) for row in rows for cell in row), len(rows))


def bracketed(text: str, is_interval: bool) -> Answer:
    """Intervals, joined or not, or a tuple."""
    pieces = [piece.strip() for piece in text.split("\\cup")]
    for piece in pieces:
        if piece[:1] not in "([" or piece[-1:] not in ")]":
            raise Unreadable(text)
    parts = tuple(entries(piece[1:-1]) for piece in pieces)
    brackets = tuple(piece[0] + piece[-1] for piece in pieces)
    evident = len(pieces) > 1 or "\\infty" in text or brackets[0] != "()"
    if is_interval or evident:
        if any(len(ends) != 2 for ends in parts):
            raise Unreadable(text)
        shape = "interval" if len(pieces) == 1 else "union"
        return Answer(shape, tuple(end for ends in parts for end in ends), intervals=brackets)
    if len(parts[0]) < 2:
        raise Unreadable(text)
    return Answer("tuple", parts[0])


def with_unit(text: str) -> Answer | None:
    """A number with its unit; None without one."""
    if text.startswith("\\$"):
        return Answer("scalar", (formula(text[2:]),), unit="dollar")
    degrees = re.fullmatch(r"(.+?)\s*(?:\^\{?\\circ\}?|\\text\{ *degrees\})", text)
    if degrees:
        return Answer("scalar", (formula(degrees[1]),), unit="degree")
    named = re.fullmatch(r"(.+?)\s*" + UNIT_NAME + r"(?:\^\{?([23])\}?)?", text)
    if named:
        unit = named[2] + (f"^{named[3]}" if named[3] else "")
        return Answer("scalar", (formula(named[1]),), unit=unit)
    return None


def relation(text: str) -> Answer | None:
    """An assignment, a membership or an equation; None for anything else."""
    member = re.fullmatch(r"([A-Za-z])\s*\\in\s*(.+)", text)
    if member:
        return bracketed(member[2], is_interval=True)
    sides = text.split("=")
    if len(sides) != 2:
        return None
    if re.fullmatch(r"\s*[A-Za-z]\s*", sides[0]):
        return Answer("assignment", (formula(sides[1]),), label=sides[0].strip())
    return Answer("equation", (formula(sides[0]), formula(sides[1])))


def answer(text: str, is_interval: bool = False) -> Answer:
    """What the expected answer `text` is.

    `is_interval` says how to read `(2,4)`. Raises `Unreadable`.
    """
    text = normalized(text)
    letter = re.fullmatch(r"\\text\{\s*\(([A-Z])\)\s*\}", text)
    if letter:
        return Answer("choice", label=letter[1])
    word = re.fullmatch(r"\\text\{\s*([A-Za-z ]+?)\s*\}", text)
    if word:
        return Answer("text", label=word[1])
    based = re.fullmatch(r"(\d+)_\{?(\d+)\}?", text)
    if based:
        return Answer("based", label=based[1], base=int(based[2]))
    if "pmatrix" in text:
        return matrix(text)
    if text.startswith("\x01") and text.endswith("\x02"):
        return Answer("set", entries(text[1:-1]))
    found = with_unit(text) or relation(text)
    if found:
        return found
    is_wrapped = text[:1] in "([" and text[-1:] in ")]"
    if "\\cup" in text or is_wrapped and len(split_outside(text[1:-1])) > 1:
        return bracketed(text, is_interval)
    parts = entries(text)
    return Answer("scalar" if len(parts) == 1 else "list", parts)
