"""Values that are known exactly are not what they should be.

## What it checks
Tensors whose every element is known: `zeros_`, `ones_`, `constant_`, `eye_`, `dirac_`, and values that were given
(`from_pretrained`, a sine table).

## Why it matters
An identity that is not one stops passing signals on; a bias that should be zero shifts every unit; pretrained vectors
that were drawn over lose what they were trained for.

## How it decides
Certain, not statistical: each element must equal the law's value in the tensor's dtype. A value that the dtype cannot
hold may be either of its two neighbours. No false alarm is possible; one wrong element is caught.

## How to fix
Call the initializer that was meant, last: something wrote to the tensor after it, or it never ran.

## Example
`nn.init.dirac_(conv.weight)` on a kernel of even width, whose one is looked for at `size // 2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import dense, initializer_call
from embcheck.checks.mechanisms.spelling import expression
from embcheck.laws.families import Constant
from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.laws.law import Law
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Compare `subject.value` with the values of an exact `subject.law`."""
    law, value = subject.law, dense(subject.value)
    if law is None or not law.exact:
        return
    if value is None:
        yield Skip("The values of a sparse, quantized, nested or complex tensor are not compared one by one.")
        return
    try:
        due = _values(law, value, value.dtype)
    except ValueError as error:
        yield Evidence(str(error), n=value.numel(), holds=False)
        return
    wrong = None if torch.equal(value, due) else _wrong(law, value)
    count = 0 if wrong is None else int(wrong.sum())
    message = f"every element is as in {law.describe()}"
    measured = expected = None
    if wrong is not None and count:
        place = tuple(int(i) for i in wrong.nonzero()[0])
        measured, expected = float(value[place]), float(due[place])
        message = (
            f"{count:,} of {value.numel():,} elements differ from {law.describe()}; "
            f"the first, at {list(place)}, is {measured:.9g} where {expected:.9g} is due"
        )
    yield Evidence(
        message,
        measured=measured,
        expected=expected,
        allowed=expected,
        n=value.numel(),
        holds=not count,
        fix=initializer_call(law, expression(subject)) if count else "",
    )


def _values(law: Law, like: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """The law's values in the shape of `like`; a constant without the memory for it."""
    if isinstance(law, Constant):
        return law.values((), dtype, like.device).expand(like.shape)
    return law.values(tuple(like.shape), dtype, like.device)


def _wrong(law: Law, value: torch.Tensor) -> torch.Tensor:
    """Where the value is not a faithful rounding of the law's; compared on the host, in float64."""
    host = value.cpu()
    due = _values(law, host, torch.float64)
    if not value.dtype.is_floating_point:
        return host.double() != due
    info = torch.finfo(value.dtype)
    nearest = due.to(value.dtype).double()
    _, exponent = torch.frexp(due.abs().clamp(min=info.smallest_normal))
    step = torch.ldexp(torch.full_like(due, info.eps), exponent - 1)
    allowed = torch.where(nearest == due, 0.0, step)
    return ~((host.double() - due).abs() <= allowed)  # NaN is wrong
