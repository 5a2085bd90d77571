"""The other library has no such dtype.

## What it checks
bfloat16, float8, float4, complex32 and quantized tensors on their way to numpy; object, string, date and long double
arrays, and unsigned integers beyond uint8, on their way to torch.

## Why it matters
A model in bfloat16 cannot be written to a numpy file as it is (`TypeError: Got unsupported ScalarType BFloat16`),
`dtype=np.float64` does not help, and neither does `force=True`. uint16 to uint64 arrays do arrive in torch, but
addition or max are not implemented and ids of that dtype are refused.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught.

## How to fix
`x.float().numpy()`: float32 holds every bfloat16, float16 and float8 value exactly. `x.dequantize().numpy()`;
`x.to(torch.complex64).numpy()`; `torch.from_numpy(a.astype(np.int64))`; `np.stack(a)` for an object array of rows.

## Example
`model.bfloat16().weight.detach().numpy()` -> `weight.detach().float().numpy()`.
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
    """Ask a row, a function, or the dtype of the user's tensors and arrays."""
    yield from answers(subject, "unsupported-dtype")
    if subject.kind == "crossing" and not subject.facts["wrapped"]:
        other = "numpy" if isinstance(subject.value, torch.Tensor) else "torch"
        stands = bool(subject.facts["foreign_dtype"])
        yield obstacle(
            subject, stands, f"of dtype {subject.dtype}, which {other} lacks or hardly supports", "both have its dtype"
        )
