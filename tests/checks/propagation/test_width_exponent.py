"""Exponents that are not zero fail, those that cannot be told are skipped."""

from __future__ import annotations

from typing import Any

from embcheck.propagation.measured.width_scan import Exponent
from embcheck.results import Skip


def test_verdicts_become_evidence(ask: Any) -> None:
    exponents = (
        Exponent(0, "hidden 1", 0.01, -0.02, 0.04, "stable"),
        Exponent(1, "hidden 2", 0.58, 0.57, 0.59, "grows"),
        Exponent(1, "output", 0.2, -0.1, 0.5, "inconclusive"),
    )
    stable, grows, unknown = ask("width-exponent", exponents, "width-scan")
    assert stable.holds is True
    assert grows.holds is False
    assert grows.part == " hidden 2 step 1"
    assert isinstance(unknown, Skip)
