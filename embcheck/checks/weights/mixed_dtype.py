"""A parameter or buffer has another floating-point dtype than the rest of the model.

## What it checks
The dtypes of all floating-point parameters: float64 beside narrower ones, and narrower ones beside a wider majority.
Parameters kept in float32 inside a 16-bit model (norms, routers) are meant and not asked. Of the buffers: float64 ones
beside narrower parameters (tables that numpy computed); a single number promotes nothing and is not asked.

## Why it matters
numpy makes float64; a table made with it doubles memory, and the first product with a float32 weight raises, or
silently promotes everything after it.

## How it decides
Certain: the dtype that holds most parameters (by elements, tensors of one dimension aside) is the model's.

## How to fix
`table.to(torch.float32)`, or `torch.from_numpy(array.astype(numpy.float32))`.

## Example
`nn.Embedding.from_pretrained(torch.from_numpy(numpy.zeros((n, d))))`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.inventory.held import Held
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_BITS = {"float64": 64, "float32": 32, "bfloat16": 16, "float16": 16}


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare each parameter's dtype with the majority's."""
    census: Census = subject.value
    held = [m.held for m in census.parameters if m.held.dtype in _BITS]
    if len(held) < 2:
        return
    numbers: Counter[str] = Counter()
    tensors: Counter[str] = Counter()
    for h in held:
        tensors[h.dtype] += 1
        if len(h.shape) != 1:
            numbers[h.dtype] += h.numel
    double = tensors["float64"] < len(held) - tensors["float64"]
    rest = [d for d in numbers if not (d == "float64" and double)]
    usual = max(rest or list(tensors), key=lambda d: (numbers[d], tensors[d]))
    odd = [h for h in held if h.dtype != usual and not (h.dtype == "float32" and _BITS[usual] == 16)]
    for h in odd:
        yield Evidence(
            f"it is {h.dtype} while the model is {usual} ({tensors[usual]} of {len(held)} parameters)",
            measured=float(_BITS[h.dtype]), expected=float(_BITS[usual]), n=h.numel, part=h.name, holds=False,
            fix=_cast(h, usual),
        )  # fmt: skip
    if _BITS[usual] < _BITS["float64"]:
        wide = [
            m.held for m in census.members if m.held.kind == "buffer" and m.held.dtype == "float64" and m.held.shape
        ]
        odd += wide
        for h in wide:
            yield Evidence(
                f"this buffer is float64 while the model is {usual}: what it is added to, or multiplied by, becomes "
                "float64 or is refused",
                measured=64.0, expected=float(_BITS[usual]), n=h.numel, part=h.name, holds=False, fix=_cast(h, usual),
            )  # fmt: skip
    if not odd:
        yield Evidence(f"all {len(held)} floating-point parameters fit {usual}", holds=True, n=len(held))


def _cast(held: Held, dtype: str) -> str:
    live = held.module is not None
    name = spelled(held.name, live) + ".data" * live
    return f"{name} = {name}.to(torch.{dtype})"
