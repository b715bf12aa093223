"""Reads the tokens of one answer into a tree, or refuses: a reading uses all of the text.

A parser by precedence. From loose to tight: lists (comma, `or`, `and`), relations, set operations, sums, products and
quotients (also without a sign between), signs, powers and marks behind an operand, operands.
"""

from fractions import Fraction

from .operands import Operands
from .tokens import tokens
from .trees import MOST_NODES, Node, Unreadable, walk

RELATIONS = {
    "=": "=", "<": "<", ">": ">", "le": "<=", "ge": ">=", "ne": "!=", "approx": "~",
    "lt": "<", "gt": ">", "sim": "~", "to": "to", "rightarrow": "to", "equiv": "==", "in": "in", "cong": "~",
}
SEPARATORS = {",", ";"}
JOINING_WORDS = {"and", "or", "and/or"}


class Parser(Operands):
    """One pass over the tokens of a text."""

    def answer(self):
        """The whole text as one tree; throws Unreadable when something is left."""
        if self.at_end():
            raise Unreadable("nothing")
        tree = self.items()
        if not self.at_end():
            raise Unreadable(f"unread: {self.current.text!r}")
        if sum(1 for _ in walk(tree)) > MOST_NODES:
            raise Unreadable("too many parts")
        for node in walk(tree):
            if node.kind in ("mul", "add", "div", "neg", "pow") and any(
                part.kind in ("relation", "list") for part in node.args
            ):
                raise Unreadable("arithmetic with a relation")
        return without_calls_of_variables(tree)

    def items(self):
        """Relations, separated; one alone is itself."""
        found, joints = [self.relation()], []
        while True:
            joint = self.separator()
            if joint is None:
                break
            joints.append(joint)
            found.append(self.relation())
        if not joints:
            return found[0]
        return Node("list", tuple(found), tuple(joints))

    def separator(self):
        """Passes what separates two items: its words, or None."""
        words = []
        while True:
            token = self.current
            if token.kind == "sign" and token.text in SEPARATORS:
                words.append(",")
            elif token.kind in ("word", "name") and token.value in JOINING_WORDS:
                words.append(token.value)
            elif token.kind == "command" and token.value in ("lor", "land"):
                words.append("or" if token.value == "lor" else "and")
            elif token.kind == "row" and not self.is_in_matrix:
                words.append(",")
            else:
                break
            self.advance()
        if not words:
            return None
        if self.at_end() or self.is_closing():
            # A comma behind the last item, as in Python's `(1,)`.
            raise Unreadable("a separator ends the list")
        return next((word for word in words if word != ","), ",")

    def relation(self):
        """Set expressions with relation signs between them."""
        sides, signs = [], []
        token = self.current
        if self.relation_sign() is not None:
            # `> 5` and `\\approx 5`: the left side is left out.
            sides.append(None)
        else:
            sides.append(self.union())
        while (sign := self.relation_sign()) is not None:
            self.advance()
            signs.append(sign)
            saved, self.modulus_follows = self.modulus_follows, sign == "=="
            sides.append(self.union())
            self.modulus_follows = saved
        if not signs:
            modulus = self.modulus() if self.is_modulus() else None
            if modulus is None:
                return sides[0]
            # `3 \\pmod 7`: the name is left out.
            return Node("congruence", (Node("word", (), ""), sides[0], modulus))
        if sides[0] is None and signs in (["~"], ["="]):
            return sides[1]
        if signs in (["=="], ["="]):
            congruence = self.congruence(*sides)
            if congruence is not None:
                return congruence
        missing = Node("word", (), "")
        return Node("relation", tuple(side or missing for side in sides), tuple(signs))

    def relation_sign(self):
        """The relation that the current token is; None for another token."""
        token = self.current
        if token.kind == "sign" and token.text in "=<>" or token.kind == "command":
            return RELATIONS.get(token.value)
        return None

    def is_modulus(self):
        token = self.current
        return token.kind == "command" and token.value in ("pmod", "pod") or (
            token.text == "(" and self.peek().value in ("mod", "bmod")
        )

    def congruence(self, name, residue):
        """`n \\equiv 1, 2 \\pmod 4`: one for each residue; None without a modulus."""
        start, residues = self.position, [residue]
        saved, self.modulus_follows = self.modulus_follows, True
        modulus = self.modulus()
        while modulus is None and self.separator_here():
            residues.append(self.sum())
            modulus = self.modulus()
        self.modulus_follows = saved
        if modulus is None:
            self.position = start
            return None
        found = tuple(Node("congruence", (name, each, modulus)) for each in residues)
        return found[0] if len(found) == 1 else Node("list", found, ("or",) * (len(found) - 1))

    def separator_here(self):
        """Passes a separator and says whether a term follows it."""
        try:
            return self.separator() is not None and self.relation_sign() is None
        except Unreadable:
            return False

    def modulus(self):
        """`\\pmod 7`, `\\pmod{7}`, `(\\bmod 7)`, `(mod 7)` behind a congruence; None without one."""
        token = self.current
        if token.kind == "command" and token.value in ("pmod", "mod", "bmod", "pod"):
            self.advance()
            return self.power()
        if token.text == "(" and self.peek().value in ("mod", "bmod"):
            self.advance()
            self.advance()
            inner = self.sum()
            self.expect(")")
            return inner
        if token.kind in ("word", "name") and token.value == "mod":
            self.advance()
            return self.power()
        return None

    def union(self):
        """Sums with set operations between them."""
        left = self.sum()
        while True:
            token = self.current
            operation = {"cup": "union", "cap": "intersection", "setminus": "difference"}.get(
                token.value if token.kind == "command" else None
            )
            if operation is None:
                return left
            self.advance()
            left = Node(operation, (left, self.sum()))

    def sum(self):
        """Products with `+`, `-`, `\\pm` and `\\mp` between them."""
        self.enter()
        sign = self.sign()
        left = self.product()
        left = _signed(sign, left)
        while (sign := self.sign()) is not None:
            while (further := self.sign()) is not None:
                sign = _combined(sign, further)
            left = Node("add", (left, _signed(sign, self.product())))
        self.leave()
        return left

    def sign(self):
        """Passes a sign of a term: `+`, `-`, `pm` or `mp`; None without one."""
        token = self.current
        if token.kind == "sign" and token.text in "+-" or (
            token.kind == "command" and token.value in ("pm", "mp")
        ):
            self.advance()
            return token.value
        return None

    def product(self):
        """Powers with signs of multiplication or division, or nothing, between them."""
        left = self.power()
        while True:
            token = self.current
            if self.is_times():
                self.advance()
                left = Node("mul", (left, self.signed_power()))
            elif token.text == "/" or token.kind == "command" and token.value == "div":
                self.advance()
                left = Node("div", (left, self.signed_power()))
            elif token.text == ":" and not self.colon_closes or token.kind == "command" and token.value == "colon":
                self.advance()
                left = self.ratio(left)
            elif token.kind == "word" and token.value == "to":
                self.advance()
                left = self.ratio(left)
            elif self.is_modulo():
                self.advance()
                left = Node("task", (left, self.signed_power()), "mod")
            elif self.begins_operand():
                left = self.juxtaposed(left)
            else:
                return left

    def ratio(self, left):
        """`left : right`, of two or more parts."""
        parts = left.args if left.kind == "ratio" else (left,)
        return Node("ratio", (*parts, self.signed_power()))

    def signed_power(self):
        """A power, perhaps with a sign: `2 \\cdot -3`."""
        sign = self.sign()
        return _signed(sign, self.power())

    def is_times(self):
        token = self.current
        if token.kind == "command":
            return token.value in ("cdot", "times", "ast")
        return token.text == "*" and not (self.peek().text == "*" and not self.peek().spaced)

    def is_modulo(self):
        token = self.current
        if self.modulus_follows:
            return False
        return token.kind == "command" and token.value in ("bmod", "mod") or (
            token.kind in ("name", "word") and token.value == "mod"
        )

    def juxtaposed(self, left):
        """`left` and what follows it without a sign: a product, a mixed number or a unit's part."""
        token = self.current
        if left.kind in ("number", "decimal"):
            if token.kind in ("number", "decimal"):
                if left.kind == "number" and token.kind == "number":
                    return self.mixed_in_line(left)
                raise Unreadable("two numbers stand side by side")
            if token.kind == "command" and token.value == "frac":
                right = self.operand()
                mixed = _mixed(left, right)
                return self.marked(mixed) if mixed else Node("mul", (left, self.marked(right)))
        elif token.kind in ("number", "decimal") and left.kind != "quantity":
            raise Unreadable("a number follows an operand")
        is_group = token.text == "{"
        right = self.power()
        if is_group and left.kind == right.kind == "number":
            raise Unreadable("two numbers stand side by side")
        if left.kind in ("quantity", "compound"):
            if right.kind != "quantity":
                raise Unreadable("a unit is followed by an operand")
            parts = left.args if left.kind == "compound" else (left,)
            return Node("compound", (*parts, right))
        return Node("mul", (left, right))

    def mixed_in_line(self, whole):
        """`4 4/9`: a mixed number; any other two numbers side by side are unreadable."""
        above = self.advance()
        if self.current.text == "/" and self.peek().kind == "number" and above.spaced:
            self.advance()
            below = self.advance()
            fraction = Node("div", (_number(above), _number(below)))
            mixed = _mixed(whole, fraction)
            if mixed is not None and self.current.text not in ("/", "^"):
                return self.marked(mixed)
        raise Unreadable("two numbers stand side by side")


