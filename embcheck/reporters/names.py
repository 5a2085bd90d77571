"""Names and sentences that come from a user's model, made harmless: they are only text in every format."""

from __future__ import annotations

import re

# C0 and C1 controls, line and paragraph separators, zero-width and bidirectional controls, the byte order mark, lone
# surrogates, noncharacters: whatever moves the cursor, ends a line, hides or reorders its neighbours, or cannot be
# encoded.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# the start of a line that shows ``::`` first, after blanks and colours
_COMMAND = re.compile(r"^(?=(?:[^\S\n]|\x1b\[[0-9;]*m)*::)", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def visible(text: str) -> str:
    r"""The text on one line, with what does not print written as an escape (``\n``, ``\x1b``, ``\u202e``).

    So is the ``##[`` that GitHub's runner obeys wherever it stands in a log line.
    """
    return _INVISIBLE.sub(_escape, text).replace("##[", "#\\x23[")


def inert(text: str) -> str:
    """The lines with a bar before each that starts with ``::``, which GitHub's runner would obey as a command."""
    return _COMMAND.sub("| ", text)


def encodable(text: str) -> str:
    r"""The text with lone surrogates written as escapes (``\udc80``), so that it can be encoded as UTF-8."""
    return _SURROGATE.sub(_escape, text)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, for formats that refuse more; an ellipsis says that something is missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
