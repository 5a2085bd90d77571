"""A conjugate or negative bit is set, which numpy cannot see.

## What it checks
`x.conj()` and `x.conj().imag` (and what is made of them) on their way to numpy by `.numpy()`, `np.asarray` and DLPack.

## Why it matters
torch conjugates lazily: `conj()` sets a bit and touches no memory. `.numpy()` refuses. DLPack refuses the conjugate
bit, but hands over a tensor with the negative bit without a word, and every sign is wrong.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught. A function that lets a wrong sign through is an error.

## How to fix
`x.resolve_conj().numpy()`, `x.resolve_neg().numpy()`; `x.numpy(force=True)` resolves both.

## Example
`np.from_dlpack(z.conj().imag)` gives `z.imag`; write `z.conj().imag.resolve_neg().numpy()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.conversion_answers import answers, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "crossing", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, or the conjugate and negative bits of the user's tensors."""
    yield from answers(subject, "lazy-bits")
    value = subject.value
    if subject.kind == "crossing" and isinstance(value, torch.Tensor) and not subject.facts["wrapped"]:
        strided = value.layout is torch.strided and not value.is_nested
        lazy = strided and (value.is_conj() or value.is_neg())
        yield obstacle(subject, lazy, "conjugated or negated by a bit that numpy cannot see", "no lazy bit is set")
