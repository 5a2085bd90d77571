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

from embcheck.results import Evidence, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.references import Pair
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"checkpoint"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Compare one pair of tensors."""
    pair: Pair = subject.value
    if pair.reason:
        yield Skip(f"it cannot be compared: {pair.reason}")
        return
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
            f"its shape is {tuple(pair.own.shape)}, the checkpoint's {tuple(pair.theirs.shape)}"
            + (": it is the checkpoint's, transposed" if pair.transposed else ""), holds=False,
            fix="model.load_state_dict(state, strict=True)",
        )  # fmt: skip
        return
    share, largest = pair.unequal
    compared = bool(subject.facts.get("compared"))  # two targets, of which neither was loaded from the other
    whose = "the other's" if compared else "the checkpoint's"
    yield Evidence(
        f"{share:.1%} of its {pair.own.numel()} elements differ from {whose} (by up to {largest:.3g})"
        + _why(pair, share, compared)
        if share
        else f"it is equal to {whose}{_rounded(pair)}",
        measured=share, expected=0.0, allowed=0.0, n=pair.own.numel(), holds=share == 0,
        fix="model.load_state_dict(state)  # after every initialisation" if share and not compared else "",
    )  # fmt: skip


def _why(pair: Pair, share: float, compared: bool) -> str:
    if pair.transposed:
        return ": the one is the other, transposed"
    if compared:
        return ""
    return ": its values were replaced after loading, or never loaded" if share > 0.5 else ": some values were changed"


def _rounded(pair: Pair) -> str:
    """Of two dtypes: equal up to the rounding of the coarser one."""
    assert pair.own is not None  # noqa: S101 - asked only for full pairs
    assert pair.theirs is not None  # noqa: S101
    if pair.own.dtype == pair.theirs.dtype:
        return ""
    own, theirs = (str(t.dtype).removeprefix("torch.") for t in (pair.own, pair.theirs))
    return f", once rounded ({own} and {theirs})"
