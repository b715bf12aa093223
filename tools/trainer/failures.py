"""The ways the trainer ends early, each with its exit status."""


class Stop(Exception):
    """The trainer cannot go on; the message says what is wrong, where, and how to mend it."""

    status = 1


class BadInput(Stop):
    """Something given to the trainer is wrong: settings, step file, adapter, environment."""

    status = 2


class NotFinite(Stop):
    """Loss or gradient is NaN or infinite; the optimizer step was not taken."""

    status = 3
