"""A parameter with an initialization of its own was overwritten by the general one.

## What it checks
Parameters that carry a mark against re-initialization (`_no_reinit`, as Mamba's code sets it), and parameters whose
declared law is not the general one: whether they hold what the general initializer writes, zeros for biases, the law of
the other weights for weights. Without a declaration, parameters whose name says how they start: the second factor of a
LoRA pair, layers that are called zero (`zero_conv`), Mamba's `A_log`.

## Why it matters
A global `_init_weights` that runs over everything wipes out step sizes, decay rates, gate biases and position tables
that the architecture depends on. The model trains, slowly, and no number looks wrong.

## How it decides
Marked parameters: certain if it is constant 0 or 1, as general initializers leave biases and gains, or follows the
family of an unmarked weight with a standard deviation within four standard errors of it. Declared ones: the declared
law is rejected at a millionth (or, for a constant or a range, an element differs) and the tensor is constant 0 or 1,
or follows the law of such a weight. Where every element was declared (zeros, a constant) it is enough that the tensor
follows some initializer's law with constants that somebody would type: the special values were drawn over. By name: a
warning where a trainable tensor is freshly drawn all the same (both factors of the pair; for `A_log` around zero, its
mean within four standard errors). Factors with orthogonal rows are a decomposition of the base weight and pass. No
false alarm on a sound fresh model, which has zeros there, or the logarithms of a grid or of U(1, 16); a trained tensor
is told where it fits a law with constants that somebody would type. Gains of norms are asked by norm-gain-wrong.

## How to fix
Skip marked parameters in the global initializer: `if not getattr(p, "_no_reinit", False)`; or run the special one last.

## Example
`dt_proj.bias`, set so that softplus gives steps in [0.001, 0.1], zeroed by `nn.init.zeros_(module.bias)`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.told_by_name import told_by_name
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_MARKS = ("_no_reinit", "_is_special_init", "_skip_init")
_REJECTS = 1e-6
_ERRORS = 4.0


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare special parameters with what the general initializer writes."""
    census: Census = subject.value
    special = [m for m in census.parameters if _marked(m, census) or m.declared_p < _REJECTS]
    general = [m for m in census.parameters if m not in special]
    common = [m for m in general if m.random and len(m.held.shape) >= 2 and m.held.layer != "norm"]
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
            fix=f"run the initializer of {member.held.name} last, or skip it in the general one" if wiped else "",
        )  # fmt: skip
    for member, sentence in told_by_name(census):
        yield Evidence(
            f"it {sentence}", n=member.n, part=member.held.name, holds=False, severity=Severity.WARNING,
            fix=f"run the initializer of {member.held.name} last, or skip it in the general one",
        )  # fmt: skip


def _marked(member: Member, census: Census) -> bool:
    module = member.held.module
    tensor = getattr(module, member.held.role, None) if module is not None else None
    return tensor is not None and any(getattr(tensor, mark, False) is True for mark in _MARKS)


def _wiped(member: Member, common: list[Member]) -> str:
    if member.constant and member.low in {0.0, 1.0}:
        return f"is constant {member.low:g}"
    like = next((m for m in common if _alike(member, m)), None) if member.random else None
    if like is None and member.declared_exact and member.fresh:
        return f"follows {member.law}"
    return f"follows {member.law}, as {like.held.name} does" if like is not None else ""


def _alike(a: Member, b: Member) -> bool:
    """One family, and standard deviations within four standard errors."""
    family = a.law.partition("(")[0] == b.law.partition("(")[0]
    error = math.sqrt((max(a.kurtosis, 1.5) - 1) / 4 * (1 / a.n + 1 / b.n))
    return family and abs(math.log(a.std / b.std)) < _ERRORS * error
