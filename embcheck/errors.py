"""What goes wrong before anything can be judged."""

from __future__ import annotations


class UsageError(ValueError):
    """The request cannot be carried out: bad flag, configuration, target or declaration.

    The message is one sentence that says what is wrong and what to do. The command line prints it and exits with 2.
    """


class Unsupported(Exception):  # noqa: N818 - it is an answer, not a failure
    """A subject exists but torch cannot make or hold it on this device or in this dtype: skipped, with the reason."""
