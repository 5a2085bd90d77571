"""How a report is to look; what it says does not depend on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """Width, colour, character set and verbosity of the formats that people read."""

    width: int | None = None
    """Columns to fit into; None takes the width that the content needs, and nothing is wrapped."""
    color: bool = False
    ascii: bool = False
    """Draw tables and marks with ASCII, for streams that are not UTF-8."""
    verbosity: int = 0
    """-2 nothing, -1 failures, 0 the rest that is not a pass, 1 passes too, 2 also how each was decided."""
