"""Two parameters that should be drawn independently hold the same numbers.

## What it checks
Parameters of one shape, each its own memory: whether two that are not constant are equal bit for bit, or equal but for
a factor. Freshly drawn parameters of different shapes: whether they begin with the same numbers, each times a factor.

## Why it matters
Layers that start equal compute the same, receive the same gradients where they sit side by side, and use a fraction of
the width or depth that was paid for. It comes from `copy.deepcopy(layer)` (as `nn.TransformerEncoder` does), from a
seed set inside a loop, and from generators that do not advance.

## How it decides
Certain: candidates share their shape and their first values over the standard deviation; then every element is compared
(copies up to a factor: the extremes and the first 65,536). Tables that a formula gives (in order, of few distinct
values, or ones among zeros as `eye_` and `dirac_` write them) are equal in every layer and not asked. The copies of one
group of layers are told once, on the first of them. Two independent draws of 16 elements in 24 bits are equal with a
chance of 2^-384, below 1e-90. Draws of different shapes are compared over the length of the shorter one (from 64
elements on, at most 65,536), its last sixteen left out, which torch draws anew: 48 numbers agree to 1e-5 with a chance
below 1e-200. Matrices are read along their rows and along their columns (drawn as (inputs, outputs) and turned).

A warning, because copies can be meant: a target network, an exponential moving average, a documented deepcopy. In a
file, which does not say what was one memory, a table and a matrix equal to it are a tied head, and pass. Copies
whose names differ in more than numbers are notes, and so are those of which only one is trained. Where only some layers
of a stack are copies and the others are not, it is an error: nobody means that.

## How to fix
Draw each layer by itself: build the layers in a loop, or call `reset_parameters()` on each copy.

## Example
`nn.ModuleList([copy.deepcopy(layer) for _ in range(6)])`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.common_stream import common_streams
from embcheck.checks.mechanisms.spelling import drawing, spelled
from embcheck.results import Evidence, Severity
from embcheck.stats.walk import equal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_FEWEST = 16


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the parameters of the census that look alike."""
    census: Census = subject.value
    asked = [
        m
        for m in census.parameters
        if m.n >= _FEWEST and m.std > 0 and m.finite == m.n and m.held.read and not m.computed
    ]
    copies = 0
    found: dict[tuple[tuple[str, ...], Severity | None, bool], list[list[Member]]] = {}
    for group in census.grouped(asked, lambda m: (m.held.shape, m.held.dtype, m.held.device)).values():
        for same in census.grouped(group, lambda m: m.head).values() if len(group) > 1 else ():
            for cluster in _clusters(same):
                copies += len(cluster)
                if _tied(cluster):
                    yield Evidence(
                        f"{_listed([m.held.name for m in cluster])} hold the same numbers: a tied head, saved twice",
                        holds=True, part=cluster[0].held.name, n=cluster[0].n,
                    )  # fmt: skip
                    continue
                worth = _severity(cluster, [m for m in group if m.held.stack == cluster[0].held.stack])
                factor = len({m.std for m in cluster}) > 1
                found.setdefault((_layers([m.held.name for m in cluster]), worth, factor), []).append(cluster)
    told: set[str] = set()
    for (layers, severity, scaled), clusters in found.items():
        yield _evidence(layers, severity, scaled, clusters, told)
    for members in common_streams(asked):
        copies += len(members)
        yield _one_stream(members)
    if not copies and len(asked) > 1:
        yield Evidence(f"no two of {len(asked)} parameters are copies of each other", holds=True, n=len(asked))


def _one_stream(members: Sequence[Member]) -> Evidence:
    names = [m.held.name for m in members]
    return Evidence(
        f"{_listed(names)} begin with the same numbers, each times a factor of its own: one seed was set before each "
        "of them",
        measured=float(len(names)), expected=1.0, allowed=1.0, n=min(m.n for m in members), holds=False, part=names[0],
        fix="torch.manual_seed(seed)  # once, before the model is built",
    )  # fmt: skip


def _clusters(alike: list[Member]) -> Iterator[list[Member]]:
    """Those that are equal in every element, up to a positive factor."""
    left = list(alike)
    while len(left) > 1:
        first, *rest = left
        cluster = [first, *(m for m in rest if _proportional(first, m))]
        left = [m for m in rest if m not in cluster]
        if len(cluster) > 1:
            yield cluster


def _tied(cluster: list[Member]) -> bool:
    """Whether a file holds one table under two names: as the table, and as the matrix that gives the logits."""
    tables = [m for m in cluster if m.held.layer == "embedding"]
    return (
        0 < len(tables) < len(cluster)
        and all(m.held.module is None and m.std == cluster[0].std for m in cluster)
        and len({m.held.stack for m in cluster}) == len(cluster)
    )


