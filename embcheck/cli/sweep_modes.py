"""`variance-sweep` answers four questions; each has a command and its own flags, and no flag is taken unheeded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from embcheck.results import Report
    from embcheck.settings import Settings

PAPER = (
    "--depth", "--width", "--init", "--activation", "--gain", "--bias", "--architecture", "--input-std", "--tokens",
)  # fmt: skip
SCAN = ("--steps", "--optimizer", "--rate", "--parametrization")
UNHEEDED: dict[str, tuple[str, ...]] = {
    "--model": (*PAPER, *SCAN, "--backward", "--theory", "--widths", "--find-gain"),
    "--widths": (
        "--width", "--gain", "--architecture", "--input-std", "--tokens", "--limit", "--backward", "--theory",
        "--plot", "--find-gain", "--kwargs", "--input",
    ),
    "--find-gain": (
        "--gain", "--tokens", "--seeds", "--dtype", "--backward", "--theory", "--plot", *SCAN, "--kwargs", "--input",
    ),
    "": (*SCAN, "--kwargs", "--input"),
}  # fmt: skip
"""By the flag that asks the question; none is the sweep over networks on paper."""
WHOSE = {**dict.fromkeys(SCAN, "--widths"), "--kwargs": "--model", "--input": "--model"}


def check_flags(given: Iterable[str]) -> None:
    """Refuse what the question asked would not heed.

    Args:
        given: the flags that were typed, by Python name.

    Raises:
        UsageError: a flag of another question.
    """
    typed = [_flag(name) for name in given]
    mode = next((m for m in UNHEEDED if m in typed), "")
    for flag in typed:
        if flag in UNHEEDED[mode]:
            if flag in WHOSE and WHOSE[flag] != mode:
                raise UsageError(f"{flag} is for {WHOSE[flag]}: give that too, or leave {flag} out.")
            raise UsageError(f"{flag} would change nothing beside {mode}: leave one of them out.")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def answer(given: Mapping[str, Any], settings: Settings) -> Callable[[], Report]:
    """The command that answers the question asked, with what was typed; the rest is the command's own default.

    Raises:
        UsageError: --kwargs is no JSON object.
    """
    from embcheck.cli.audit import json_object

    keywords = json_object("--kwargs", given["kwargs"]) if "kwargs" in given else None
    judged = {
        "select": settings.select, "ignore": settings.ignore, "fail_on": settings.fail_on.value,
        "exit_zero": settings.exit_zero,
    }  # fmt: skip
    if "model" in given:
        return partial(_of_model, {**given, "kwargs": keywords}, settings, judged)
    if "widths" in given:
        return partial(_of_widths, given, settings, judged)
    return partial(_of_gains if "find_gain" in given else _of_paper, given, settings, judged)


def _of_model(given: Mapping[str, Any], settings: Settings, judged: Mapping[str, Any]) -> Report:
    from embcheck.cli import progress
    from embcheck.commands.model_sweep import model_sweep

    return model_sweep(
        given["model"], inputs=given.get("input"), kwargs=given["kwargs"], device=settings.device,
        dtype=_one(given, "dtype") or settings.dtype, seed=settings.seed, alpha=settings.alpha, observe=progress.tell,
        **_those(given, "seeds", "limit", "plot"), **judged,
    )  # fmt: skip


def _of_widths(given: Mapping[str, Any], settings: Settings, judged: Mapping[str, Any]) -> Report:
    from embcheck.commands.width_scan import width_scan

    single = {name: _one(given, name) for name in ("depth", "init", "activation", "bias") if name in given}
    return width_scan(
        device=settings.device or "cpu", dtype=_one(given, "dtype") or settings.dtype or "float32", seed=settings.seed,
        **single, **_those(given, "widths", "steps", "seeds", "optimizer", "rate", "parametrization"), **judged,
    )  # fmt: skip


def _of_gains(given: Mapping[str, Any], settings: Settings, judged: Mapping[str, Any]) -> Report:  # noqa: ARG001
    from embcheck.commands.find_gain import find_gain

    return find_gain(
        **_those(given, "depth", "width", "init", "activation", "bias", "architecture", "input_std", "limit"), **judged
    )


def _of_paper(given: Mapping[str, Any], settings: Settings, judged: Mapping[str, Any]) -> Report:
    from embcheck.cli import progress
    from embcheck.commands.variance_sweep import variance_sweep

    own = (name.removeprefix("--").replace("-", "_") for name in PAPER)
    return variance_sweep(
        device=settings.device or "cpu", dtype=given.get("dtype") or settings.dtype or "float32", seed=settings.seed,
        alpha=settings.alpha, observe=progress.tell,
        **_those(given, *own, "seeds", "limit", "backward", "theory", "plot"), **judged,
    )  # fmt: skip


def _those(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _one(given: Mapping[str, Any], name: str) -> Any:
    """The value of a flag that only a sweep over networks on paper takes several times; None where it was not typed."""
    values = given.get(name, [])
    if len(values) > 1:
        raise UsageError(f"{_flag(name)} can be given once only beside --{'model' if 'model' in given else 'widths'}.")
    return values[0] if values else None
