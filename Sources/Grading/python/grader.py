"""Compares answers: one request a line on standard input, one verdict a line out.

Embedded in the program, which makes the files beside this one a package. The first line written says whether
it is ready and with which libraries. This process loads them once and compares nothing itself: a fork of it does, whose CPU
time the kernel limits for each request, so that a verdict does not depend on how busy the machine is.
An answer that exceeds the limit is tried once more, alone in a fresh fork. If it exceeds it there as well, it
is unparsed: what a text causes is the text's fault. Memory is limited here, by the kernel, before anything is
imported.

Request: {"id": int, "gold": text, "answer": text, "form": "boxed" | "text", "seconds": number}; seconds
is CPU time. Reply: {"id": int, "outcome": ..., "canonical": text}, outcome one of right, wrong,
unparsed, gold_unparsed, timeout (the fork hung without using its CPU time), error (no fork could be had).
"""

import json
import os
import resource
import select
import signal
import sys
import time

# Wall time for each second of CPU time, and at least: a hang, and no slow machine.
WALL_FACTOR = 30
LEAST_WALL_SECONDS = 30.0


def limit_memory(limit_bytes):
    """Makes the kernel refuse this process more than `limit_bytes` of address space."""
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def private_output():
    """A stream on standard output that no library can print into."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream


# One of each kind of form: the first of a kind loads what later ones find loaded.
WARMING = (
    ("\\frac{1}{2}", "0.5"), ("x^2+\\sqrt{2}", "\\sqrt{2} + x**2"), ("1,2", "\\{1, 3\\}"),
    ("(1,2)", "\\begin{pmatrix}1\\\\3\\end{pmatrix}"), ("(1,\\infty)", "x > 2"), ("C", "\\text{(D)}"),
    ("y = 2x + 3", "2y - 4x = 7"), ("12\\text{ cm}", "13 cm"), ("\\sin t", "\\cos t + \\ln 2"),
    ("\\sum_{k=1}^{n} k", "\\sum_{k=1}^{n} k^2"), ("3\\pi", "\\frac{7}{2}x + 3"),
)


def warm(verdict):
    """Makes the libraries build what they build at first use; no answer should pay for that."""
    for gold, answer in WARMING:
        verdict(gold, answer, "boxed")
    verdict("1/2", "The answer is $0.5$.", "text")


def reply_to(verdict, request):
    """The reply to one request, whatever is wrong with it."""
    reply = {"id": request["id"], "canonical": ""}
    try:
        reply["outcome"], reply["canonical"] = verdict(
            request["gold"], request["answer"], request["form"]
        )
    except (Exception, MemoryError, RecursionError) as error:
        reply["outcome"] = "failed"
        reply["detail"] = f"{type(error).__name__}: {error}"[:300]
    return reply


class Fork:
    """A fork of this process that compares, one request at a time."""

    def __init__(self, verdict):
        parent = os.getpid()
        requests, requests_end = os.pipe()
        replies, replies_end = os.pipe()
        self.identifier = os.fork()
        if self.identifier == 0:
            os.close(requests_end)
            os.close(replies)
            self.serve(verdict, parent, requests, replies_end)
        os.close(requests)
        os.close(replies_end)
        self.requests = os.fdopen(requests_end, "wb")
        self.replies = os.fdopen(replies, "rb", buffering=0)

    @staticmethod
    def serve(verdict, parent, requests, replies):
        """Answers until the requests end; does not return."""
        import ctypes

        end_with_parent = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(end_with_parent, signal.SIGKILL)
        # The timer counts CPU time of this process; its signal ends it, also within a library.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        if os.getppid() == parent:
            with os.fdopen(requests, "rb") as lines:
                for line in lines:
                    request = json.loads(line)
                    signal.setitimer(signal.ITIMER_PROF, request["seconds"])
                    reply = json.dumps(reply_to(verdict, request))
                    signal.setitimer(signal.ITIMER_PROF, 0)
                    os.write(replies, reply.encode() + b"\n")
        os._exit(0)

    def reply(self, request):
        """What became of a request: its reply as a dictionary, or the reason for its absence.

        The reasons: `limit` (its CPU time is used up, or it failed), `hung` (its wall time is),
        `killed` (from outside).
        """
        try:
            self.requests.write(json.dumps(request).encode() + b"\n")
            self.requests.flush()
        except BrokenPipeError:
            return "killed"
        wall_seconds = max(LEAST_WALL_SECONDS, WALL_FACTOR * request["seconds"])
        deadline = time.monotonic() + wall_seconds
        line = b""
        while not line.endswith(b"\n"):
            if not select.select([self.replies], [], [], max(deadline - time.monotonic(), 0))[0]:
                return "hung"
            part = os.read(self.replies.fileno(), 65536)
            if not part:
                return self.reason()
            line += part
        return json.loads(line)

    def reason(self):
        """Why the fork has ended: `killed` by a signal from outside, or at its limit."""
        _, status = os.waitpid(self.identifier, 0)
        self.identifier = None
        return "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else "limit"

    def end(self):
        """Kills it and waits until it is gone."""
        if self.identifier is not None:
            os.kill(self.identifier, signal.SIGKILL)
            os.waitpid(self.identifier, 0)
        self.replies.close()
        try:
            self.requests.close()
        except BrokenPipeError:
            # What it had not read yet is of no interest any more.
            pass


class Court:
    """Answers requests with forks, and tries once more, alone, what ended one."""

    def __init__(self, verdict):
        self.verdict = verdict
        self.fork = Fork(verdict)

    def reply(self, request):
        """The reply to a request: always one."""
        found = self.attempt(request)
        if not is_reply(found):
            self.replace()
            found = self.attempt(request)
        if is_reply(found):
            return found
        self.replace()
        reason = found if isinstance(found, str) else "failed"
        outcome = {"hung": "timeout", "killed": "error"}.get(reason, "unparsed")
        if outcome == "unparsed" and not is_reply(self.attempt({**request, "form": "expected"})):
            # The expected answer alone is too much.
            self.replace()
            outcome = "gold_unparsed"
        reply = {"id": request["id"], "canonical": "", "outcome": outcome}
        detail = found["detail"] if isinstance(found, dict) else reason
        return {**reply, "detail": detail}

    def attempt(self, request):
        return self.fork.reply(request)

    def replace(self):
        self.fork.end()
        self.fork = Fork(self.verdict)


def is_reply(found):
    """Whether an attempt came to a verdict."""
    return isinstance(found, dict) and found["outcome"] != "failed"


def main():
    limit_memory(int(sys.argv[1]))
    sys.setrecursionlimit(12_000)
    replies = private_output()
    try:
        from . import library
        from .verdict import verdict

        warm(verdict)
        ready = {"ready": True, "versions": library.versions()}
    except ImportError as error:
        ready = {"ready": False, "missing": error.name or "", "detail": str(error)[:300]}
    replies.write(json.dumps(ready).encode() + b"\n")
    replies.flush()
    if ready["ready"]:
        court = Court(verdict)
        for line in sys.stdin.buffer:
            replies.write(json.dumps(court.reply(json.loads(line))).encode() + b"\n")
            replies.flush()
        court.fork.end()
