"""The parser's half below products: powers, marks behind an operand, and operands themselves."""

import re

from . import vocabulary
from .structures import Structures
from .trees import Node, Unreadable

POSTFIX_COMMANDS = {"%", "degree"}
# Commands that begin an operand, beside Greek letters, functions and brackets.
OPERAND_COMMANDS = {
    "frac", "sqrt", "binom", "pi", "infty", "mathbb", "begin", "currency", "ldots", "emptyset",
    "imath", "overline", "bar", "vec", "hat", "tilde", "sum", "prod", "int", "iint", "oint", "lim",
    "limsup", "liminf", "max", "min", "sup", "inf", "gcd", "lcm", "det", "exp", "Pr", "norm",
}
TASK_COMMANDS = {
    "sum": "sum", "prod": "prod", "int": "int", "iint": "int", "oint": "int", "lim": "lim",
    "limsup": "lim", "liminf": "lim", "max": "max", "min": "min", "sup": "max", "inf": "min",
    "gcd": "gcd", "lcm": "lcm", "det": "det",
}
# Letters that stand for functions when a bracket follows; other letters are factors.
FUNCTION_LETTERS = set("fgh")
UNSPLIT_LETTERS = 4


class Operands(Structures):
    """Powers and operands."""

    def power(self):
        """An operand with what stands behind it: exponents, factorials, percent signs, units."""
        return self.marked(self.operand())

    def marked(self, node):
        """`node` with every mark behind it."""
        while True:
            token = self.current
            if token.text == "^" or token.text == "*" and self.is_double_star():
                self.advance()
                if token.text == "*":
                    self.advance()
                node = Node("pow", (node, self.exponent(token.text == "*")))
            elif token.text == "!":
                self.advance()
                double = self.current.text == "!" and not self.current.spaced
                if double:
                    self.advance()
                node = Node("factorial", (node,), 2 if double else 1)
            elif token.text == "%" or token.kind == "command" and token.value == "%":
                self.advance()
                node = Node("percent", (node,))
            elif token.kind == "command" and token.value == "degree":
                self.advance()
                node = Node("degree", (node,))
            elif token.text == "_" and node.kind in ("number", "group digits"):
                self.advance()
                node = Node("based", (node,), self.base())
            elif (worded := self.worded(node)) is not None:
                node = worded
            else:
                return node

    def is_double_star(self):
        return self.peek().text == "*" and not self.peek().spaced

    def exponent(self, is_python):
        """What stands behind `^` or `**`."""
        sign = self.sign()
        if is_python:
            node = self.power()
        elif self.current.text == "{":
            node = self.group()
        else:
            node = self.operand()
        if sign is None or sign == "+":
            return node
        return Node("neg" if sign == "-" else "pm", (node,), None if sign == "-" else sign)

    def base(self):
        """The base of a number: `_8`, `_{16}`, `_{\\text{two}}`."""
        token = self.current
        grouped = token.text == "{"
        if grouped:
            self.advance()
        token = self.advance()
        named = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
                 "nine": 9, "ten": 10, "twelve": 12, "sixteen": 16}
        words = {"word", "name"}
        value = token.value if token.kind == "number" else (
            named.get(token.value) if token.kind in words else None
        )
        if not isinstance(value, int) or not 2 <= value <= 36:
            raise Unreadable("an index that is no base")
        if grouped:
            self.expect("}")
        return value

    def worded(self, node):
        """`node` with the word behind it: a unit, a multiplier or a percentage; None without one."""
        token = self.current
        if token.kind == "word":
            # `cm^2` inside a text command, and `(cm)`.
            word = token.value.strip("(). ")
        elif token.kind == "name" and self.is_bare_unit(token, node):
            word = token.value
        else:
            return None
        first, _, rest = word.partition(" ")
        if rest and first.lower() in vocabulary.MULTIPLIERS:
            # `million dollars`: a multiplier, and then a unit.
            word = first
        else:
            rest = ""
        lowered = word.lower()
        if lowered in vocabulary.PERCENT:
            self.advance()
            return Node("percent", (node,))
        if lowered in vocabulary.MULTIPLIERS:
            self.advance()
            multiplier = Node("number", (), vocabulary.MULTIPLIERS[lowered])
            self.push_back("word", rest)
            return Node("mul", (node, multiplier))
        unit = self.unit(word)
        if unit is None:
            return None
        self.advance()
        return Node("quantity", (node,), (unit, self.unit_power(word)))

    def is_bare_unit(self, token, node):
        """Whether a run of letters behind a value is a unit and no product of variables."""
        run = token.value
        if run in vocabulary.COUNTED or run.lower() in vocabulary.MULTIPLIERS:
            return True
        if run.lower() in vocabulary.PERCENT:
            return True
        known = vocabulary.BARE_UNITS if token.spaced else vocabulary.GLUED_UNITS
        # `2 in` ends a quantity, `2 in S` is a membership.
        return run in known and node.kind not in ("symbol", "quantity")

    def unit(self, word):
        """The name of the unit that `word` is; None for other words."""
        parts = [part for part in re.split(r"\s*/\s*|\s+per\s+", word.strip()) if part]
        if len(parts) == 2:
            names = [self.unit(part) for part in parts]
            return "/".join(names) if all(names) else None
        plain = word.split("^")[0].strip()
        for prefix in ("square ", "sq ", "sq. ", "cubic ", "cu "):
            plain = plain.removeprefix(prefix)
        if plain in vocabulary.COUNTED or plain.lower() in vocabulary.COUNTED:
            return "count"
        known = vocabulary.UNITS.get(plain) or vocabulary.UNITS.get(plain.lower())
        return known and known[0]

    def unit_power(self, word):
        """The power of a unit: `square`, `cm^2`, or an exponent behind the text command."""
        power = 2 if word.startswith("sq") else 3 if word.startswith("cu") else 1
        inner = word.partition("^")[2].strip("{} ")
        if inner in ("2", "3"):
            power = int(inner)
        if self.current.text == "^":
            self.advance()
            exponent = self.operand()
            if exponent.kind != "number" or exponent.value not in (2, 3):
                raise Unreadable("a unit with another power than 2 or 3")
            power = exponent.value
        return power

    def operand(self):
        """One operand without marks behind it."""
        token = self.current
        if token.kind in ("number", "decimal"):
            self.advance()
            return Node(token.kind, (), token.value)
        if token.kind == "name":
            return self.named(token.value)
        if token.kind == "word":
            return self.word(token.value)
        if token.kind == "command":
            return self.command(token.value)
        if token.kind == "sign" and token.text in "([{|":
            return self.bracketed(token.text)
        raise Unreadable(f"no operand at {token.text!r}")

    def begins_operand(self):
        """Whether the current token begins an operand."""
        token = self.current
        if token.kind in ("number", "decimal"):
            return True
        if token.kind == "name":
            return token.value not in ("and", "or", "mod", "to")
        if token.kind == "word":
            return self.is_letter(token.value) or token.value in vocabulary.FUNCTIONS
        if token.kind == "command":
            value = token.value
            return value in OPERAND_COMMANDS or value in vocabulary.GREEK_LETTERS or (
                value in vocabulary.FUNCTIONS or value in vocabulary.FUNCTION_SPELLINGS
            ) or value in ("{", "langle", "lfloor", "lceil")
        if token.text == "|":
            return not self.bar_closes
        if token.text == "(" and self.peek().value in ("mod", "bmod"):
            return False
        return token.text in ("(", "[", "{")

    @staticmethod
    def is_letter(words):
        return len(words) == 1 and words.isalpha()

    def word(self, words):
        """A text command as an operand: a letter, a function, a number."""
        self.advance()
        if words in vocabulary.FUNCTIONS or words in vocabulary.FUNCTION_SPELLINGS:
            return self.function(words)
        if words in TASK_COMMANDS:
            return self.task(TASK_COMMANDS[words])
        if self.is_letter(words) or words in vocabulary.CONSTANTS:
            return self.letter(words)
        if words.replace(".", "", 1).replace(",", "").isdigit():
            from .parser import parsed

            return parsed(words)
        raise Unreadable(f"words: {words!r}")

    def command(self, name):
        """A command as an operand."""
        if name == "frac":
            return self.fraction()
        if name in vocabulary.FUNCTIONS or name in vocabulary.FUNCTION_SPELLINGS:
            self.advance()
            return self.function(name)
        if name in TASK_COMMANDS:
            self.advance()
            return self.task(TASK_COMMANDS[name])
        readers = {
            "sqrt": self.root, "binom": self.binomial, "begin": self.environment,
            "{": self.braces, "langle": self.angles, "lfloor": self.rounded,
            "lceil": self.rounded, "mathbb": self.number_set, "currency": self.currency,
            "norm": self.norm, "vec": self.accented, "hat": self.accented, "bar": self.accented,
            "overline": self.accented, "tilde": self.accented,
        }
        if name in readers:
            return readers[name]()
        self.advance()
        if name in ("pi", "infty", "imath"):
            return Node("constant", (), vocabulary.CONSTANTS[name])
        if name == "ldots":
            return Node("ellipsis")
        if name == "emptyset":
            return Node("set", (), "empty")
        if name in vocabulary.GREEK_LETTERS:
            return self.letter(name)
        raise Unreadable(f"unknown command \\{name}")

    def named(self, run):
        """A run of letters: a function, a constant, or variables side by side."""
        self.advance()
        if run in vocabulary.PYTHON_FUNCTIONS and self.current.text == "(":
            return self.python_call(run)
        is_called = self.current.text == "("
        if run in vocabulary.CALLED_FUNCTIONS and is_called:
            return self.function(run)
        is_function = run in vocabulary.FUNCTIONS or run in vocabulary.FUNCTION_SPELLINGS
        if is_function and run not in vocabulary.CALLED_FUNCTIONS:
            return self.function(run)
        if run in vocabulary.CONSTANTS or run in vocabulary.GREEK_LETTERS:
            return self.letter(run)
        if len(run) > 1 and run in vocabulary.SETS:
            return Node("set", (), vocabulary.SETS[run])
        if len(run) == 1:
            return self.letter(run)
        if run.startswith("sqrt"):
            self.push_back("name", run[len("sqrt"):])
            return Node("root", (self.operand(), Node("number", (), 2)))
        known = next((name for name in _BY_LENGTH if run.startswith(name)), None)
        if known is None and len(run) >= UNSPLIT_LETTERS and not _has_known(run):
            raise Unreadable(f"a word: {run!r}")
        head = known or run[0]
        self.push_back("name", run[len(head):])
        if head in ("pi", "oo"):
            return self.letter(head)
        return self.function(head) if known else self.letter(head)

    def letter(self, name):
        """A constant, or a variable with its index, its primes, and its argument."""
        constant = vocabulary.CONSTANTS.get(name)
        if constant is not None and self.current.text != "_":
            return Node("constant", (), constant)
        if self.current.text == "_" :
            self.advance()
            name += "_" + self.script()
        while self.current.text == "'":
            self.advance()
            name += "'"
        is_function = name[0] in FUNCTION_LETTERS and len(name.rstrip("'")) == 1
        if is_function and self.current.text == "(":
            argument = self.bracketed("(")
            return Node("call", (argument,), name)
        return Node("symbol", (), name)

    def function(self, name):
        """A function with its power, base and argument."""
        name = vocabulary.FUNCTION_SPELLINGS.get(name, name)
        power = base = None
        while self.current.text in ("^", "_") or self.is_double_star_here():
            mark = self.advance().text
            if mark == "_":
                base = self.script_node()
            else:
                if mark == "*":
                    self.advance()
                power = self.exponent(mark == "*")
        argument = self.argument()
        if name == "log2":
            name, base = "log", Node("number", (), 2)
        if name == "log" and base is not None:
            node = Node("log", (base, argument))
        elif base is not None:
            raise Unreadable("an index behind a function")
        elif argument.kind == "tuple" and name == "log":
            node = Node("log", tuple(reversed(argument.args)))
        else:
            node = Node("function", (argument,), "ln" if name == "log" else name)
        if power is None:
            return node
        inverse = power.kind == "neg" and power.args[0] == Node("number", (), 1)
        if inverse and f"a{name}" in vocabulary.FUNCTIONS:
            return Node("function", (argument,), f"a{name}")
        return Node("pow", (node, power))

    def is_double_star_here(self):
        return self.current.text == "*" and self.is_double_star()

    def argument(self):
        """The argument of a function: a bracket, or factors up to the next sign or function."""
        if self.current.text in ("(", "[", "{"):
            return self.bracketed(self.current.text)
        if self.current.kind == "command" and self.current.value == "{":
            braced = self.braces()
            if braced.kind != "set_of" or len(braced.args) != 1:
                raise Unreadable("an argument that is a set")
            return braced.args[0]
        sign = self.sign()
        node = self.power()
        while self.begins_operand() and not self.is_function_here():
            node = self.juxtaposed(node)
        if self.current.text == "/" and _is_multiple_of_pi(node):
            self.advance()
            node = Node("div", (node, self.power()))
        return Node("neg", (node,)) if sign == "-" else node

    def is_function_here(self):
        token = self.current
        if token.kind not in ("name", "command", "word"):
            return False
        return token.value in vocabulary.FUNCTIONS or token.value in vocabulary.FUNCTION_SPELLINGS

    def currency(self):
        """`\\$18`: an amount of money."""
        self.advance()
        sign = self.sign()
        amount = self.marked(self.operand())
        if amount.kind == "quantity":
            # `\\$5 dollars` says it twice.
            return amount
        node = Node("quantity", (amount,), ("dollar", 1))
        return Node("neg", (node,)) if sign == "-" else node


def _is_multiple_of_pi(node):
    if node.kind == "constant":
        return node.value == "pi"
    return node.kind == "mul" and any(map(_is_multiple_of_pi, node.args))


def _has_known(run):
    return any(name in run for name in _BY_LENGTH if len(name) >= 3)


_BY_LENGTH = sorted(
    {*vocabulary.FUNCTIONS, *vocabulary.FUNCTION_SPELLINGS, "pi", "oo"}
    - {"th", "sh", "ch", "re", "im", "Re", "Im", "tg", "arg", "gamma", "sign"},
    key=len, reverse=True,
)
