"""A padding row receives gradient, and will not stay what it is.

## What it checks
On a forward and backward pass over the inputs: padding rows, declared by `padding_idx` or recognised as the one row
of zeros in a drawn table, that receive gradient. Of torch: the padding row of `nn.Embedding` and `nn.EmbeddingBag`
gets no gradient, dense or sparse, and stays as it is under SGD, momentum, weight decay, Adam, AdamW, Adagrad and
RMSprop.

## Why it matters
A row zeroed by hand in a table without `padding_idx` is trained from the first step; so is one whose table is tied to
the output. Padding then means something, and something else after every step. `padding_idx` blocks the gradient of
the lookup alone: weight decay (which AdamW has by default) moves a padding row that is not zero, and so does Adam's
momentum from before `padding_idx` was set.

## How it decides
Certain: the gradient of that row is not exactly zero. A row is taken for a padding row if it is declared, by the layer
or in the call (`F.embedding(ids, table, padding_idx=0)`), or if it is the only row of the table that is exactly zero (a
drawn row is zero with probability 0) and the inputs use it. A warning for a table that is tied to the output: most
models live with it. Of torch itself each promise is run: what torch is known to do otherwise is a note that says so,
anything else an error.

## How to fix
`nn.Embedding(n, d, padding_idx=ID)`; for a tied table, mask the gradient: `weight.register_hook(lambda g: g * keep)`.

## Example
`emb.weight.data[0].zero_()` on an embedding without `padding_idx`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.promised_behaviour import promised
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Trace
    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"trace", "promise"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Look at the gradients of padding rows."""
    if subject.kind == "promise":
        yield from promised(subject, "padding-row-gets-gradient")
        return
    trace: Trace = subject.value
    census: Census = subject.facts["census"]
    gradients = {g.name: g for g in trace.gradients}
    for member in census.parameters:
        held = member.held
        gradient = next((gradients[n] for n in (held.name, *held.aliases) if n in gradients), None)
        if (held.layer != "embedding" and not _given(member, trace)) or gradient is None:
            continue
        rows = _padding(member, census, trace)
        touched = [r for r in rows if r in gradient.nonzero_rows]
        tied = bool(held.aliases) or any(n.kind == "affine" and n.weight == held.name for n in trace.nodes)
        for row in rows:
            yield Evidence(
                f"row {row} is the padding row and receives gradient: the first step changes it"
                if row in touched
                else f"padding row {row} receives no gradient",
                measured=float(row in touched), expected=0.0, allowed=0.0, part=f"{held.name}[{row}]",
                holds=row not in touched,
                severity=Severity.WARNING if row in touched and tied else None,
                fix="weight.register_hook(lambda g: g * keep)  # keep: ones, and 0 for the padding row"
                if row in touched and tied
                else f"{held.module_name} = nn.Embedding({held.shape[0]}, {held.shape[1]}, padding_idx={row})"
                if row in touched else "",
            )  # fmt: skip


def _padding(member: Member, census: Census, trace: Trace) -> list[int]:
    held = member.held
    size = held.shape[0]
    declared = [e.padding_idx % size for e in _expected(member, census) if e.padding_idx is not None]
    own = getattr(held.module, "padding_idx", None)
    given = _given(member, trace)
    if declared or given or own is not None:
        return sorted({*declared, *given, *([own % size] if own is not None else [])})
    used = next((trace.ids[n] for n in (held.name, *held.aliases) if n in trace.ids), ())
    if held.read is None:
        return []
    zero = (held.read() == 0).all(dim=1).nonzero().flatten().tolist()
    return [r for r in zero if r in used] if len(zero) == 1 else []


def _given(member: Member, trace: Trace) -> list[int]:
    """The row that the lookup itself was told of."""
    names = (member.held.name, *member.held.aliases)
    return [trace.padding[n] for n in names if n in trace.padding][:1]


def _expected(member: Member, census: Census) -> tuple:  # type: ignore[type-arg]
    return census.expectations.of(member.held.name) if census.expectations else ()
