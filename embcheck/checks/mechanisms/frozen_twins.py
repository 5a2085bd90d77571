"""Frozen parts of a fresh model that are built like a part that trains: target networks, teachers, moving averages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from embcheck.subjects.inventory.census import Census, Member

_FOLLOWS = frozenset({"target", "teacher", "ema", "momentum", "slow", "averaged"})
_LEADS = frozenset({"online", "student", "main", "current", "policy"})
"""Words by which the field calls the two sides of such a pair."""
_PARTS = 2
"""Weights that a part must have to be recognised by its structure alone."""
_ENOUGH = 64


@dataclass(frozen=True)
class Twin:
    """A part that follows another one."""

    follower: str
    leader: str
    pairs: tuple[tuple[Member, Member], ...]
    """Every parameter of the follower, with the one of the same name in the leader."""
    named: bool
    """Whether the two names say so, and not the structure alone."""

    @property
    def differing(self) -> list[Member]:
        """The follower's parameters that are not equal to the leader's."""
        return [
            a for a, b in self.pairs if a.held.read and b.held.read and not torch.equal(a.held.read(), b.held.read())
        ]


def twins(census: Census) -> Iterator[Twin]:
    """Parts of a freshly drawn model that repeat the names and shapes of another part, which trains.

    A part follows if it is frozen as a whole while the rest is not, or if its name says so (`target_critic` beside
    `critic`). It is recognised by two weights or more, or by its name. Where several parts fit, one that is equal
    wins, then the one that is called alike.
    """
    parts = _parts(census)
    trains = {path: all(m.held.trainable for m in part.values()) for path, part in parts.items()}
    frozen = {path: not any(m.held.trainable for m in part.values()) for path, part in parts.items()}
    holding: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for path, part in parts.items():
        for name, member in part.items() if trains[path] else ():
            holding.setdefault((name, member.held.shape), []).append(path)
    told: list[str] = []
    for path, part in parts.items():
        if not path or any(path.startswith(f"{t}.") for t in told) or not _drawn(part):
            continue
        called = _words(path) & _FOLLOWS
        if not frozen[path] and not called:
            continue
        name, member = next(iter(part.items()))
        fitting = [
            _twin(path, part, other, parts[other])
            for other in holding.get((name, member.held.shape), ())
            if other != path and not _nested(path, other) and _fits(part, parts[other])
        ]
        enough = [t for t in fitting if t.named or (frozen[path] and _matrices(part) >= _PARTS)]
        if enough:
            told.append(path)
            yield min(enough, key=lambda t: (bool(t.differing), not t.named, len(parts[t.leader])))


def _parts(census: Census) -> dict[str, dict[str, Member]]:
    """Every module that holds parameters, outermost first: relative name to parameter."""
    found: dict[str, dict[str, Member]] = {}
    for member in census.parameters:
        pieces = member.held.name.split(".")
        for i in range(len(pieces)):
            found.setdefault(".".join(pieces[:i]), {})[".".join(pieces[i:])] = member
    return dict(sorted(found.items(), key=lambda item: item[0].count(".") if item[0] else -1))


def _twin(path: str, part: Mapping[str, Member], other: str, leader: Mapping[str, Member]) -> Twin:
    pairs = tuple((member, leader[name]) for name, member in part.items())
    alike = _bare(path) == _bare(other) and bool(_words(path) & _FOLLOWS) and not _words(other) & _FOLLOWS
    return Twin(path, other, pairs, alike)


def _fits(part: Mapping[str, Member], leader: Mapping[str, Member]) -> bool:
    return all(
        name in leader and leader[name].held.shape == member.held.shape and leader[name].held.dtype == member.held.dtype
        for name, member in part.items()
    ) and _drawn(leader)


def _drawn(part: Mapping[str, Member]) -> bool:
    """Whether all of its weights that are large enough to tell are fresh draws: nothing was trained or loaded."""
    large = [m for m in part.values() if m.n >= _ENOUGH and len(m.held.shape) >= 2]
    return bool(large) and all(m.random for m in large)


def _matrices(part: Mapping[str, Member]) -> int:
    return sum(len(m.held.shape) >= 2 and m.n >= _ENOUGH for m in part.values())


def _nested(a: str, b: str) -> bool:
    return not b or a.startswith(f"{b}.") or b.startswith(f"{a}.")


def follower(path: str) -> bool:
    """Whether the last part of a name says that it follows another part of the model."""
    return bool(_words(path) & _FOLLOWS)


def _words(path: str) -> set[str]:
    return set(_split(path.rpartition(".")[2]))


def _bare(path: str) -> tuple[str, ...]:
    """The path without the words that tell the two sides apart."""
    return tuple(w for piece in path.split(".") for w in _split(piece) if w not in _FOLLOWS | _LEADS)


def _split(piece: str) -> list[str]:
    return [w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", piece)]
