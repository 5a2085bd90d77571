"""A table or weight does not train although it was declared to, or the other way round.

## What it checks
Tensors declared with `trainable`: `requires_grad` must be what was declared. Without a declaration: freshly drawn
embedding tables and layers that are frozen while others train. Of torch: one step of SGD moves a table from
`from_pretrained(vectors, freeze=False)`, and none from `from_pretrained(vectors)`.

## Why it matters
`nn.Embedding.from_pretrained` freezes by default. A frozen random table is noise for ever; a pretrained table that
was to stay is overwritten.

## How it decides
Certain for declared tensors. Undeclared ones are a warning, where the frozen weight follows an initializer's law (see
init-not-applied) and at least half of the model trains: fixed random projections can be meant. Of torch itself each
promise is run: what torch is known to do otherwise is a note that says so, anything else an error.

## How to fix
`nn.Embedding.from_pretrained(vectors, freeze=False)`, or `weight.requires_grad_(True)`.

## Example
`nn.Embedding.from_pretrained(torch.randn(1000, 64))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.embedding.promised import promised
from embcheck.checks.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.census import Census
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
    for member in census.parameters:
        held = member.held
        rows = census.expectations.of(held.name) if census.expectations else ()
        declared = next((e.trainable for e in rows if e.trainable is not None), None)
        if declared is not None:
            holds = held.trainable == declared
            word = "trains" if held.trainable else "is frozen"
            yield Evidence(
                f"it {word} and was declared to {'train' if declared else 'be frozen'}" if not holds
                else f"it {word}, as declared",
                n=member.n, part=held.name, holds=holds,
                fix="" if holds else f"{spelled(held.name)}.requires_grad_({declared})",
            )  # fmt: skip
        elif (
            not held.trainable and member.fresh and held.layer in {"embedding", "linear", "conv"} and 2 * train >= total
        ):
            yield Evidence(
                f"it is frozen and freshly drawn ({member.law}): it will stay noise",
                n=member.n, part=held.name, holds=False, severity=Severity.WARNING,
                fix=f"{spelled(held.name)}.requires_grad_(True)",
            )  # fmt: skip
