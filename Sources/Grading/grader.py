"""Compares answers with math-verify: one request a line on standard input, one verdict a line out.

Embedded in the program, which runs notation.py and then this in one namespace. The first line written
says whether it is ready and with which libraries. This process loads them once and compares
nothing itself: a fork of it does, which is killed when a comparison takes longer than the request
allows, and replaced in milliseconds. So no library's alarm is needed, and what never ends costs its
time limit and no more. Memory is limited here, by the kernel, before anything is imported.

Request: {"id": int, "gold": text, "answer": text, "form": "boxed" | "text", "seconds": number}. A
boxed answer is what stood in the model's last box; a text is searched for its final answer as
math-verify does it. Reply: {"id": int, "outcome": ..., "canonical": text}, outcome one of right,
wrong, unparsed, gold_unparsed, timeout, error.

Beyond math-verify's own rules (sets and lists are unordered, tuples and points are ordered, 10 %
equals both 10 and 0.1, numbers agree to six decimals, names are compared without case):
- `4 4/9` is a mixed number, not a product and not 4;
- `0.\\overline{3}` is a fraction, `2.5e3` is 2500;
- numbers with different base subscripts differ;
- a relation may answer a set (`1 < x < 2` for `(1, 2)`);
- where a tuple is expected, a list or a set answers it only in its order;
- solutions written as assignments (`p = 5, q = 2 and p = 7, q = 2`) are compared name by name, the
  solutions in any order;
- two known units of length, mass, time and the like that differ are different answers; a unit that
  only one side names is left out;
- a letter asked for is looked up as a choice in prose; `(C) 12` and `C. 12` choose C, and a letter
  alone answers an expected `(C) 12`; any other text is compared as text, after removing case,
  spaces, `\\text{}` and a final full stop;
- an answer of more than 2000 characters, nested deeper than 15 brackets, or with a number of more
  than 400 digits is none, unless it is the expected text; a tower of powers that cannot be written
  out is wrong.

The whole policy, with its reasons: configs/README.md.
"""

import json
import os
import re
import resource
import select
import signal
import sys
import time


def limit_memory(limit_bytes):
    """Makes the kernel refuse this process more than `limit_bytes` of address space."""
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def private_output():
    """A stream on standard output that no library can print into."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream


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

    def equal(self, gold_readings, readings):
        """math-verify's comparison of two lists of readings."""
        return self.math_verify.verify(
            gold_readings, readings, allow_set_relation_comp=True, timeout_seconds=None
        )

    def same_solutions(self, expected, given):
        """Whether each expected solution is given and no other; the same names are assumed."""
        if len(expected) != len(given):
            return False
        left = list(given)
        for solution in expected:
            match = next((each for each in left if self.same_values(solution, each)), None)
            if match is None:
                return False
            left.remove(match)
        return True

    def same_values(self, expected, given):
        """Whether two solutions give each name the same value."""
        return expected.keys() == given.keys() and all(
            self.equal(self.parsed(boxed(cleaned(value))), self.parsed(boxed(cleaned(given[name]))))
            for name, value in expected.items()
        )

    def is_beyond_reading(self, answer, form):
        """Whether no reader would take `answer` for one: too long, too deep, too many digits."""
        return (
            form == "boxed" and len(answer) > LONGEST_ANSWER
            or nesting(answer) > DEEPEST_NESTING
            or re.search(r"\d{%d}" % (LONGEST_NUMBER + 1), answer) is not None
        )

    def verdict_by_kind(self, gold, answer, form):
        """The outcome where the kind of the two answers decides it; None where it does not."""
        formula = re.fullmatch(r"\s*\$([^$]+)\$\s*", answer)
        answer = formula[1] if formula else answer
        if form == "text" and not is_bare(answer):
            return None
        chosen = choice_letter(gold), choice_letter(answer)
        if all(chosen) and any(CHOICE.fullmatch(plain(text).upper()) for text in (gold, answer)):
            return "right" if chosen[0] == chosen[1] else "wrong"
        units = unit(gold), unit(answer)
        if all(units) and units[0] != units[1]:
            return "wrong"
        if is_tuple(gold) and not is_tuple(answer) and (entries := listed(answer)):
            # math-verify would forget the order of the expected entries.
            readings = self.parsed(boxed(cleaned(f"({entries})")))
            return "right" if self.equal(self.parsed(boxed(cleaned(gold))), readings) else "wrong"
        pair = solutions(gold), solutions(answer)
        names = [each and set().union(*each) for each in pair]
        if all(pair) and names[0] == names[1]:
            return "right" if self.same_solutions(*pair) else "wrong"
        return None

    def verdict(self, gold, answer, form):
        """The outcome, and the answer's canonical form."""
        clean_gold, clean_answer = cleaned(gold), cleaned(answer)
        if not plain(answer) or not plain(clean_answer):
            return "unparsed", ""
        if form == "text":
            clean_answer = LONE_BRACKETS.sub(r"\1", clean_answer)
        if self.is_beyond_reading(answer, form):
            return ("right" if plain(gold) == plain(answer) else "unparsed"), ""
        if is_huge_power(answer) != is_huge_power(gold):
            return "wrong", plain(answer)
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
        outcome = self.verdict_by_kind(gold, answer, form)
        if outcome:
            return outcome, canonical
        if not self.is_mathematics(gold_readings):
            broken = not plain(gold) or "\\" in plain(gold) or gold.count("{") != gold.count("}")
            return ("gold_unparsed" if broken else "wrong"), canonical
        if not self.is_mathematics(readings):
            return "unparsed", canonical
        bases = BASE.match(gold), BASE.match(answer)
        if all(bases) and bases[0][1] != bases[1][1]:
            return "wrong", canonical
        return ("right" if self.equal(gold_readings, readings) else "wrong"), canonical

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


