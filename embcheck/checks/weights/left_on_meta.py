"""A tensor of the model was left on the meta device.

## What it checks
Parameters and buffers that have a shape and no values, in a model whose other tensors have some.

## Why it matters
A model built on `meta` gets its values later, tensor by tensor. What is forgotten stays a shape: `load_state_dict`
without `assign=True` copies into it and changes nothing, the optimizer steps it, and only the layer that uses it
fails, far from the cause. A head that is used rarely may go through many runs that way.

## How it decides
Certain: the tensor's device. A model that lies on `meta` as a whole is no failure but a target without values, and a
lazy parameter, which gets its shape from the first batch, is none either. No false alarm.

## How to fix
`model.load_state_dict(state, assign=True)`, or `model.to_empty(device="cpu")` and then initialise.

## Example
`with torch.device("meta"): model.head = nn.Linear(512, 10)` in a model that is otherwise loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Name the tensors of a live model that have no values while others have."""
    census: Census = subject.value
    if census.inventory is None or not census.members:
        return
    left = [e for e in census.inventory.entries if e.tensor.is_meta and not e.lazy]
    for entry in left:
        yield Evidence(
            f"this {entry.kind} of shape {tuple(entry.tensor.shape)} is on the meta device and has no values; "
            f"{len(census.members)} other tensors have theirs",
            n=entry.tensor.numel(),
            part=entry.name,
            holds=False,
            fix='model.load_state_dict(state, assign=True)  # or model.to_empty(device="cpu"), then initialise',
        )
    if not left:
        yield Evidence(f"none of {len(census.inventory.entries)} tensors was left on the meta device", holds=True)
