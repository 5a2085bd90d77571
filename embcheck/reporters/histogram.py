"""A histogram as an SVG drawing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 480, 96


def svg(bars: Sequence[tuple[float, float]]) -> str:
    """Bars of (left edge or centre, count), evenly spaced in the order given; nothing for no finite bar."""
    finite = [(x, y) for x, y in bars if math.isfinite(x) and math.isfinite(y) and y >= 0]
    top = max((y for _, y in finite), default=0.0)
    if not finite or top <= 0:
        return ""
    step = WIDTH / len(finite)
    drawn = "".join(
        f'<rect x="{i * step:.2f}" y="{HEIGHT * (1 - y / top):.2f}" width="{step * 0.9:.2f}" '
        f'height="{HEIGHT * y / top:.2f}"><title>{x:.4g}: {y:.4g}</title></rect>'
        for i, (x, y) in enumerate(finite)
    )
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" fill="currentColor">'
        f"{drawn}</svg><p>{finite[0][0]:.4g} to {finite[-1][0]:.4g}</p>"
    )
