"""An initialization did not reach the values that it was meant for.

## What it checks
An in-place initializer that is given a view (every second column, a transpose, an inner block): every element of the
view holds a new value, and no element beside it does. With a declaration: tensors that follow torch's documented
default for their layer and not the law declared. Without one: layers of one type, most of which were initialised by a
recipe of the model's own while a few still follow the default.

## Why it matters
`self.apply(init)` tests `isinstance(m, nn.Conv2d)` in a model of `nn.Conv1d`; a name filter never matches; a layer
was added after `apply`. The model trains with a scale that nobody chose. And `nn.init.normal_(weight[:, ::2])`
returns the view and raises nothing: a backend that fills a contiguous copy and drops it leaves the old memory as
weights.

## How it decides
A view is certain, not statistical: the memory holds a known value before, which no draw of the law can give; one
element that still has it inside, or lost it outside, is caught, and no false alarm is possible.

With a declaration: a Kolmogorov-Smirnov test rejects the declared law at a millionth (for a constant: one element
differs) and does not reject the default at a thousandth. Without one, among at least four weights of 256 elements or
more of one layer type, all trained or all frozen: at most a quarter do not reject the default at a thousandth, nor are
they named otherwise by their likelihood, and each of the others rejects it at a millionth and follows some
initializer's law. By chance a
default layer is overlooked in one of a thousand; a layer of a recipe is taken for default with a chance that no scale
difference above 10% at 4,096 elements leaves. Peers give a
warning. So do, in a stack of at least four layers of a fresh model, a tensor that varies where all others are one
constant (a drawn bias), and a weight of another family (by the kurtosis of its identified law) than at least three
quarters of its peers. In an `nn.LSTM` or `nn.GRU`: a gate's bias of which every element is one number, not zero, in
some layers or directions and not in the others (`bias_hh_l0.data[h:2 * h] = 1` reaches one); no draw gives that.

## How to fix
Make the initializer reach the layer: `nn.init.xavier_normal_(layer.weight)` for its type and its name. A view is
filled by `view.copy_(nn.init.normal_(torch.empty(view.shape)))`.

## Example
One Linear of forty that was created after `model.apply(init_weights)`. On macOS before 15, `nn.init.normal_(w.t())`
on the MPS device leaves `w` as it was.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from embcheck.checks.mechanisms.gate_biases import gate_biases
from embcheck.checks.mechanisms.sample import initializer_call
from embcheck.checks.mechanisms.spelling import expression, spelled
from embcheck.laws.layers import promised
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor", "model", "view"})
_KEEPS, _REJECTS = 1e-3, 1e-6
_ENOUGH, _PEERS = 256, 4
_LARGE = 1024
_FAMILIES = 0.6
"""Between the kurtosis of a uniform law (1.8) and of one cut at two sigma (2.4), or a normal one (3)."""
_FRESH = 0.9


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Hold a view against what its memory held, a tensor against declaration and default, a layer against its peers."""
    if subject.kind == "view":
        yield from _view(subject)
        return
    if subject.kind == "model":
        yield from _among_peers(subject.value)
        return
    reading = subject.facts.get("reading")
    if reading is None or subject.law is None or math.isnan(reading.default_p):
        return
    declared = reading.declared_p
    missed = declared < _REJECTS and reading.default_p > _KEEPS
    if declared < _REJECTS:
        yield Evidence(
            f"it follows torch's default for {subject.module} (p = {reading.default_p:.2g}) and not {subject.law} "
            f"(p = {declared:.2g}): the initializer never reached it"
            if missed
            else f"it follows neither {subject.law} nor torch's default for {subject.module}",
            n=subject.summary.n, holds=not missed, fix=_meant(subject) if missed else "",
        )  # fmt: skip


def _meant(subject: Subject) -> str:
    return initializer_call(subject.law or "", expression(subject)) or f"apply {subject.law} to {subject.name}"


