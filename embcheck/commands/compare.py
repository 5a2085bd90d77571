"""`embcheck compare`: two targets, tensor by tensor."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.options import Options
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity, Status
from embcheck.rules import RULES
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from embcheck.subjects.subject import Subject

COMMAND = "compare"
_ASKED = frozenset({"REF106", "REF107"})
_EXACT = frozenset({"REF101"})


def compare(
    a: Any,
    b: Any,
    *,
    kwargs: Mapping[str, Any] | None = None,
    kwargs_b: Mapping[str, Any] | None = None,
    seed_b: int | None = None,
    exact: bool = False,
    settings: Any = None,
    seed: int | None = None,
    alpha: float | None = None,
    tolerance: float | None = None,
    select: Any = None,
    ignore: Any = None,
    fail_on: str | None = None,
    exit_zero: bool | None = None,
) -> Report:
    """Compare two models or checkpoints: names, shapes, values and laws.

    Args:
        a: a target, as for `audit`.
        b: what it is compared with.
        kwargs: keyword arguments for the factory `a`.
        kwargs_b: for the factory `b`.
        seed_b: seed of `b`; that of `a` by default.
        exact: tensors must be equal; else only of one law (two-sample Kolmogorov-Smirnov).
        settings: a `Settings`; the keyword arguments below win over it.
        seed: of the builds.
        alpha: chance that a run over two targets of one law fails at all.
        tolerance: KS distance that is negligible.
        select: rules to ask.
        ignore: rules not to ask.
        fail_on: the least severity that makes `exit_code` 1.
        exit_zero: make `exit_code` 0 where it would be 1.

    Returns:
        a report with the table ``pairs``, one row a name.

    Raises:
        UsageError: a target cannot be used, or the two have no name in common.
    """
    start = time.perf_counter()
    options = Options(settings, seed, alpha, tolerance, select, ignore, fail_on, exit_zero, tolerance_default=0.0)
    codes = _ASKED | (_EXACT if exact else frozenset())
    rules = select_rules(options.select, options.ignore, [r for r in RULES if r.code in codes])
    if not rules:
        raise UsageError(f"{COMMAND} asks the rules {', '.join(sorted(codes))}, and none of them is selected.")

    from embcheck.subjects.inventory.audited import whole
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.inventory.references import pairs
    from embcheck.subjects.opening import opened
    from embcheck.subjects.state import preserved

    rows: list[dict[str, Any]] = []
    rounded = 0
    with preserved():
        first = opened(a, kwargs, options.seed)
        second = opened(b, kwargs_b, options.seed if seed_b is None else seed_b)
        found = pairs(first.held, second.held, {})

        def stream() -> Iterator[Subject]:
            nonlocal rounded
            for pair in found:
                yield whole(pair.name, "pair", pair, Census(), first.location)
                if exact and (_full(pair) or pair.reason):
                    yield whole(pair.name, "checkpoint", pair, Census(), first.location, compared=True)
                rows.append(_row(pair))
                rounded += _equal_once_rounded(pair)

        outcomes = run(stream(), rules, Context(options.alpha, options.tolerance))
    if not rows:
        raise UsageError(f"{first.name} and {second.name} hold no tensors.")
    least = Severity(options.fail_on)
    failed = {o.subject: o.severity for o in outcomes if o.status is Status.FAIL}
    tests = {o.subject: o for o in outcomes if o.code == "REF106"}
    for row in rows:
        test = tests.get(row["name"])
        row["d"] = test.effect if test is not None else None
        row["p_value"] = test.p_value if test is not None else None
        if severity := failed.get(row["name"]):
            row["verdict"] = "fail" if severity.rank >= least.rank else str(severity)
    return Report(
        command=COMMAND,
        target=f"{first.name} {second.name}",
        outcomes=outcomes,
        tables={"pairs": rows},
        settings={**options.echo(), "exact": exact},
        environment=environment("cpu"),
        seed=options.seed,
        reproduce=command_line(
            COMMAND, first.name, second.name, seed=options.seed, seed_b=seed_b, exact=exact, alpha=options.alpha
        ),
        duration=time.perf_counter() - start,
        fail_on=least,
        exit_zero=options.exit_zero,
        notes=(_said(rows, rounded, first.name, second.name, exact),),
    )


def _said(rows: list[dict[str, Any]], rounded: int, first: str, second: str, exact: bool) -> str:
    """How many tensors are equal, in one sentence, and what was asked of the others."""
    equal, skipped = sum(row["equal"] for row in rows), sum(row["verdict"] == "skip" for row in rows)
    both = len(rows) - skipped
    how = f", {rounded} of them once rounded to the coarser dtype" if rounded else ""
    left = f"; {skipped} were not compared" if skipped else ""
    if equal == both:
        return f"All {both} tensors of {first} and {second} are equal{how}{left}."
    asked = "" if exact else " Those that differ only have to follow one law: --exact asks for equal values."
    return f"{equal} of {both} tensors of {first} and {second} are equal{how}{left}.{asked}"


def _equal_once_rounded(pair: Any) -> bool:
    return _full(pair) and pair.own.dtype != pair.theirs.dtype and pair.unequal[0] == 0


def _full(pair: Any) -> bool:
    return pair.own is not None and pair.theirs is not None and pair.own.shape == pair.theirs.shape


def _row(pair: Any) -> dict[str, Any]:
    share, largest = pair.unequal if _full(pair) else (math.nan, math.nan)
    return {
        "name": pair.name,
        "equal": share == 0,
        "d": None,
        "p_value": None,
        "max_abs_difference": largest if math.isfinite(largest) else None,
        "verdict": "skip" if pair.reason else "pass",
    }
