# Standard output and standard error of a session: one pipe, read by the rank.

import io
import os


class OutputLimitReached(BaseException):
    """More was printed than a result may ever hold; not an Exception, so that few handlers see it."""


class Output(io.RawIOBase):
    """Descriptor 1, with a bound on what one snippet may write to it."""

    def __init__(self, limit, write=os.write):
        self.limit, self.left, self.put = limit, limit, write

    def writable(self):
        return True

    def isatty(self):
        return False

    def close(self):
        pass  # One descriptor for all wrappers around it, one after the other.

    def write(self, data):
        if len(data) > self.left:
            raise OutputLimitReached
        count = self.put(1, data)
        self.left -= count
        return count


class PersistentText(io.TextIOWrapper):
    """sys.stdout: closing it, as some programs do, leaves it open for the next snippet."""

    def close(self):
        self.flush()


class ErrorText(PersistentText):
    """sys.stderr: goes out at once, after what was printed before it, so that a result has the order
    in which a program wrote."""

    printed = None  # Standard output.

    def write(self, text):
        if not is_detached(self.printed):
            self.printed.flush()
        count = super().write(text)
        self.flush()
        return count


def is_detached(stream):
    """Whether a snippet has taken what a stream writes to away from it."""
    try:
        stream.closed
    except ValueError:
        return True
    return False


def new_text(kind, output):
    return kind(io.BufferedWriter(output, 1 << 13), encoding="utf-8", errors="backslashreplace",
                newline="\n", line_buffering=True)


def new_streams(output):
    """Standard output and standard error."""
    stdout, stderr = new_text(PersistentText, output), new_text(ErrorText, output)
    stderr.printed = stdout
    return stdout, stderr
