"""The model does not hold what the checkpoint holds.

## What it checks
With a reference: each tensor of the model against the tensor of that name in the checkpoint, names that only one side
has, and tensors that landed under another name.

## Why it matters
`load_state_dict(..., strict=False)` reports nothing that anybody reads. Renamed keys (gamma, beta), an `_init_weights`
that runs after loading, a prefix: the weights are healthy noise and the model has forgotten what it knew.

## How it decides
Certain. The reference is cast to the model's dtype; then every element must be equal (NaN equals NaN). A tensor of the
model that the checkpoint lacks is an error if it was freshly drawn, a warning if it is constant; one that only the
checkpoint has is a warning, unless its values stand elsewhere in the model. Tied tensors count under any of their
names. Wrapper prefixes (`module.`, `_orig_mod.`, `model.`, ...) are taken off where that makes names agree.

## How to fix
Load last, strictly: `model.load_state_dict(state, strict=True)`; map old names to new ones before.

## Example
`model.load_state_dict(state); model.apply(init_weights)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.references import Pair
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"checkpoint"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare one pair of tensors."""
    pair: Pair = subject.value
    if pair.own is None:
        if pair.elsewhere:
            yield Evidence(
                f"the checkpoint's tensor stands in the model as {pair.elsewhere}, under another name", holds=False,
                severity=Severity.WARNING, fix=f'state["{pair.elsewhere}"] = state.pop("{subject.name}")',
            )  # fmt: skip
        else:
            yield Evidence(
                "the checkpoint holds it and the model has no tensor of that name: it was not loaded",
                holds=False, severity=Severity.WARNING,
                fix=f'state[new] = state.pop("{subject.name}")  # new: its name in the model',
            )  # fmt: skip
        return
    if pair.theirs is None:
        drawn = pair.fresh
        yield Evidence(
            "the checkpoint does not hold it: it was "
            + ("freshly drawn and never loaded" if drawn else "left as built"),
            n=pair.own.numel(), holds=False, severity=None if drawn else Severity.WARNING,
            fix="model.load_state_dict(state, strict=True)  # after tying it, or adding it to the checkpoint",
        )  # fmt: skip
        return
    if pair.own.shape != pair.theirs.shape:
        yield Evidence(
            f"its shape is {tuple(pair.own.shape)}, the checkpoint's {tuple(pair.theirs.shape)}", holds=False,
            fix="model.load_state_dict(state, strict=True)",
        )  # fmt: skip
        return
    share, largest = pair.unequal
    told = "its values were replaced after loading, or never loaded" if share > 0.5 else "some values were changed"
    yield Evidence(
        f"{share:.1%} of its {pair.own.numel()} elements differ from the checkpoint (by up to {largest:.3g}): {told}"
        if share
        else "it is equal to the checkpoint's",
        measured=share, expected=0.0, allowed=0.0, n=pair.own.numel(), holds=share == 0,
        fix="model.load_state_dict(state)  # after every initialisation" if share else "",
    )  # fmt: skip
