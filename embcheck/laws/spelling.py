"""How a number is typed so that reading it back gives the same float64."""

from __future__ import annotations

import math


def spell(value: float) -> str:
    """The shortest text that `laws.expressions.evaluate` reads back as exactly `value`.

    Roots are spelled as roots (``sqrt(5)``, ``1/sqrt(12)``, ``5/3``), since that is how an author writes them; the text
    is only used where it evaluates to the identical float64.
    """
    value = float(value)
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    short = f"{value:.6g}"
    if float(short) == value:
        return short
    sign, size = ("-" if value < 0 else ""), abs(value)
    return sign + (_ratio(size) or _root(size) or repr(size))


def _root(size: float) -> str:
    """``sqrt(q)`` or ``1/sqrt(q)`` for a whole q up to 100,000."""
    for square, text, evaluate in (
        (size * size, "sqrt({})", math.sqrt),
        (1 / (size * size) if size > 1e-100 else math.inf, "1/sqrt({})", lambda q: 1 / math.sqrt(q)),
    ):
        whole = round(square) if square < 1e5 else 0
        if whole > 1 and evaluate(whole) == size:
            return text.format(whole)
    return ""


def _ratio(size: float) -> str:
    """``p/q`` for q up to 12: 5/3 of tanh, 2/3, 1/12."""
    for q in range(3, 13):
        p = round(size * q) if size < 100 else 0
        if p and p / q == size:
            return f"{p}/{q}"
    return ""
