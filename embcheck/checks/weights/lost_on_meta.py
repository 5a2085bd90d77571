"""A model that is built on meta does not get all of its values back.

## What it checks
Where the target is a factory: the model is built on the `meta` device, given memory by `to_empty()` and filled by its
own methods (`init_weights`, `reset_parameters` of every layer, `_init_weights`, `tie_weights`). Two kinds of tensors
must not hold garbage then: buffers that no checkpoint has (`persistent=False`), and parameters of a layer that has a
`reset_parameters`.

## Why it matters
That is how FSDP, `torch.device("meta")` and large-model loaders build a model. Rotary frequencies, masks and position
tables that `__init__` computed are gone; loading the checkpoint reports nothing missing, and the model computes
noise.

## How it decides
Certain: while the model gets its memory, torch fills whatever it hands out with NaN, so a NaN that is left was never
written. Parameters and persistent buffers of layers without a reset method may be lost, because a checkpoint brings
them. Lost buffers count where a layer of the model's own (not of torch) has a `reset_parameters`, `reset_buffers` or
`init_weights`: then it is meant to be built so; where none has, they are told and pass. A note, because a model that
nobody builds on `meta` is sound. What cannot be built there is skipped with the reason. No false alarm.

## How to fix
Compute such buffers in a method that `__init__` and `reset_parameters()` both call; fill every parameter in
`reset_parameters()`.

## Example
`self.register_buffer("inv_freq", 1e4 ** (-torch.arange(0, d, 2) / d), persistent=False)` in `__init__` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.runner import Context
    from embcheck.subjects.running.builds import Builds
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"builds"})
_NAMED = 4


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Say what a build on meta leaves unfilled."""
    builds: Builds = subject.value
    if "meta" in builds.skipped:
        yield Skip(f"it cannot be built on meta: {builds.skipped['meta']}")
        return
    found = builds.emptied
    if found is None:
        return
    wrong = (*(found.lost if found.meant else ()), *found.forgotten)
    said = []
    if found.lost:
        said.append(f"no method computes {_names(found.lost)} again, and no checkpoint holds such a buffer")
    if found.forgotten:
        said.append(f"the reset method of its layer leaves out {_names(found.forgotten)}")
    if found.stored:
        said.append(f"only a checkpoint can bring {_names(found.stored)}")
    yield Evidence(
        f"built on meta, then to_empty(): {'; '.join(said) or 'every tensor is filled again'}"
        + (f" ({found.failed.rstrip('.')})" if found.failed else ""),
        measured=float(len(wrong)), expected=0.0, allowed=0.0, n=found.looked_at, holds=not wrong,
        fix="compute them in reset_parameters(), and call that from __init__" if wrong else "",
    )  # fmt: skip


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
