"""`embcheck variance-sweep --find-gain`: the gains that keep forward signal, signal and gradient, by theory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.networks import COMMAND, check_limit
from embcheck.commands.reproduce import command_line, repeated
from embcheck.errors import UsageError
from embcheck.results import Report, Severity
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.find_gain import Gain
    from embcheck.subjects.subject import Subject


def find_gain(  # noqa: PLR0917 - as `variance_sweep`
    depth: int | Sequence[int] | None = None,
    width: int | str | Sequence[int | str] = 512,
    init: str | Sequence[str] = "kaiming_normal",
    activation: str | Sequence[str] = "relu",
    bias: float | str | Sequence[float | str] | None = None,
    architecture: str | Sequence[str] = "mlp",
    *,
    input_std: float = 1.0,
    limit: float = 6.0,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str = "error",
    exit_zero: bool = False,
) -> Report:
    """Find, for every configuration and channel, the gains that stay within the limit over the depth.

    Args:
        depth: layers; 50 if not given.
        width: units, or widths joined by commas.
        init: functions of `torch.nn.init`; their own gain is replaced.
        activation: names.
        bias: a standard deviation, ``default`` or an initializer's call.
        architecture: as in `variance_sweep`, transformers excepted.
        input_std: standard deviation of the inputs.
        limit: |ln change over the depth| that counts as kept.
        select: codes, prefixes or names of the rules to ask.
        ignore: codes, prefixes or names of the rules not to ask.
        fail_on: as in `variance_sweep`.
        exit_zero: as in `variance_sweep`.

    Returns:
        a report with the table ``gains`` and an outcome for each channel of each configuration; nothing is drawn.

    Raises:
        UsageError: an activation, initializer or size that there is not.
    """
    start = time.perf_counter()
    rules = tuple(r for r in select_rules(select, ignore) if r.name == "no-stable-gain")
    if not rules:
        raise UsageError("Nothing to check: --find-gain asks VAR112 alone, and it is not selected.")
    check_limit(limit)
    from embcheck.propagation.request import configurations

    wanted = configurations(depth, width, init, activation, None, bias, architecture, input_std=input_std)
    if any(c.transformer for c in wanted):
        raise UsageError(
            "--find-gain does not search transformers, whose norms leave every gain a trade-off: sweep over --gain."
        )
    from embcheck.propagation.theory.find_gain import find_gain as find
    from embcheck.subjects.subject import Subject

    rows: list[dict[str, Any]] = []

    def subjects() -> Iterator[Subject]:
        for c in wanted:
            gains = find(c, limit)
            rows.extend(_rows(c, gains))
            yield Subject(c.name, "gains", gains, group="gains")

    outcomes = run(subjects(), rules, Context())
    return Report(
        command=COMMAND,
        target=None,
        outcomes=outcomes,
        tables={"gains": rows},
        settings={"limit": limit, "select": list(select), "ignore": list(ignore)},
        environment=environment("none"),
        reproduce=command_line(
            COMMAND, find_gain=True, depth=repeated(depth), width=repeated(width), init=repeated(init),
            activation=repeated(activation), bias=repeated(bias), architecture=repeated(architecture),
            input_std=None if input_std == 1 else input_std, limit=None if limit == 6 else limit,
            select=select, ignore=ignore,
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
    )  # fmt: skip


def _rows(c: Configuration, gains: Sequence[Gain]) -> Iterator[dict[str, Any]]:
    for g in gains:
        verdict = "none" if g.gain is None else "repels" if g.repels else "kept"
        yield {
            "activation": c.activation.name, "init": c.init.text, "bias": c.bias.text, "architecture": c.architecture,
            "depth": c.depth, "width": c.width, "channel": g.channel, "gain": g.gain, "low": g.low, "high": g.high,
            "log_change": g.change, "chi_1": g.chi_1, "chi_q": g.chi_q, "verdict": verdict,
        }  # fmt: skip
