"""numpy's default float64 leaks into torch.

## What it checks
Rows in which float64 arrays, scalars and tables arrive in torch; in your own target: float64 parameters or arrays where
most tensors have another floating-point dtype.

## Why it matters
`np.zeros`, `np.array` of a list and `np.mean` are float64; torch's modules are float32. `from_numpy`, `as_tensor` and
`torch.tensor` keep float64. The first matrix product raises, or, worse, an addition widens everything after it: twice
the memory, a fraction of the speed.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. In a target the dtype
that most floating-point tensors have is the reference; a parameter or array of float64 beside it is a warning, a buffer
or a lone array is a note.

## How to fix
`torch.from_numpy(a).float()`, or `np.zeros(n, dtype=np.float32)` from the start; `torch.tensor(float(a))` for a numpy
scalar.

## Example
`nn.Embedding.from_pretrained(torch.from_numpy(np.zeros((n, d)) + vectors))` -> `torch.from_numpy(...).float()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.conversion_answers import answers, obstacle
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "crossing", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, or the dtype of the user's tensors and arrays beside their peers."""
    yield from answers(subject, "widened-to-float64")
    if subject.kind == "converter":
        for trial in subject.value:
            if trial.dtype == "float64" and (trial.rule == "plain" or trial.gives_tensor):
                said = f"{trial.sample} comes out as float64, and torch's models are float32"
                severity = None if trial.rule == "plain" else Severity.NOTE
                yield Evidence(said, holds=False, severity=severity, part=f"({trial.sample})", fix=trial.safe)
    elif subject.kind == "crossing" and subject.dtype == "float64":
        peers = str(subject.facts["peers"] or "").removeprefix("torch.")
        odd = peers not in ("", "float64")
        alone = not peers and not isinstance(subject.value, torch.Tensor)
        lenient = alone or subject.facts["kind"] == "buffer"
        fix = f"torch.from_numpy(array).to(torch.{peers}) where it is made" if odd else ""
        words = f"float64 among {peers}" if odd else "float64, and torch's models are float32"
        severity = Severity.NOTE if lenient else None
        yield obstacle(subject, odd or alone, words, "its peers are float64 too", severity=severity, fix=fix)
