"""torch's own source was edited to make a conversion work.

## What it checks
The well-known advice to change `return self.numpy()` into `return self.cpu().numpy()` in torch's own `_tensor.py`: the
installed torch, source files that replace `torch.Tensor.numpy` or `torch.Tensor.__array__`, and rows that run the edit.

## Why it matters
The edit is gone with the next install and absent on every other machine. It hides a copy from the device in each call
of a numpy function. And it does not help: the gradient still stands in the way, and `x.numpy()` does not go through
`__array__` at all.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. The installed source
of `Tensor.__array__` is read and compared with what torch ships: a `cpu()` in it is the edit. In source files an
assignment to these two attributes is the defect.

## How to fix
Undo it (`pip install --force-reinstall --no-deps torch`) and write `x.detach().cpu().numpy()` where the conversion is.

## Example
`return self.cpu().numpy()` in torch -> `np.asarray(x.detach().cpu())` in your code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.conversion_answers import answers
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "installation", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row or a line, or look at the torch that is installed."""
    yield from answers(subject, "patched-torch")
    if subject.kind == "installation":
        yield Evidence(subject.facts["message"], holds=not subject.facts["patched"], fix=subject.facts["fix"])
