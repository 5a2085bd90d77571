"""An output head that should be the embedding is random.

## What it checks
Output layers that are a copy of the embedding table and not tied to it. Tensors declared with `tied`: whether they are
one tensor with the one named. Output layers with the shape of an embedding table that are not tied to it: whether the
head is freshly drawn although the configuration says that it is tied, the checkpoint holds the table and no head, or
the table is trained.

## Why it matters
Checkpoints of tied models store the table once. A model that does not tie keeps a random head: the loss starts at
chance although every key loaded.

## How it decides
Certain for a declared tie: one tensor under both names; in a file, where nothing is shared, equal in every element.
Undeclared: a head that equals the table in every element, where both train and are two tensors, is a warning: they were
tied once (a move to another device can copy every parameter), or start equal on purpose and part at the first step.
Else certain about identity; that the head is fresh is the identification of its law (see init-not-applied).
Fails on one of three signs: `config.tie_word_embeddings` is true and the two are not one tensor; the reference holds
the table and not the head; the table follows no initializer's law (trained) and the head does.

## How to fix
`model.lm_head.weight = model.embed.weight` (`model.tie_weights()` in transformers), after loading.

## Example
Loading a tied checkpoint with `tie_word_embeddings=False`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_ENOUGH = 1024


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at heads with the shape of a table."""
    census: Census = subject.value
    yield from _declared(census)
    config = getattr(census.inventory.root, "config", None) if census.inventory else None
    tied = getattr(config, "tie_word_embeddings", None) is True
    known: frozenset[str] | None = subject.facts.get("reference_names")
    tables = [m for m in census.parameters if m.held.layer == "embedding" and m.n >= _ENOUGH]
    tables = [m for m in tables if m.n == max(t.n for t in tables)]  # the tokens', not the positions'
    for head in census.parameters:
        if copied := next((t for t in tables if _copied(t, head)), None):
            yield Evidence(
                f"it equals {copied.held.name} in every element and is a tensor of its own: the tie is broken, or is "
                "meant to break at the first step",
                n=head.n, part=head.held.name, holds=False, severity=Severity.WARNING,
                fix=f"{spelled(head.held.name)} = {spelled(copied.held.name)}  # after every move and load",
            )  # fmt: skip
            continue
        if head.held.layer != "linear" or not head.fresh or head.n < _ENOUGH:
            continue
        for table in tables:
            if table.held.shape != head.held.shape:
                continue
            reason = _reason(table, head, config if tied else None, known)
            if reason:
                yield Evidence(
                    f"it is freshly drawn ({head.law}) and not tied to {table.held.name}, although {reason}",
                    n=head.n, part=head.held.name, holds=False,
                    severity=Severity.WARNING if reason.startswith("the table") else None,
                    fix=f"{spelled(head.held.name)} = {spelled(table.held.name)}",
                )  # fmt: skip
                break


def _declared(census: Census) -> Iterator[Evidence]:
    """Ties that the author declared."""
    for member in census.members if census.expectations else ():
        held = member.held
        names = (held.name, *held.aliases)
        for name in names:
            due = next((row.tied for row in census.expectations.of(name) if row.tied), "")  # type: ignore[union-attr]
            if not due or due == name:
                continue
            other = next((m.held for m in census.members if due in (m.held.name, *m.held.aliases)), None)
            one = due in names
            if other is not None and not one and held.read and other.read and held.shape == other.shape:
                equal = torch.equal(held.read(), other.read())
                one, how = equal and held.module is None, "equal to it now, but a copy" if equal else "another draw"
            else:
                how = "of another shape, or not there at all"
            yield Evidence(
                f"it is one tensor with {due}, as declared"
                if one
                else f"it is declared to be tied to {due} and is {how}",
                n=member.n, part=name, holds=one,
                fix="" if one else f"{spelled(name)} = {spelled(due)}  # after every move, load and resize",
            )  # fmt: skip


def _copied(table: Member, head: Member) -> bool:
    """Whether a live head holds the table's numbers in memory of its own, and both train."""
    one, two = table.held, head.held
    live = one.module is not None and two.module is not None and one.trainable and two.trainable
    if not live or two.layer != "linear" or one.shape != two.shape or table.constant or table.head != head.head:
        return False
    return bool(one.read and two.read and one.dtype == two.dtype and torch.equal(one.read(), two.read()))


def _reason(table: Member, head: Member, config: Any, known: frozenset[str] | None) -> str:
    names = {table.held.name, *table.held.aliases}
    if known is not None and names & known and not {head.held.name, *head.held.aliases} & known:
        return "the reference holds the table and no head"
    if (
        config is not None
        and _last(head.held.name)
        and head.held.shape[0] == getattr(config, "vocab_size", head.held.shape[0])
    ):
        return "the configuration says tie_word_embeddings"
    if not table.law and not table.constant and _last(head.held.name):
        return "the table is trained"
    return ""


def _last(name: str) -> bool:
    """Whether a layer is called as output layers are."""
    return name.removesuffix(".weight").rpartition(".")[2].lower() in _HEADS


_HEADS = frozenset(
    {"head", "lm_head", "output", "output_projection", "out", "decoder", "generator", "logits", "proj_out", "embed_out",
     "fc_out", "unembed", "to_logits", "classifier"}
)  # fmt: skip
