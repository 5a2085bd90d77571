"""The inventory of an audit: one row a tensor, and what may be said of all of them in one sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.results import Outcome
    from embcheck.subjects.inventory.census import Census, Member


def state(census: Census) -> str:
    """Fresh or trained, in one sentence; empty without a weight that could tell."""
    weights = [m for m in census.weights if m.n >= 1000]
    if not weights:
        return ""
    fresh = sum(bool(m.law) for m in weights)
    word = (
        "freshly initialised"
        if fresh >= 0.9 * len(weights)
        else "trained"
        if fresh <= 0.1 * len(weights)
        else "partly trained"
    )
    return f"It looks {word}: {fresh} of {len(weights)} weights of 1,000 elements or more follow an initializer's law."


def rows(census: Census, outcomes: Sequence[Outcome], fail_on: Severity) -> Iterator[dict[str, Any]]:
    """One row a tensor; its verdict is the worst of what was said of it and of the modules it is in.

    Args:
        census: every tensor, after the pass over it.
        outcomes: of the run.
        fail_on: a failure below this severity is named by its severity (``warning``, ``note``), as it is elsewhere.
    """
    worst: dict[str, str] = {}
    for outcome in outcomes:
        word = _word(outcome, fail_on)
        if RANK[word] > RANK[worst.get(outcome.subject, "skip")]:
            worst[outcome.subject] = word
    for member in census.members:
        parts = member.held.name.split(".")
        about = (worst.get(".".join(parts[: i + 1]), "pass") for i in range(len(parts)))
        yield _row(member, max(about, key=RANK.__getitem__))


RANK = {"skip": 0, "pass": 1, "note": 2, "warning": 3, "fail": 4, "error": 5}
"""How bad a verdict is: a row of several tensors, or of several outcomes, shows the worst."""


def _word(outcome: Outcome, fail_on: Severity) -> str:
    if outcome.status is Status.FAIL and outcome.severity.rank < fail_on.rank:
        return str(outcome.severity)
    return str(outcome.status)


def _row(member: Member, verdict: str) -> dict[str, Any]:
    held = member.held

    def number(x: float) -> float | None:
        return x if math.isfinite(x) else None

    return {
        "name": held.name, "kind": held.kind, "module": held.module_type, "shape": list(held.shape),
        "dtype": held.dtype,
        "device": held.device, "n": member.n, "mean": number(member.mean), "std": number(member.std),
        "min": number(member.low), "max": number(member.high),
        "law": member.law or ("too small to tell" if member.few else "none of these (trained?)") * bool(member.n),
        "alternatives": list(member.alternatives), "d": number(member.d), "p_value": number(member.p_value),
        "verdict": verdict,
    }  # fmt: skip