def _proportional(a: Member, b: Member) -> bool:
    assert a.held.read is not None  # noqa: S101 - asked for above
    assert b.held.read is not None  # noqa: S101
    x, y = a.held.read(), b.held.read()
    if a.std == b.std:
        return equal(x, y)
    eps = torch.finfo(x.dtype).eps
    if abs(a.low / a.std - b.low / b.std) > 16 * eps * abs(a.low / a.std) + 1e-12:
        return False
    sample = slice(0, 1 << 16)
    left, right = x.reshape(-1)[sample].double() / a.std, y.reshape(-1)[sample].double() / b.std
    return bool(torch.allclose(left, right, rtol=8 * eps, atol=1e-6 * eps))


def _severity(cluster: list[Member], stack: list[Member]) -> Severity | None:
    trained = [m for m in cluster if m.held.trainable]
    one_stack = len({m.held.stack for m in trained}) == 1
    if len(trained) < 2 or (not one_stack and _parallel([m.held.name for m in trained])):
        return Severity.NOTE
    return Severity.ERROR if one_stack and len(stack) > len(cluster) else None


def _layers(names: list[str]) -> tuple[str, ...]:
    """The layers that the copies sit in: their names up to where they differ last."""
    parts = [n.split(".") for n in names]
    if len({len(p) for p in parts}) != 1:
        return tuple(names)
    last = max(i for i, column in enumerate(zip(*parts, strict=True)) if len(set(column)) > 1)
    return tuple(".".join(p[: last + 1]) for p in parts)


def _evidence(
    layers: tuple[str, ...], severity: Severity | None, scaled: bool, clusters: list[list[Member]], told: set[str]
) -> Evidence:
    """One sentence for all tensors that a group of layers has in common."""
    first = clusters[0]
    names = [m.held.name for m in first]
    numbers = sum(cluster[0].n for cluster in clusters)
    ending = " but for a factor" if scaled else ""
    ending += (
        "; copies across branches can be meant (a target network)"
        if severity is Severity.NOTE
        else ", drawn once and copied"
    )
    part = layers[0] if len(clusters) > 1 and layers[0] not in told else names[0]
    told.add(part)
    return Evidence(
        f"{_listed(layers)} are copies: {len(clusters)} tensors each hold the same numbers ({numbers} in all){ending}"
        if len(clusters) > 1
        else f"{_listed(names)} hold the same {numbers} numbers{ending}",
        measured=float(len(names)), expected=1.0, allowed=1.0, n=numbers, holds=False, part=part, severity=severity,
        fix=_redrawn(first) if len(clusters) == 1 else _again(layers, clusters),
    )  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    """`layers.0..5` for a run of indices, else the first four."""
    stems = {n.rpartition(".")[0] for n in names}
    ends = [n.rpartition(".")[2] for n in names]
    if len(names) > 2 and len(stems) == 1 and all(e.isdigit() for e in ends):
        numbers = [int(e) for e in ends]
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return f"{names[0]}..{ends[-1]}"
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _redrawn(cluster: list[Member]) -> str:
    first, *others = cluster
    if len(others) == 1:
        return drawing(others[0].held, others[0].std)
    copies = ", ".join(spelled(m.held.name, m.held.module is not None) for m in others)
    return f"for w in ({copies}): nn.init.normal_(w, std={first.std:.3g})"


def _again(layers: Sequence[str], clusters: list[list[Member]]) -> str:
    """Draw the copies anew: by the layers' own reset where every layer has one, else matrix by matrix."""
    owners = [m.held.module for cluster in clusters for m in cluster]
    if any(owner is None for owner in owners):
        return f"draw {_listed(layers[1:])} anew where the model is built"
    stack, _, first = layers[0].rpartition(".")
    copies = ", ".join(spelled(layer) for layer in layers[1:])
    copies = f"{spelled(stack)}[{int(first) + 1}:]" if ".." in _listed(layers) else f"[{copies}]"
    if all(hasattr(owner, "reset_parameters") or hasattr(owner, "_reset_parameters") for owner in owners):
        reset = "getattr(m, 'reset_parameters', getattr(m, '_reset_parameters', lambda: None))()"
        return f"for m in nn.ModuleList({copies}).modules(): {reset}"
    return f"for p in nn.ModuleList({copies}).parameters(): nn.init.xavier_uniform_(p) if p.dim() > 1 else None"


def _parallel(names: list[str]) -> bool:
    """Whole branches that differ in a word (`student.x`, `teacher.x`, `ema.module.x`), not layers that differ in an
    index."""
    parts = [n.split(".") for n in names]
    if len({len(p) for p in parts}) != 1:  # a wrapper around one of them: what comes before the name they share
        shared = 0
        while len({p[-1 - shared] for p in parts if len(p) > shared}) == 1 and all(len(p) > shared + 1 for p in parts):
            shared += 1
        return len({_word(p[0]) for p in parts}) == len(parts) and shared > 1
    differing = [set(column) for column in zip(*parts, strict=True) if len(set(column)) > 1]
    words = {_word(w) for w in differing[0]} if differing else set()
    return len(words) > 1 and parts[0][0] != parts[1][0]


def _word(piece: str) -> str:
    return re.sub(r"[._]?\d+$", "", piece)
