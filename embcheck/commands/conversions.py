"""`embcheck conversions`: the border between torch and numpy, live, on the user's own, and in source files."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity
from embcheck.rules import RULES
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from embcheck.subjects.subject import Subject

COMMAND = "conversions"
_BESIDE = frozenset({"WGT110"})
"""Rules of other families that are asked of a target too: a float64 table is mixed-dtype, whoever asks."""


def conversions(
    target: Any = None,
    *,
    device: str = "cpu",
    source: Sequence[str] = (),
    kwargs: Mapping[str, Any] | None = None,
    seed: int = 0,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str = "error",
    exit_zero: bool = False,
) -> Report:
    """Run every known pitfall between torch and numpy, or look at what of the user's own meets one.

    Args:
        target: nothing (the table of pitfalls is run); a tensor, an array, a model, a mapping or sequence of these; a
            function of one tensor or array (it is tried on samples of every kind); a factory; ``"package.module:name"``
            of any of these; a path to a checkpoint, ``.npy`` or ``.npz``.
        device: where the pitfalls run: ``cpu`` (`meta` stands in for "off the CPU"), ``cuda``, ``mps``, ``xpu``.
        source: Python files or folders to scan instead, for conversions that fail once the tensor leaves the CPU or
            needs a gradient.
        kwargs: keyword arguments for a factory.
        seed: of a factory.
        select: codes, prefixes or names of the rules to ask; all of this family when empty.
        ignore: codes, prefixes or names of the rules not to ask.
        fail_on: the least severity that makes `exit_code` 1. What stands in the way of a conversion is a warning.
        exit_zero: make `exit_code` 0 where it would be 1.

    Returns:
        a report with the table ``conversions``: a row for each pitfall, tensor, sample or line.

    Raises:
        UsageError: the device, target, path or rule cannot be used; one sentence.
    """
    start = time.perf_counter()
    among = [r for r in RULES if r.code.startswith("CNV") or (target is not None and r.code in _BESIDE)]
    rules = select_rules(select, ignore, among)
    if not rules:
        raise UsageError(f"{COMMAND} asks the rules CNV101 to CNV120, and none of them is selected.")
    if target is not None and source:
        raise UsageError("Give a target or --source, not both: they are looked at in different ways.")
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    if source:
        outcomes = run(_scanned(source, rows, notes), rules, Context())
        name: str | None = None
    else:
        from embcheck.subjects.placement import resolve_device
        from embcheck.subjects.state import preserved

        place = resolve_device(device)
        with preserved():
            if target is None:
                name = None
                stream = _stock(place, rows, notes)
            else:
                name, stream = _own(target, kwargs, seed, place, rows=rows, notes=notes)
            outcomes = run(stream, rules, Context())
    return Report(
        command=COMMAND,
        target=name or (", ".join(map(str, source)) if source else None),
        outcomes=outcomes,
        tables={"conversions": rows},
        settings={"select": list(select), "ignore": list(ignore), "fail_on": fail_on},
        environment=environment(device),
        seed=seed,
        reproduce=command_line(
            COMMAND, *([name] if name else []), source=list(source),
            kwargs=json.dumps(dict(kwargs)) if kwargs else None,
            device=None if source else device, seed=seed, select=select, ignore=ignore,
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
        notes=tuple(notes),
    )  # fmt: skip


def _stock(place: Any, rows: list[dict[str, Any]], notes: list[str]) -> Iterator[Subject]:
    """The table, each row run while the stream is read."""
    from embcheck.subjects.conversion.installed import installation
    from embcheck.subjects.conversion.rows import of_pitfall
    from embcheck.subjects.conversion.stock import pitfalls

    if place.type == "cpu":
        notes.append(
            "The meta device stands in for an accelerator: torch refuses both in the same place. No accelerator was "
            "tried, and lines that copy from one were verified on the CPU; --device cuda (mps, xpu) runs them there."
        )
    else:
        notes.append(f"Pitfalls off the CPU ran on {place}; all others concern memory of the CPU and ran there.")
    for subject in pitfalls(place):
        rows.append(of_pitfall(subject))
        yield subject
    yield installation()


def _own(
    target: Any,
    kwargs: Mapping[str, Any] | None,
    seed: int,
    place: Any,
    *,
    rows: list[dict[str, Any]],
    notes: list[str],
) -> tuple[str, Iterator[Subject]]:
    from embcheck.subjects.conversion.rows import of_crossing, of_trials
    from embcheck.subjects.conversion.target import find, subjects

    found = find(target, kwargs, seed)
    if found.unread:
        notes.append(f"Not looked at: {'; '.join(found.unread[:4])}{' ...' if len(found.unread) > 4 else ''}.")
    asked = list(subjects(found, place))

    def stream() -> Iterator[Subject]:
        for subject in asked:
            if subject.kind == "crossing":
                rows.extend(of_crossing(subject))
            elif subject.kind == "converter":
                rows.extend(of_trials(subject))
                if place.type == "cpu" and any(t.rule == "off-cpu" for t in subject.value):
                    notes.append("The meta device stands in for an accelerator; no accelerator was tried.")
            yield subject

    return found.name, stream()


def _scanned(source: Sequence[str], rows: list[dict[str, Any]], notes: list[str]) -> Iterator[Subject]:
    from embcheck.subjects.source.files import files
    from embcheck.subjects.source.scan import scan

    paths = list(files(source))
    for path in paths:
        subject = scan(path)
        rows.extend(subject.facts["rows"])
        if subject.facts["reason"]:
            notes.append(f"Not looked at: {path} ({subject.facts['reason']}).")
        yield subject
    read = len(paths) - len(notes)
    notes.append(f"Read {read} Python {'file' if read == 1 else 'files'}; places to look at: {len(rows)}.")
