"""Replicas that must start equal differ.

## What it checks
A reference that is another live model (another rank), and submodules of one model that are named as replicas or ranks
(`replica0`, `rank1`, `worker_2`): every tensor must be equal. In a freshly drawn model: parts that are frozen as a
whole and have the names and shapes of a part that trains (target networks, teachers, momentum encoders), and parts
called so (`target_critic` beside `critic`).

## Why it matters
Data parallelism averages gradients, not weights. Replicas that start apart stay apart: each rank trains a model of its
own on gradients that belong to none. `manual_seed(seed + rank)` before building is the usual cause. A target network or
a teacher that is another draw gives targets that are noise until the average has forgotten it.

## How it decides
Certain: every element is compared. A frozen part is taken for a follower if all of its parameters stand, under the same
names and with the same shapes, in one part that trains, it has at least two weights of 64 elements, and all of both
sides follow initializers' laws (nothing was trained yet). That is a warning, because random network distillation and
randomised priors freeze another draw on purpose; it is an error where the two names are one but for words such as
target and online, teacher and student, ema, momentum.

## How to fix
Seed alike before building and by rank only afterwards; or broadcast: `dist.broadcast(p, 0)` for every parameter. A
follower: `target.load_state_dict(online.state_dict())` once, after both are built.

## Example
`torch.manual_seed(seed + rank); model = Net()`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.frozen_twins import twins
from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.inventory.references import Pair
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"replica", "model"})
_REPLICA = re.compile(r"(?:^|(?<=\.))((?:replica|rank|worker|device|gpu|node)s?[._]?)(\d+)(?=\.|$)", re.I)


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Compare a pair of tensors, or the replicas within a model."""
    if subject.kind == "model":
        yield from _within(subject.value)
        yield from _following(subject.value)
        return
    pair: Pair = subject.value
    if pair.reason:
        yield Skip(f"it cannot be compared: {pair.reason}")
    elif pair.own is None or pair.theirs is None:
        who = "this replica" if pair.own is None else "the other replica"
        yield Evidence(f"{who} has no tensor of this name", holds=False)
    elif pair.own.shape != pair.theirs.shape:
        yield Evidence(f"shapes {tuple(pair.own.shape)} and {tuple(pair.theirs.shape)} differ", holds=False)
    else:
        share, largest = pair.unequal
        yield Evidence(
            f"{share:.1%} of its {pair.own.numel()} elements differ from the other replica's (by up to {largest:.3g})"
            if share
            else "it is equal to the other replica's",
            measured=share, expected=0.0, allowed=0.0, n=pair.own.numel(), holds=share == 0,
            fix="torch.manual_seed(seed)  # the same on every rank, before building" if share else "",
        )  # fmt: skip


def _within(census: Census) -> Iterator[Evidence]:
    groups: dict[str, list[Member]] = {}
    for member in census.parameters:
        if _REPLICA.search(member.held.name):
            groups.setdefault(_REPLICA.sub(r"\1*", member.held.name, count=1), []).append(member)
    for members in groups.values():
        first, *others = members
        if not others or len({m.held.shape for m in members}) > 1 or not first.held.read:
            continue
        differing = [m.held.name for m in others if m.held.read and not torch.equal(first.held.read(), m.held.read())]
        yield Evidence(
            f"{', '.join(differing[:3])} differ from {first.held.name}: replicas must start equal"
            if differing
            else f"its {len(members)} replicas are equal",
            measured=float(len(differing)), expected=0.0, allowed=0.0, n=first.n, part=first.held.name,
            holds=not differing, fix="torch.manual_seed(seed)  # the same for every replica" if differing else "",
        )  # fmt: skip


def _following(census: Census) -> Iterator[Evidence]:
    """Target networks and teachers beside what they follow."""
    for twin in twins(census):
        differing = [m.held.name for m in twin.differing]
        yield Evidence(
            f"{len(differing)} of its {len(twin.pairs)} parameters differ from those of {twin.leader}, which it "
            "follows: it was drawn by itself and not copied"
            if differing
            else f"it is a copy of {twin.leader}, which it follows",
            measured=float(len(differing)), expected=0.0, allowed=0.0, n=sum(a.n for a, _ in twin.pairs),
            part=twin.follower, holds=not differing, severity=None if twin.named else Severity.WARNING,
            fix=f"{spelled(twin.follower)}.load_state_dict({spelled(twin.leader)}.state_dict(), strict=False)"
            if differing else "",
        )  # fmt: skip
