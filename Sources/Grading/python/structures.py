"""The parser's lowest part: the place in the tokens, brackets, fractions, roots, matrices, task forms."""

from . import vocabulary
from .calls import OF_SEVERAL, call
from .tokens import Token
from .trees import Node, Unreadable

# Brackets within brackets.
DEEPEST_NESTING = 40
MATRICES = {"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array", "vmatrix", "Vmatrix"}
CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}


class Structures:
    """A place in a list of tokens, and what is read between brackets."""

    def __init__(self, tokens):
        self.tokens = list(tokens)
        self.position = 0
        self.depth = 0
        # Whether a bar here ends an absolute value or the head of a set, and begins none.
        self.bar_closes = False
        self.colon_closes = False
        self.is_in_matrix = False
        # Whether `mod` here is the modulus of a congruence and no remainder.
        self.modulus_follows = False

    @property
    def current(self):
        return self.tokens[self.position]

    def peek(self):
        """The token after the current one."""
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)]

    def advance(self):
        """Passes the current token, and returns it."""
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def push_back(self, kind, text):
        """Puts the rest of a token that was read in part before the current one."""
        if text:
            value = int(text) if kind == "number" else text
            self.position -= 1
            self.tokens[self.position] = Token(kind, value, False, text)

    def at_end(self):
        return self.current.kind == "end"

    def is_closing(self):
        token = self.current
        return token.text in (")", "]", "}", "&") or token.kind in ("row", "end") or (
            token.kind == "command" and token.value in ("}", "rangle", "rfloor", "rceil", "end")
        )

    def expect(self, text):
        """Passes a token of this text; throws Unreadable for another."""
        if self.current.text != text:
            raise Unreadable(f"{text!r} expected, {self.current.text!r} found")
        self.advance()

    def enter(self):
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise Unreadable("nested too deep")

    def leave(self):
        self.depth -= 1

    def inside(self, bar_closes=False):
        """The items of a bracket whose opening was passed."""
        saved = self.bar_closes, self.colon_closes, self.is_in_matrix
        self.bar_closes, self.colon_closes, self.is_in_matrix = bar_closes, False, False
        found = self.items()
        self.bar_closes, self.colon_closes, self.is_in_matrix = saved
        return found

    def bracketed(self, opening):
        """`(...)`, `[...]`, `{...}` or `|...|`; round and square ones may be mixed."""
        if opening == "{":
            return self.group()
        self.advance()
        found = self.inside(bar_closes=opening == "|")
        if opening == "|":
            self.expect("|")
            is_matrix = found.kind == "matrix"
            return Node("task", (found,), "det") if is_matrix else Node("abs", (found,))
        closing = self.advance().text
        if closing not in (")", "]"):
            raise Unreadable(f"{opening} is not closed")
        if found.kind == "relation" and opening + closing == "[]":
            return found
        if found.kind == "list" and all(part.kind in ("relation", "list") for part in found.args):
            return flattened(found) if opening == "[" else found
        if found.kind == "list":
            if any(joint != "," for joint in found.value):
                raise Unreadable("words join the entries of a bracket")
            return Node("tuple", found.args, opening + closing)
        if CLOSING[opening] != closing:
            raise Unreadable("a bracket is closed by another one")
        if found.kind == "number" and opening == "(" and self.current.text == "_":
            return Node("group digits", (found,))
        if opening == "[" and found.kind == "tuple":
            return Node("tuple", (found,), "[]")
        return Node("group", (found,)) if found.kind in ("tuple", "set_of") else found

    def group(self):
        """`{...}`: a group of TeX; with commas inside, a set as Python prints it."""
        self.advance()
        if self.current.text == "}":
            self.advance()
            # `{}_5C_2`: an index before its letter.
            if self.current.text == "_":
                return self.combinations()
            return self.operand()
        found = self.inside()
        token = self.current
        if token.kind == "command" and token.value in ("over", "choose"):
            self.advance()
            below = self.inside()
            kind = "div" if token.value == "over" else "binomial"
            found = Node(kind, (found, below))
        self.expect("}")
        items = found.args if found.kind == "list" else (found,)
        solution = dictionary(items)
        if solution is not None:
            return solution
        return Node("set_of", found.args) if found.kind == "list" else found

    def combinations(self):
        """`{}_5C_2`, `{}_{5}P_{2}`."""
        self.advance()
        above = self.script_node()
        letter = self.advance().text
        if letter not in ("C", "P") or self.current.text != "_":
            raise Unreadable("an index without a letter")
        self.advance()
        below = self.script_node()
        chosen = Node("binomial", (above, below))
        return chosen if letter == "C" else Node("mul", (chosen, Node("factorial", (below,), 1)))

    def fraction(self):
        """`\\frac{1}{2}`, `\\frac12`, `\\frac9{19}`, and `\\frac{d}{dx}`."""
        self.advance()
        above, below = self.fraction_part(), self.fraction_part()
        if _is_differential(above) and _is_differential(below):
            return Node("task", (), "derivative") if self.at_end() else self.task("derivative")
        return Node("div", (above, below))

    def fraction_part(self):
        """A group, one digit, or one command."""
        token = self.current
        if token.kind == "number" and token.text.isdigit() and len(token.text) > 1:
            self.advance()
            self.push_back("number", token.text[1:])
            return Node("number", (), int(token.text[0]))
        if token.text == "{":
            return self.group()
        if token.kind == "name" and len(token.text) > 1 and token.text not in ("pi",):
            self.advance()
            self.push_back("name", token.text[1:])
            return self.letter(token.text[0])
        return self.operand()

    def root(self):
        """`\\sqrt{2}`, `\\sqrt[3]{2}`, `\\sqrt2`, `\\sqrt(2)`."""
        self.advance()
        degree = Node("number", (), 2)
        if self.current.text == "[":
            self.advance()
            degree = self.inside()
            self.expect("]")
        return Node("root", (self.operand(), degree))

    def binomial(self):
        self.advance()
        return Node("binomial", (self.fraction_part(), self.fraction_part()))

    def braces(self):
        """`\\{1, 2\\}`, `\\{\\}` and `\\{x \\mid x > 1\\}`."""
        self.advance()
        if self.current.value == "}":
            self.advance()
            return Node("set", (), "empty")
        saved = self.bar_closes, self.colon_closes, self.is_in_matrix
        self.bar_closes, self.colon_closes, self.is_in_matrix = True, True, False
        found = self.items()
        self.bar_closes, self.colon_closes, self.is_in_matrix = saved
        if self.current.text in ("|", ":"):
            self.advance()
            found = Node("builder", (found, self.inside()))
        if self.current.value != "}" or self.current.kind != "command":
            raise Unreadable("a set is not closed")
        self.advance()
        if found.kind == "builder":
            return found
        return Node("set_of", found.args if found.kind == "list" else (found,))

    def angles(self):
        """`\\langle 1, 2 \\rangle`."""
        self.advance()
        found = self.inside()
        if self.current.value != "rangle" or found.kind != "list":
            raise Unreadable("angle brackets")
        self.advance()
        return Node("tuple", found.args, "<>")

    def rounded(self):
        """`\\lfloor x \\rfloor` and `\\lceil x \\rceil`: task forms."""
        name = self.advance().value
        found = self.inside()
        if self.current.value != {"lfloor": "rfloor", "lceil": "rceil"}[name]:
            raise Unreadable(f"{name} is not closed")
        self.advance()
        return Node("task", (found,), {"lfloor": "floor", "lceil": "ceil"}[name])

    def norm(self):
        """`\\|v\\|`: a task form."""
        self.advance()
        found = self.inside()
        if self.current.value != "norm":
            raise Unreadable("a norm is not closed")
        self.advance()
        return Node("task", (found,), "norm")

    def number_set(self):
        """`\\mathbb{R}`, with a sign behind it."""
        self.advance()
        grouped = self.current.text == "{"
        if grouped:
            self.advance()
        name = self.advance().text
        if grouped:
            self.expect("}")
        if name not in vocabulary.SETS:
            raise Unreadable("an unknown set of numbers")
        if self.current.text in ("^", "_"):
            self.advance()
            return Node("symbol", (), f"set {name}^{self.script()}")
        return Node("set", (), vocabulary.SETS[name])

    def accented(self):
        """`\\vec{v}`: a variable of its own name."""
        name = self.advance().value
        return Node("symbol", (), f"{name} {self.script()}")

    def script(self):
        """The text of an index: a group, or one token."""
        if self.current.text != "{":
            token = self.advance()
            if token.kind in ("end", "sign"):
                raise Unreadable("an index is missing")
            if token.kind in ("number", "name") and token.text.isalnum() and len(token.text) > 1:
                self.push_back(token.kind, token.text[1:])
                return token.text[0]
            return token.text.strip("\\")
        depth, parts = 0, []
        while True:
            token = self.advance()
            if token.kind == "end":
                raise Unreadable("an index is not closed")
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return "".join(parts)
            if token.text != "{" and token.text != "}":
                parts.append(str(token.value))

    def script_node(self):
        """An index as a formula: a group, or one digit or letter."""
        # `\\log_28` is the logarithm of 8 to the base 2; `\\log_{10}` has braces.
        return self.fraction_part()

    def environment(self):
        """A matrix; its determinant between bars."""
        self.advance()
        name = self.environment_name()
        if name == "array" and self.current.text == "{":
            self.script()
        rows, row = [], []
        saved = self.is_in_matrix, self.bar_closes, self.colon_closes
        while True:
            self.is_in_matrix, self.bar_closes, self.colon_closes = True, False, False
            if self.current.kind == "command" and self.current.value == "hline":
                self.advance()
                continue
            token = self.current
            if token.kind == "command" and token.value == "end":
                break
            if token.kind == "row":
                self.advance()
                rows.append(row)
                row = []
            elif token.text == "&":
                self.advance()
            else:
                row.append(self.relation())
        self.is_in_matrix, self.bar_closes, self.colon_closes = saved
        self.advance()
        if self.environment_name() != name:
            raise Unreadable("an environment is not closed")
        if row:
            rows.append(row)
        if not rows or any(len(each) != len(rows[0]) for each in rows) or not rows[0]:
            raise Unreadable("a matrix with rows of different lengths")
        matrix = Node("matrix", tuple(Node("row", tuple(each)) for each in rows))
        return Node("task", (matrix,), "det") if name in ("vmatrix", "Vmatrix") else matrix

    def environment_name(self):
        self.expect("{")
        name = self.advance().text
        self.expect("}")
        if name not in MATRICES:
            raise Unreadable(f"environment {name!r}")
        return name

    def task(self, name):
        """A task form: its body, then its limits."""
        limits = []
        while self.current.text in ("_", "^"):
            mark = self.advance().text
            limits.append(Node(f"limit {mark}", (self.script_node(),)))
        body = Node("word", (), "") if self.is_closing() else self.product()
        if name in OF_SEVERAL and body.kind in ("tuple", "set_of", "group"):
            inner = body.args[0] if body.kind == "group" else body
            body = Node("tuple", inner.args, "()")
        return Node("task", (body, *limits), name)

    def python_call(self, name):
        """A call as sympy and Python print it."""
        if self.peek().text == ")":
            self.advance()
            self.advance()
            if name not in ("set", "FiniteSet"):
                raise Unreadable("a call without arguments")
            return Node("set", (), "empty")
        self.advance()
        found = self.inside()
        self.expect(")")
        arguments = found.args if found.kind == "list" else (found,)
        return call(name, arguments)


def dictionary(items):
    """The equations of a solution as sympy prints it, `{x: 1, y: 2}`; None for other items."""
    if not all(each.kind == "ratio" and len(each.args) == 2 for each in items):
        return None
    if not all(each.args[0].kind == "symbol" for each in items):
        return None
    equations = tuple(Node("relation", each.args, ("=",)) for each in items)
    return equations[0] if len(equations) == 1 else _list_of(equations)


def flattened(tree):
    """A list of equations and of lists of them as one list."""
    parts = [each for part in tree.args for each in (part.args if part.kind == "list" else (part,))]
    return _list_of(tuple(parts), tree.value[0])


def _list_of(parts, joint=","):
    return Node("list", parts, (joint,) * (len(parts) - 1))


def _is_differential(node):
    letters = {part.value for part in node.args} | {node.value}
    return bool(letters & {"d", "partial"}) or any(
        part.kind in ("pow", "mul") and _is_differential(part) for part in node.args
    )
