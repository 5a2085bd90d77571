"""A parameter with an initialization of its own was overwritten by the general one.

## What it checks
Parameters that carry a mark against re-initialization (`_no_reinit`, as Mamba's code sets it), and parameters whose
declared law is not the general one: whether they hold what the general initializer writes, zeros for biases, the law of
the other weights for weights.

## Why it matters
A global `_init_weights` that runs over everything wipes out step sizes, decay rates, gate biases and position tables
that the architecture depends on. The model trains, slowly, and no number looks wrong.

## How it decides
Marked parameters: certain if it is constant 0 as the other biases are, or follows the same identified law as at least two
unmarked weights of its layer type. Declared ones: the declared law is rejected at a millionth (or, for a constant or a
range, an element differs) and the tensor is constant 0 or 1, or follows the law that most undeclared weights follow.

## How to fix
Skip marked parameters in the global initializer: `if not getattr(p, "_no_reinit", False)`; or run the special one last.

## Example
`dt_proj.bias`, set so that softplus gives steps in [0.001, 0.1], zeroed by `nn.init.zeros_(module.bias)`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_MARKS = ("_no_reinit", "_is_special_init", "_skip_init")
_REJECTS = 1e-6


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare special parameters with what the general initializer writes."""
    census: Census = subject.value
    special = [m for m in census.parameters if _marked(m, census) or m.declared_p < _REJECTS]
    general = [m for m in census.parameters if m not in special]
    laws = Counter(_law(m) for m in general if m.random and len(m.held.shape) >= 2)
    common = {law for law, count in laws.items() if count >= 1}
    for member in special:
        if member.held.layer == "norm":
            continue
        wiped = _wiped(member, common)
        marked = _marked(member, census)
        if not marked and not wiped:
            continue
        why = "is marked against re-initialization" if marked else f"should follow {member.declared_law}"
        yield Evidence(
            f"it {why} and {wiped}: the general initializer overwrote it" if wiped else f"it {why} and was left alone",
            n=member.n, part=member.held.name, holds=not wiped,
            fix=f"run the special initializer of {member.held.name} last, or skip it in the general one" if wiped else "",
        )  # fmt: skip


def _marked(member: Member, census: Census) -> bool:
    module = member.held.module
    tensor = getattr(module, member.held.role, None) if module is not None else None
    return tensor is not None and any(getattr(tensor, mark, False) is True for mark in _MARKS)


def _wiped(member: Member, common: set[str]) -> str:
    if member.constant and member.low in {0.0, 1.0}:
        return f"is constant {member.low:g}"
    if member.random and _law(member) in common:
        return f"follows {member.law}, as the other weights do"
    return ""


def _law(member: Member) -> str:
    """Family and two digits of the scale."""
    return f"{member.law.partition('(')[0]} {member.std:.2g}"
