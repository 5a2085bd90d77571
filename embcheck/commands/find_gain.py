"""`embcheck variance-sweep --find-gain`: the gains that keep forward signal, signal and gradient, by theory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.reproduce import command_line
from embcheck.results import Report, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.propagation.find_gain import Gain
    from embcheck.propagation.request import Configuration


def find_gain(
    depth: int | Sequence[int] | None = None,
    width: int | str | Sequence[int | str] = 512,
    init: str | Sequence[str] = "kaiming_normal",
    activation: str | Sequence[str] = "relu",
    bias: float | str | Sequence[float | str] | None = None,
    *,
    limit: float = 6.0,
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
        limit: |ln change over the depth| that counts as kept.
        fail_on: as in `variance_sweep`.
        exit_zero: as in `variance_sweep`.

    Returns:
        a report with the table ``gains`` and a sentence for each configuration; it draws nothing and needs no torch.

    Raises:
        UsageError: an activation, initializer or size that there is not.
    """
    start = time.perf_counter()
    from embcheck.propagation.find_gain import find_gain as find
    from embcheck.propagation.request import configurations

    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    for c in configurations(depth, width, init, activation, None, bias):
        gains = find(c, limit)
        rows.extend(_rows(c, gains))
        notes.append(_sentence(c, gains))
    return Report(
        command="variance-sweep",
        target=None,
        outcomes=(),
        tables={"gains": rows},
        settings={"limit": limit},
        environment=environment("none"),
        reproduce=command_line(
            "variance-sweep", find_gain=True, depth=_texts(depth), width=_texts(width), init=_texts(init),
            activation=_texts(activation), bias=bias, limit=None if limit == 6 else limit,
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
        notes=tuple(notes),
    )  # fmt: skip


def _rows(c: Configuration, gains: Sequence[Gain]) -> Iterator[dict[str, Any]]:
    for g in gains:
        verdict = "none" if g.gain is None else "repels" if g.repels else "kept"
        yield {
            "activation": c.activation.name, "init": c.init.text, "depth": c.depth, "width": c.width,
            "channel": g.channel, "gain": g.gain, "low": g.low, "high": g.high, "log_change": g.change,
            "chi_1": g.chi_1, "chi_q": g.chi_q, "verdict": verdict,
        }  # fmt: skip


def _sentence(c: Configuration, gains: Sequence[Gain]) -> str:
    """What to type, or why there is nothing to type."""
    if not gains:
        return f"{c.name}: no theory for these weights, so no gain can be computed"
    joint = gains[-1]
    if joint.gain is None or joint.low is None or joint.high is None:
        apart = ", ".join(f"{g.channel} {_range(g)}" for g in gains[:-1])
        return f"{c.name}: no gain keeps all three channels over {c.depth} layers ({apart})"
    text = f"{c.name}: gain {joint.gain:.6g} keeps all three channels ({joint.low:.4g} to {joint.high:.4g} would do)"
    if joint.repels:
        text += (
            f"; but only by balance: a deviation of q grows by e^{joint.sensitivity:.1f} over the depth, so finite "
            "width upsets it and no gain keeps it at every depth"
        )
    return text


def _range(g: Gain) -> str:
    return "none" if g.low is None or g.high is None else f"{g.low:.4g} to {g.high:.4g}"


def _texts(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [str(v) for v in value]
    return value
