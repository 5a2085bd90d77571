"""A lookup does not return the rows that the ids name.

## What it checks
`nn.Embedding(ids)` for ids of any shape: the output has shape `(*ids.shape, dim)`, each vector is bit for bit the row
that its id names, equal ids give equal vectors, and the whole equals the one-hot encoding of the ids times the weight.

## Why it matters
It is what an embedding is. An integer id needs no one-hot encoding: the lookup is the product, without the zeros. A
backend whose gather is wrong trains on other tokens than the ones in the batch.

## How it decides
Certain, not statistical: rows are compared exactly; so is the one-hot product, which multiplies by 1 and adds zeros
(taken in float64, which holds every value of the smaller dtypes).

## How to fix
Report it to the maintainers of the backend, with the printed device, dtype and seed.

## Example
`emb(torch.tensor([[1, 2, 1]]))` has shape (1, 3, dim), and its vectors 0 and 2 are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"lookup"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the looked-up vectors in `subject.value`, shape `(*, dim)`, with `facts["weight"]` at `facts["ids"]`."""
    vectors, ids, weight = subject.value, subject.facts["ids"], subject.facts["weight"]
    due = (*ids.shape, weight.shape[1])
    shaped = tuple(vectors.shape) == due
    yield Evidence(
        f"the output has shape {tuple(vectors.shape)}" + ("" if shaped else f" where {due} is due"),
        n=ids.numel(),
        holds=shaped,
        part=" shape",
    )
    if not shaped:
        return
    # on the host and by a loop over ids: a comparison that used the device's own gather would share its faults
    table, flat = weight.detach().cpu(), vectors.detach().cpu().reshape(-1, weight.shape[1])
    names = ids.cpu().flatten().tolist()
    wrong = sum(not torch.equal(vector, table[i]) for i, vector in zip(names, flat, strict=True))
    yield Evidence(
        f"each of {len(names)} ids gives its own row"
        if not wrong
        else f"{wrong} of {len(names)} ids give another row than the one they name",
        measured=float(wrong),
        expected=0.0,
        allowed=0.0,
        n=len(names),
        holds=not wrong,
        part=" rows",
    )
    one_hot = torch.nn.functional.one_hot(ids.cpu().flatten().long(), table.shape[0]).double()
    error = float((one_hot @ table.double() - flat.double()).abs().max()) if names else 0.0
    yield Evidence(
        "equals one_hot(ids) @ weight" if error == 0 else f"differs from one_hot(ids) @ weight by {error:.3g}",
        measured=error,
        expected=0.0,
        allowed=0.0,
        n=flat.numel(),
        holds=error == 0,
        part=" one-hot",
    )