def reply_to(grader, request):
    """The reply to one request, whatever is wrong with it."""
    reply = {"id": request["id"], "canonical": ""}
    try:
        reply["outcome"], reply["canonical"] = grader.verdict(
            request["gold"], request["answer"], request["form"]
        )
    except (Exception, MemoryError, RecursionError) as error:
        reply["outcome"] = "error"
        reply["detail"] = f"{type(error).__name__}: {error}"[:300]
    return reply


class Fork:
    """A fork of this process that compares, one request at a time."""

    def __init__(self, grader):
        parent = os.getpid()
        requests, requests_end = os.pipe()
        replies, replies_end = os.pipe()
        self.identifier = os.fork()
        if self.identifier == 0:
            os.close(requests_end)
            os.close(replies)
            self.serve(grader, parent, requests, replies_end)
        os.close(requests)
        os.close(replies_end)
        self.requests = os.fdopen(requests_end, "wb")
        self.replies = os.fdopen(replies, "rb", buffering=0)

    @staticmethod
    def serve(grader, parent, requests, replies):
        """Answers until the requests end; does not return."""
        import ctypes

        end_with_parent = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(end_with_parent, signal.SIGKILL)
        if os.getppid() == parent:
            with os.fdopen(requests, "rb") as lines:
                for line in lines:
                    reply = json.dumps(reply_to(grader, json.loads(line)))
                    os.write(replies, reply.encode() + b"\n")
        os._exit(0)

    def reply(self, line, seconds):
        """The reply to the request `line`: bytes; empty when the fork died; None when too late."""
        try:
            self.requests.write(line)
            self.requests.flush()
        except BrokenPipeError:
            return b""
        deadline = time.monotonic() + seconds
        reply = b""
        while not reply.endswith(b"\n"):
            if not select.select([self.replies], [], [], max(deadline - time.monotonic(), 0))[0]:
                return None
            part = os.read(self.replies.fileno(), 65536)
            if not part:
                return b""
            reply += part
        return reply

    def end(self):
        """Kills it and waits until it is gone."""
        os.kill(self.identifier, signal.SIGKILL)
        os.waitpid(self.identifier, 0)
        self.replies.close()
        try:
            self.requests.close()
        except BrokenPipeError:
            # What it had not read yet is of no interest any more.
            pass


def answer_requests(grader, requests, replies):
    """Has every request answered until the input ends."""
    fork = Fork(grader)
    for line in requests:
        request = json.loads(line)
        # A fork may be killed from outside, which says nothing about the answer: try once more.
        for _ in range(2):
            reply = fork.reply(line, request["seconds"])
            if reply:
                break
            fork.end()
            fork = Fork(grader)
            if reply is None:
                break
        if not reply:
            outcome = "timeout" if reply is None else "error"
            reply = json.dumps({"id": request["id"], "canonical": "", "outcome": outcome}) + "\n"
            reply = reply.encode()
        replies.write(reply)
        replies.flush()
    fork.end()


def main():
    limit_memory(int(sys.argv[1]))
    replies = private_output()
    try:
        grader = Grader()
        ready = {"ready": True, "versions": grader.versions()}
    except ImportError as error:
        ready = {"ready": False, "missing": error.name or "", "detail": str(error)[:300]}
    replies.write(json.dumps(ready).encode() + b"\n")
    replies.flush()
    if ready["ready"]:
        answer_requests(grader, sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
