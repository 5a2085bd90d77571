"""An id names no row of the table.

## What it checks
The ids that the data uses (`used_ids`), and those that a pass over the inputs looked up: each must be at least 0 and
below the number of rows. Of torch: ids of `num_embeddings`, below 0 and beyond 32 bits are refused by `nn.Embedding`
and `nn.EmbeddingBag`, and a `padding_idx` outside of the table when the layer is made; -1 counts from the end for
`padding_idx`, not for ids.

## Why it matters
On a CPU the lookup raises; on a GPU it is a device-side assertion that kills the process, far from its cause. A
vocabulary that grew, special tokens that were added, or a label of -1 are the usual reasons.

## How it decides
Certain: a comparison of integers. Of torch itself each promise is run: what torch is known to do otherwise is a note
that says so, anything else an error. On CUDA the experiment runs in a process of its own.

## How to fix
Resize the table: `nn.Embedding(len(vocab), dim)`; map unknown tokens to a row of their own.

## Example
A tokenizer with 50,258 tokens and `nn.Embedding(50257, 768)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.promised_behaviour import promised
from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "promise"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Compare the ids used with the rows of each table."""
    if subject.kind == "promise":
        yield from promised(subject, "index-out-of-range")
        return
    census: Census = subject.value
    given = subject.facts.get("used_ids")
    if given is None:
        return
    tables = [m.held for m in census.parameters if m.held.layer == "embedding" and len(m.held.shape) == 2]
    named = _by_table(given, [t.name for t in tables])
    for unknown in (k for k in (given if isinstance(given, dict) else ()) if k not in named[1]):
        yield Skip("ids were given for this name, and the model has no table of it", part=str(unknown))
    for name, ids in named[0].items():
        table = next((t for t in tables if t.name == name), None)
        if table is None or not ids.numel():
            continue
        rows = table.shape[0]
        wrong: torch.Tensor = torch.unique(ids[(ids < 0) | (ids >= rows)])
        shown = ", ".join(map(str, wrong[:5].tolist()))
        yield Evidence(
            f"{wrong.numel()} of the ids used name no row of {rows}: {shown}"
            if wrong.numel()
            else f"all ids used name one of {rows} rows (the largest is {int(ids.max())})",
            measured=float(ids.max()), allowed=float(rows - 1), n=ids.numel(), part=name, holds=not wrong.numel(),
            fix=f"nn.Embedding({max(int(ids.max()) + 1, rows)}, {table.shape[1]})" if wrong.numel() else "",
        )  # fmt: skip


def _by_table(given: object, tables: list[str]) -> tuple[Mapping[str, torch.Tensor], Mapping[str, str]]:
    """The ids of each table, and the tables by each of their names.

    One set of ids is for the only table, or for each of several; a mapping names tables or their modules.
    """
    known = {t: t for t in tables} | {t.rpartition(".")[0]: t for t in tables}
    if isinstance(given, dict):
        return {known[k]: _tensor(v) for k, v in given.items() if k in known}, known
    return dict.fromkeys(tables, _tensor(given)), known


def _tensor(ids: object) -> torch.Tensor:
    found = ids if isinstance(ids, torch.Tensor) else torch.as_tensor(list(ids))  # type: ignore[call-overload]
    return found.detach().reshape(-1).long().cpu()
