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

    from embcheck.subjects.audited import whole
    from embcheck.subjects.census import Census
    from embcheck.subjects.opening import opened
    from embcheck.subjects.references import pairs
    from embcheck.subjects.state import preserved

    rows: list[dict[str, Any]] = []
    with preserved():
        first = opened(a, kwargs, options.seed)
        second = opened(b, kwargs_b, options.seed if seed_b is None else seed_b)
        found = pairs(first.held, second.held, {})

        def stream() -> Iterator[Subject]:
            for pair in found:
                yield whole(pair.name, "pair", pair, Census(), first.location)
                if exact:
                    yield whole(pair.name, "checkpoint", pair, Census(), first.location)
                rows.append(_row(pair))

        outcomes = run(stream(), rules, Context(options.seed, options.alpha, options.tolerance))
    if not rows:
        raise UsageError(f"{first.name} and {second.name} hold no tensors.")
    failed = {o.subject for o in outcomes if o.status is Status.FAIL}
    tests = {o.subject: o for o in outcomes if o.code == "REF106"}
    for row in rows:
        test = tests.get(row["name"])
        row["d"] = test.effect if test is not None else None
        row["p_value"] = test.p_value if test is not None else None
        row["verdict"] = "fail" if row["name"] in failed else "pass"
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
        fail_on=Severity(options.fail_on),
        exit_zero=options.exit_zero,
    )


def _row(pair: Any) -> dict[str, Any]:
    full = pair.own is not None and pair.theirs is not None and pair.own.shape == pair.theirs.shape
    share, largest = pair.unequal if full and not pair.own.is_meta and not pair.theirs.is_meta else (math.nan, math.nan)
    return {
        "name": pair.name,
        "equal": share == 0,
        "d": None,
        "p_value": None,
        "max_abs_difference": largest if math.isfinite(largest) else None,
        "verdict": "",
    }
