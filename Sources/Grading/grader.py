"""Compares answers with math-verify: one request a line on standard input, one verdict a line out.

Embedded in the program and run by it as `python -s -c SOURCE MEMORY_BYTES`. The first line written
says whether it is ready and with which libraries. Time is the parent's business: it kills a
process that takes too long, so the library's own alarms are off and nothing here waits. Memory is
limited here, by the kernel, before anything is imported.

Request: {"id": int, "gold": text, "answer": text, "form": "boxed" | "text"}. A boxed answer is what
stood in the model's last box; a text is searched for its final answer as math-verify does it.
Reply: {"id": int, "outcome": ..., "canonical": text}, outcome one of right, wrong, unparsed,
gold_unparsed, error.

Beyond math-verify's own rules (sets and lists are unordered, tuples and points are ordered, 10 %
equals both 10 and 0.1, numbers agree to six decimals, names are compared without case):
- `4 4/9` is a mixed number, not a product and not 4;
- `0.\\overline{3}` is a fraction, `2.5e3` is 2500;
- numbers with different base subscripts differ;
- a relation may answer a set (`1 < x < 2` for `(1, 2)`);
- a letter asked for is looked up as a choice in prose; any other text is compared as text, after
  removing case, spaces, `\\text{}` and a final full stop;
- an answer of more than 2000 characters is none, unless it is the expected text.
"""

import sys

# Nothing may be imported from the working directory; `-P` would say it, from Python 3.11 on.
sys.path[:] = [entry for entry in sys.path if entry]

import json
import os
import re
import resource