def _odd_ones(census: Census) -> Iterator[Evidence]:
    """In a stack of layers: the one that varies where all others are one constant, or is of another family."""
    for members in _stacks(census):
        if len(members) < _PEERS:
            continue
        flat = [m for m in members if m.constant]
        value = flat[0].low if flat else 0.0
        varied = [m for m in members if not m.constant]
        if 0 < len(varied) <= len(members) / 4 and all(m.low == value for m in flat) and census.fresh > _FRESH:
            what = f"it varies (std {{std:.3g}}) where its {len(flat)} peers are constant {value:g}"
            law = {0.0: "zeros()", 1.0: "ones()"}.get(value, f"constant({value:g})")
            yield from (_odd(m, what.format(std=m.std), law) for m in varied if not m.declared)
        drawn = [m for m in members if m.random and m.n >= _LARGE]
        common = float(np.median([m.kurtosis for m in drawn])) if drawn else 3.0
        others = [m for m in drawn if abs(m.kurtosis - common) > _FAMILIES]
        if len(drawn) == len(members) and 0 < len(others) <= len(members) / 4:
            law = next(m.law for m in drawn if abs(m.kurtosis - common) <= _FAMILIES)
            said = f"where its peers follow {law} and the like"
            yield from (_odd(m, f"it follows {m.law} {said}", law) for m in others if not m.declared)


def _stacks(census: Census) -> Iterator[list[Member]]:
    """Layers of one stack that are all trained or all frozen: a frozen base was initialised elsewhere."""
    for members in census.stacks().values():
        yield from census.grouped(members, lambda m: m.held.trainable).values()


def _fix(member: Member, law: str) -> str:
    """The line that draws it as its peers are drawn."""
    name = spelled(member.held.name, member.held.module is not None)
    if law == "default()" and member.held.module is not None:
        return f"{spelled(member.held.module_name)}.reset_parameters()"
    return initializer_call(law, name) or f"draw {name} as its peers: {law}"


def _odd(member: Member, what: str, law: str) -> Evidence:
    return Evidence(
        what, measured=member.std, n=member.n, part=member.held.name, holds=False, severity=Severity.WARNING,
        fix=_fix(member, law),
    )  # fmt: skip


def _among_peers(census: Census) -> Iterator[Evidence]:
    yield from _odd_ones(census)
    yield from gate_biases(census)
    weights = [
        m for m in census.parameters
        if m.n >= _ENOUGH and m.held.role == "weight" and m.held.layer in {"linear", "conv", "embedding"}
        and not math.isnan(m.default) and m.finite == m.n and not m.declared
    ]  # fmt: skip
    alike = census.grouped(weights, lambda m: (m.held.module_type, m.held.trainable))  # adapters are no frozen base
    for (kind, _), peers in alike.items():
        default = [m for m in peers if m.default > _KEEPS and _is_default(m)]
        others = [m for m in peers if m.default < _REJECTS and (m.law or m.constant)]
        if len(peers) < _PEERS or len(default) + len(others) < len(peers):
            continue
        odd = bool(default) and len(default) <= len(peers) / 4
        for member in default if odd else ():
            yield Evidence(
                f"it still follows torch's default for {kind} (p = {member.default:.2g}); none of its {len(others)} "
                f"peers does, they follow {others[0].law} and the like",
                measured=member.std, n=member.n, part=member.held.name, holds=False, severity=Severity.WARNING,
                fix=_fix(member, others[0].law),
            )  # fmt: skip
        if not odd:
            yield Evidence(f"the {len(peers)} {kind} weights were initialised alike", n=len(peers), holds=True)


def _is_default(member: Member) -> bool:
    """Whether its identification leaves the default open: a small tensor of another law need not reject it."""
    promise = promised(member.held.module).get(member.held.role) if member.held.module is not None else None
    return bool({"default()", str(promise)} & {member.law, *member.alternatives})


def _view(subject: Subject) -> Iterator[Evidence]:
    """`subject.value` holds the base's elements ``inside`` and ``outside`` the view, shape (n,) each, after the
    init."""
    untouched = float(subject.facts["untouched"])
    inside, outside = subject.value["inside"], subject.value["outside"]
    missed = int((inside == untouched).sum())
    yield Evidence(
        f"{missed:,} of the view's {inside.numel():,} elements still hold what the memory held before"
        if missed
        else f"all {inside.numel():,} elements of the view were initialized",
        measured=float(missed),
        expected=0.0,
        allowed=0.0,
        n=inside.numel(),
        holds=not missed,
        fix="view.copy_(torch.nn.init.normal_(torch.empty(view.shape)))" if missed else "",
        part=" inside",
    )
    overwritten = int((outside != untouched).sum())  # NaN counts: it was not there before
    yield Evidence(
        f"{overwritten:,} of {outside.numel():,} elements beside the view were overwritten"
        if overwritten
        else f"none of {outside.numel():,} elements beside the view was touched",
        measured=float(overwritten),
        expected=0.0,
        allowed=0.0,
        n=outside.numel(),
        holds=not overwritten,
        part=" outside",
    )