def without_calls_of_variables(tree):
    """`h(6h - 4)` as a product: a letter that is a variable somewhere is no function."""
    variables = {part.value for part in walk(tree) if part.kind == "symbol"}
    if not any(part.kind == "call" and part.value in variables for part in walk(tree)):
        return tree
    parts = tuple(
        without_calls_of_variables(part) if isinstance(part, Node) else part for part in tree.args
    )
    if tree.kind == "call" and tree.value in variables:
        return Node("mul", (Node("symbol", (), tree.value), *parts))
    return tree._replace(args=parts)


def _number(token):
    return Node("number", (), token.value)


def _mixed(whole, fraction):
    """The mixed number of an integer and a proper fraction of integers; None for others."""
    if fraction.kind not in ("div", "frac") or whole.kind != "number":
        return None
    above, below = fraction.args
    literals = all(
        part.kind == "number" and isinstance(part.value, int) for part in (above, below, whole)
    )
    if not literals or not 0 < above.value < below.value:
        return None
    return Node("mixed", (), whole.value + Fraction(above.value, below.value))


def _signed(sign, node):
    """`node` with a sign before it; None and `+` change nothing."""
    if sign in (None, "+"):
        return node
    if sign == "-":
        return Node("neg", (node,))
    return Node("pm", (node,), sign)


def _combined(first, second):
    """The sign of two signs in a row, as Python prints `14 + -1*I`."""
    if {first, second} <= {"+", "-"}:
        return "+" if first == second else "-"
    raise Unreadable("two signs stand side by side")


def parsed(text, grouping=True):
    """The tree of `text`; throws Unreadable unless all of it was read."""
    return Parser(tokens(text, grouping)).answer()