def limit_memory(limit_bytes):
    """Makes the kernel refuse this process more than `limit_bytes` of address space."""
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def private_output():
    """A stream on standard output that no library can print into."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return stream


MIXED_NUMBER = re.compile(
    r"(?<![\d.,/^_\\{}])([+-]?)(\d{1,3}(?:[ ,]\d{3})+|\d+)[ \t]+(\d+)/(\d+)(?!\d|[./]\d)"
    r"(\s*(?:\\?%|percent(?:age)?|pct))?"
)
REPEATING_DECIMAL = re.compile(r"(\d*)\.(\d*)\\overline\s*\{?(\d+)\}?")
SCIENTIFIC = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)[eE]([+-]?\d{1,3})\s*")
BASE = re.compile(r"^[\s$]*\w+_\{?(?:\\text\{)?(\d+|two|eight|ten|sixteen)")
DELIMITER = re.compile(r"(?<!\\)\$|\\\(|\\\[|\\boxed\s*\{")
IDEOGRAPH = "[\u3400-\u9fff]"
CHOICE = re.compile(r"\s*\(?([A-J])\)?\.?\s*")
WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
LONGEST_ANSWER = 2000
KNOWN_WORDS = {"pi", "sqrt", "sin", "cos", "tan", "log", "ln", "exp", "frac", "inf", "oo"}


def mixed_number(match):
    """The fraction for `4 4/9`; nothing when the fraction is not proper, for then it is none."""
    sign, whole, numerator, denominator, percent = match.groups()
    whole, above, below = int(re.sub("[ ,]", "", whole)), int(numerator), int(denominator)
    if not above < below:
        return ""
    above += whole * below
    if percent:
        below *= 100
    return f"{sign.replace('+', '')}{above}/{below}"


def repeating_decimal(match):
    """The fraction for `0.1\\overline{6}`."""
    whole, fixed, repeated = match.groups()
    if len(fixed) + len(repeated) > 50:
        return match.group(0)
    nines = (10 ** len(repeated) - 1) * 10 ** len(fixed)
    digits = int((whole + fixed + repeated) or "0") - int((whole + fixed) or "0")
    return f"\\frac{{{digits}}}{{{nines}}}"


def cleaned(text):
    """`text` with the notations that math-verify does not read put into ones that it reads."""
    text = text.replace("\\$", "").replace("\N{MINUS SIGN}", "-")
    # Chinese sets no spaces around its numbers and has punctuation of its own.
    text = re.sub("\N{IDEOGRAPHIC FULL STOP}", ". ", text)
    text = re.sub(f"(?<={IDEOGRAPH})(?=[\\dA-J-])|(?<=[\\dA-J])(?={IDEOGRAPH})", " ", text)
    text = REPEATING_DECIMAL.sub(repeating_decimal, text)
    text = MIXED_NUMBER.sub(mixed_number, text)
    scientific = SCIENTIFIC.fullmatch(text)
    if scientific:
        text = f"{scientific[1]} \\times 10^{{{scientific[2]}}}"
    return text


def is_bare(text):
    """Whether `text` is a formula by itself: no prose, no sign of where mathematics begins."""
    if not text.strip() or DELIMITER.search(text) or "\n" in text.strip():
        return False
    if re.search(IDEOGRAPH, text):
        return False
    without_names = re.sub(r"\\(?:text|mathrm|textbf|mbox)\s*\{[^{}]*\}", "", text)
    return all(word in KNOWN_WORDS for word in WORD.findall(without_names))


def boxed(text):
    """`text` as the content of a box, unless it says itself where its mathematics is."""
    return text if DELIMITER.search(text) else "\\boxed{" + text + "}"


def plain(text):
    """`text` as the comparison of texts sees it."""
    text = re.sub(r"\\(?:text|mathrm|textbf|mathbf|mbox)\s*\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\[,;:!\s]|[\s$~{}]", "", text)
    text = text.removesuffix(".")
    inner = re.fullmatch(r"\(([A-Za-z])\)", text)
    return (inner[1] if inner else text).casefold()


def canonical_number(value):
    """Six decimals, as math-verify compares; six digits for what is tiny; no trailing zeros."""
    parts = []
    for part in (value.real, value.imag):
        digits = f"{part:.6f}" if abs(part) >= 1e-3 or part == 0 else f"{part:.5e}"
        parts.append(digits.rstrip("0").rstrip(".") if "e" not in digits else digits)
    return parts[0] if value.imag == 0 else f"{parts[0]}+({parts[1]})i"


class Grader:
    """The comparison, with the library loaded and warm."""

    def __init__(self):
        import logging

        # Both functions warn, once a process, that their alarms are off: that is our intention.
        logging.disable(logging.WARNING)
        import math_verify
        import sympy

        self.math_verify = math_verify
        self.sympy = sympy
        self.choices = math_verify.StringExtractionConfig(strings=tuple("ABCDEFGHIJ"))
        # The LaTeX parser builds its tables at the first use; no answer should pay for that.
        self.verdict("\\frac{1}{2}", "x^2+\\sqrt{2}", "boxed")
        self.verdict("1/2", "The answer is $0.5$.", "text")

    def versions(self):
        """What a trace names as the grader."""
        from importlib.metadata import version

        names = ["math-verify", "latex2sympy2_extended", "sympy"]
        return {"python": sys.version.split()[0], **{name: version(name) for name in names}}

    def parsed(self, text, config=None):
        """Readings of `text`, best first: sympy objects; a text when it could not be read."""
        more = {} if config is None else {"extraction_config": config}
        return self.math_verify.parse(text, parsing_timeout=None, **more)

    def readings(self, text, form):
        """Readings of an answer: of a formula as one, of prose by searching it."""
        if form == "boxed" or is_bare(text):
            found = self.parsed(boxed(text))
            if self.is_mathematics(found):
                return found
        return self.parsed(text)

    def is_mathematics(self, readings):
        """Whether one of the readings is more than the text itself."""
        return any(not isinstance(reading, str) for reading in readings)

    def verdict(self, gold, answer, form):
        """The outcome, and the answer's canonical form."""
        clean_gold, clean_answer = cleaned(gold), cleaned(answer)
        if not plain(answer) or not plain(clean_answer):
            return "unparsed", ""
        if form == "boxed" and len(answer) > LONGEST_ANSWER:
            return ("right" if plain(gold) == plain(answer) else "unparsed"), ""
        choice = CHOICE.fullmatch(plain(gold).upper()) if form == "text" else None
        if choice and not is_bare(clean_answer):
            found = self.parsed(clean_answer, [self.choices])
            if found:
                return ("right" if found[0] == choice[1].lower() else "wrong"), found[0]
        announced = re.search(r"\banswer\b", gold)
        gold_readings = self.parsed(clean_gold if announced else boxed(clean_gold))
        readings = self.readings(clean_answer, form)
        canonical = self.canonical(readings, answer)
        if plain(gold) == plain(answer):
            return "right", canonical
        if not self.is_mathematics(gold_readings):
            broken = not plain(gold) or "\\" in plain(gold) or gold.count("{") != gold.count("}")
            return ("gold_unparsed" if broken else "wrong"), canonical
        if not self.is_mathematics(readings):
            return "unparsed", canonical
        bases = BASE.match(gold), BASE.match(answer)
        if all(bases) and bases[0][1] != bases[1][1]:
            return "wrong", canonical
        equal = self.math_verify.verify(
            gold_readings, readings, allow_set_relation_comp=True, timeout_seconds=None
        )
        return ("right" if equal else "wrong"), canonical

    def canonical(self, readings, answer):
        """A text that is equal for answers that are evidently the same.

        Cheap by construction: what could blow up when evaluated keeps its unevaluated form.
        """
        expression = next((each for each in readings if not isinstance(each, str)), None)
        is_name = not re.search(r"\d|\\(?!text)", answer) and WORD.search(answer)
        if expression is None or is_name:
            return plain(answer)[:2000]
        try:
            return self.canonical_expression(expression)[:2000]
        except MemoryError:
            raise
        except Exception:
            # sympy raises all kinds of errors on objects that are no expressions.
            return plain(answer)[:2000]

    def canonical_expression(self, expression):
        """The canonical form of one sympy object."""
        sympy = self.sympy
        if isinstance(expression, sympy.FiniteSet):
            return "{" + ", ".join(sorted(map(self.canonical_expression, expression.args))) + "}"
        if isinstance(expression, (sympy.Tuple, sympy.Interval)):
            kind = type(expression).__name__
            return f"{kind}({', '.join(map(self.canonical_expression, expression.args))})"
        if isinstance(expression, sympy.Eq) and expression.lhs.is_Symbol:
            # math-verify lets `x = 5` answer for 5.
            return self.canonical_expression(expression.rhs)
        if not isinstance(expression, sympy.Expr) or not self.is_small(expression):
            return sympy.sstr(expression, order="lex")
        value = expression.doit()
        if value.is_Integer:
            return str(value)
        if value.is_number and value.is_finite:
            return canonical_number(complex(value.evalf(20, maxn=50)))
        return sympy.sstr(sympy.cancel(sympy.together(value)), order="lex")

    def is_small(self, expression):
        """Whether evaluating and expanding `expression` is certainly quick."""
        sympy = self.sympy
        quick = (sympy.Add, sympy.Mul, sympy.Pow, sympy.Atom, sympy.UnevaluatedExpr, sympy.Abs)
        nodes = 0
        for part in sympy.preorder_traversal(expression):
            nodes += 1
            if nodes > 60 or not isinstance(part, quick):
                return False
            if isinstance(part, sympy.Pow):
                exponent = part.exp
                if not exponent.is_Rational or abs(exponent) > (200 if part.base.is_number else 8):
                    return False
        return True


def answer_requests(grader, requests, replies):
    """Grades every request until the input ends."""
    for line in requests:
        request = json.loads(line)
        reply = {"id": request["id"], "canonical": ""}
        try:
            reply["outcome"], reply["canonical"] = grader.verdict(
                request["gold"], request["answer"], request["form"]
            )
        except (Exception, MemoryError, RecursionError) as error:
            reply["outcome"] = "error"
            reply["detail"] = f"{type(error).__name__}: {error}"[:300]
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


def main():
    limit_memory(int(sys.argv[1]))
    replies = private_output()
    try:
        grader = Grader()
        ready = {"ready": True, "versions": grader.versions()}
    except ImportError as error:
        ready = {"ready": False, "missing": error.name or "", "detail": str(error)[:300]}
    replies.write(json.dumps(ready) + "\n")
    replies.flush()
    if ready["ready"]:
        answer_requests(grader, sys.stdin, replies)


if __name__ == "__main__":
    main()
