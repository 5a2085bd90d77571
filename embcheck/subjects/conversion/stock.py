"""The table of pitfalls, and each of its rows as a subject."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import torch

from embcheck.subjects.conversion.arrays import ARRAYS
from embcheck.subjects.conversion.attempt import attempt, in_a_process, run
from embcheck.subjects.conversion.layouts import LAYOUTS
from embcheck.subjects.conversion.memory import MEMORY
from embcheck.subjects.conversion.tensors import TENSORS
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from embcheck.subjects.conversion.attempt import Attempt, Seen
    from embcheck.subjects.conversion.pitfall import Pitfall

PITFALLS: tuple[Pitfall, ...] = (*TENSORS, *LAYOUTS, *ARRAYS, *MEMORY)


def pitfalls(device: torch.device, rows: Iterable[Pitfall] = PITFALLS) -> Iterator[Subject]:
    """Run every row; its subject holds the `Attempt`, or the reason why there is none.

    Random states and modes are for the caller to preserve: a row builds modules and switches grad mode.
    """
    rows = list(rows)
    # a row that may end its process needs a second one, which imports torch too: it works while the others run
    with ThreadPoolExecutor(1) as pool:
        apart = {row.name: pool.submit(in_a_process, row).result for row in rows if row.fatal}
        for row in rows:
            grad = torch.is_grad_enabled()
            try:
                value = _attempted(row, device, apart.get(row.name))
            finally:
                torch.set_grad_enabled(grad)
            yield _subject(row, value)


def _subject(row: Pitfall, value: Attempt | str) -> Subject:
    return Subject(
        row.name,
        "pitfall",
        value,
        group=row.rule,
        device="" if isinstance(value, str) else value.device,
        dtype="" if isinstance(value, str) else value.dtype,
        facts={"pitfall": row},
    )


def _attempted(row: Pitfall, device: torch.device, apart: Callable[[], Seen] | None) -> Attempt | str:
    if row.needs and not run(row.needs, {"torch": torch}):
        return f"this torch or numpy has no such thing ({row.needs} is false)"
    if device.type == "cpu" and not row.meta:
        return "the meta device cannot stand in for an accelerator here: run it with --device cuda (or mps, xpu)"
    if not row.expected.known:
        return f"what torch {torch.__version__} does here is not in the table"
    try:
        return attempt(row, device, apart)
    except (NotImplementedError, RuntimeError, OSError) as error:
        return f"{row.source} cannot be made or tried here: {error}"
