"""A table or weight does not train although it was declared to, or the other way round.

## What it checks
Tensors declared with `trainable`: `requires_grad` must be what was declared, and a buffer never trains. Without a
declaration: freshly drawn embedding tables and layers that are frozen while others train. Of torch: one step of SGD
moves a table from `from_pretrained(vectors, freeze=False)`, and none from `from_pretrained(vectors)`.

## Why it matters
`nn.Embedding.from_pretrained` freezes by default. A frozen random table is noise for ever; a pretrained table that
was to stay is overwritten.

## How it decides
Certain for declared tensors. Undeclared ones are a warning, where the frozen weight follows an initializer's law (see
init-not-applied) and at least half of the model trains: fixed random projections can be meant. One that equals a
parameter that trains, element by element, passes: it is the copy that follows it (a target network, a teacher) or that
it starts from. So does one that equals a buffer: that is the running average by which a quantizer moves its codes. A
vector alone is not asked, few numbers fit some law: it is told where its layer's weight is fresh too. A frozen part
with the names and shapes of one that trains is the business of replica-mismatch: what will be copied into it later does
not stay noise. Of torch itself each promise is run: what torch is known to do otherwise is a note that says so,
anything else an error.

## How to fix
`nn.Embedding.from_pretrained(vectors, freeze=False)`, or `weight.requires_grad_(True)`.

## Example
`nn.Embedding.from_pretrained(torch.randn(1000, 64))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.frozen_twins import twins
from embcheck.checks.mechanisms.promised_behaviour import promised
from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "promise"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Compare `requires_grad` with what was declared, or with the rest of the model."""
    if subject.kind == "promise":
        yield from promised(subject, "frozen-parameter")
        return
    census: Census = subject.value
    if census.inventory is None:
        return
    train = sum(m.n for m in census.parameters if m.held.trainable)
    total = sum(m.n for m in census.parameters)
    fresh = {m.held.module_name for m in census.parameters if m.fresh and len(m.held.shape) > 1}
    following = {member.held.name for twin in twins(census) for member, _ in twin.pairs}
    moving = (m for m in census.members if m.held.trainable or m.held.kind == "buffer")
    training = census.grouped(moving, lambda m: (m.held.shape, m.head))
    for member in census.members:
        held = member.held
        rows = census.expectations.of(held.name) if census.expectations else ()
        declared = next((e.trainable for e in rows if e.trainable is not None), None)
        if held.kind == "buffer":
            if declared:
                yield Evidence(
                    "it is a buffer and was declared to train: parameters() and the optimizer do not see it",
                    n=member.n, part=held.name, holds=False,
                    fix=f"{spelled(held.name)} = nn.Parameter(value)  # instead of register_buffer",
                )  # fmt: skip
        elif declared is not None:
            holds = held.trainable == declared
            word = "trains" if held.trainable else "is frozen"
            yield Evidence(
                f"it {word} and was declared to {'train' if declared else 'be frozen'}" if not holds
                else f"it {word}, as declared",
                n=member.n, part=held.name, holds=holds,
                fix="" if holds else f"{spelled(held.name)}.requires_grad_({declared})",
            )  # fmt: skip
        elif (
            not held.trainable
            and member.fresh
            and not member.law.startswith(("eye", "dirac"))  # a fixed encoding is no noise
            and held.layer in {"embedding", "linear", "conv"}
            and (len(held.shape) > 1 or held.module_name in fresh)
            and 2 * train >= total
            and held.name not in following
            and not _follows(member, training.get((held.shape, member.head), ()))
        ):
            yield Evidence(
                f"it is frozen and freshly drawn ({member.law}): it will stay noise",
                n=member.n, part=held.name, holds=False, severity=Severity.WARNING,
                fix=f"{spelled(held.name)}.requires_grad_(True)",
            )  # fmt: skip


def _follows(member: Member, alike: Iterable[Member]) -> bool:
    """Whether it is a copy of something that trains, or of a buffer."""
    return any(o.held.read and member.held.read and torch.equal(o.held.read(), member.held.read()) for o in alike)
