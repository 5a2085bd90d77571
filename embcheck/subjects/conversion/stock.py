"""The table of pitfalls, and each of its rows as a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.subjects.conversion.arrays import ARRAYS
from embcheck.subjects.conversion.attempt import attempt, run
from embcheck.subjects.conversion.layouts import LAYOUTS
from embcheck.subjects.conversion.memory import MEMORY
from embcheck.subjects.conversion.tensors import TENSORS
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from embcheck.subjects.conversion.attempt import Attempt
    from embcheck.subjects.conversion.pitfall import Pitfall

PITFALLS: tuple[Pitfall, ...] = (*TENSORS, *LAYOUTS, *ARRAYS, *MEMORY)


def pitfalls(device: torch.device, rows: Iterable[Pitfall] = PITFALLS) -> Iterator[Subject]:
    """Run every row; its subject holds the `Attempt`, or the reason why there is none.

    Random states and modes are for the caller to preserve: a row builds modules and switches grad mode.
    """
    for row in rows:
        value: Attempt | str
        grad = torch.is_grad_enabled()
        try:
            value = _attempted(row, device)
        finally:
            torch.set_grad_enabled(grad)
        yield Subject(
            row.name,
            "pitfall",
            value,
            group=row.rule,
            device="" if isinstance(value, str) else value.device,
            dtype="" if isinstance(value, str) else value.dtype,
            facts={"pitfall": row},
        )


def _attempted(row: Pitfall, device: torch.device) -> Attempt | str:
    if row.needs and not run(row.needs, {"torch": torch}):
        return f"this torch or numpy has no such thing ({row.needs} is false)"
    if device.type == "cpu" and not row.meta:
        return "the meta device cannot stand in for an accelerator here: run it with --device cuda (or mps, xpu)"
    if not row.expected.known:
        return f"what torch {torch.__version__} does here is not in the table"
    try:
        return attempt(row, device)
    except (NotImplementedError, RuntimeError, OSError) as error:
        return f"{row.source} cannot be made or tried here: {error}"
