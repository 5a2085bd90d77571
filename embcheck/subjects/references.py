"""The target beside a reference: pairs of tensors by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from embcheck.subjects.held import Held

_WRAPPERS = (
    "module.",
    "_orig_mod.",
    "model.",
    "transformer.",
    "base_model.model.",
    "backbone.",
    "encoder.",
    "_forward_module.",
)
_CHUNK = 1 << 22


@dataclass(frozen=True)
class Pair:
    """One name, and what each side has under it."""

    name: str
    own: torch.Tensor | None
    theirs: torch.Tensor | None
    fresh: bool = False
    """Whether the target's tensor looks freshly drawn."""
    elsewhere: str = ""
    """Where the reference's tensor stands in the target, under another name."""

    @cached_property
    def unequal(self) -> tuple[float, float]:
        """Fraction of elements that differ once the reference is cast to the target's dtype, and by how much at
        most."""
        assert self.own is not None  # noqa: S101 - asked only for full pairs
        assert self.theirs is not None  # noqa: S101
        if not self.own.numel():
            return 0.0, 0.0
        count, largest = 0, 0.0
        own, theirs = self.own.detach().reshape(-1), self.theirs.detach().reshape(-1)
        for a, b in zip(torch.split(own, _CHUNK), torch.split(theirs, _CHUNK), strict=True):
            b = b.to(device=a.device, dtype=a.dtype if a.is_complex() or not b.is_complex() else b.dtype)  # noqa: PLW2901
            differs = a != b
            if a.is_floating_point():
                differs &= ~(a.isnan() & b.isnan())
            found = int(differs.sum())
            count += found
            if found and not (a.is_complex() or b.is_complex()):
                gap = (a[differs].double() - b[differs].double()).abs()
                gap = gap[gap.isfinite()]
                largest = max(largest, float(gap.max()) if gap.numel() else float("inf"))
        return count / self.own.numel(), largest


def pairs(own: Sequence[Held], theirs: Sequence[Held], fresh: Mapping[str, bool]) -> Iterator[Pair]:
    """Every tensor of either side, read one pair at a time; non-persistent buffers are in no checkpoint and left
    out."""
    reference = _renamed({h.name: h for h in theirs}, own)
    used: set[str] = set()
    missing: list[Held] = []
    for held in own:
        if held.read is None:
            continue
        names = [n for n in (held.name, *held.aliases) if n in reference]
        used.update(names)
        if not names:
            if held.persistent:
                missing.append(held)
            continue
        mine = held.read()
        for name in names:  # a tied tensor must be what the reference holds under each of its names
            its = reference[name].read
            theirs_now = its() if its else None
            if readable(mine) and (theirs_now is None or readable(theirs_now)):
                yield Pair(held.name if name == names[0] else name, mine, theirs_now, fresh.get(held.name, False))
    left = {n: h for n, h in reference.items() if n not in used and h.read is not None}
    for held in missing:
        assert held.read  # noqa: S101 - seen to above
        if readable(mine := held.read()):
            yield Pair(held.name, mine, None, fresh.get(held.name, False))
    for name, other in left.items():
        yield Pair(name, None, other.read() if other.read else None, elsewhere=_elsewhere(other, own))


def readable(tensor: torch.Tensor) -> bool:
    """Whether its elements can be compared one by one: not on meta, sparse, nested or quantized."""
    return not (tensor.is_meta or tensor.is_quantized or tensor.is_nested) and tensor.layout == torch.strided


def _renamed(reference: dict[str, Held], own: Sequence[Held]) -> dict[str, Held]:
    """The reference under the target's names, wrapper prefixes taken off or put on where more names agree then."""
    names = {n for h in own for n in (h.name, *h.aliases)}

    def agreeing(candidate: dict[str, Held]) -> int:
        return len(names & candidate.keys())

    best = reference
    for prefix in _WRAPPERS:
        shorter = {n.removeprefix(prefix): h for n, h in reference.items()}
        longer = {prefix + n: h for n, h in reference.items()}
        best = max((best, shorter, longer), key=agreeing)
    return _reparametrized(best, names)


_PARTS = re.compile(r"\.parametrizations\.(\w+)\.original(0|1|)$")
_ENDINGS = {"0": "_g", "1": "_v", "": "_orig"}


def _reparametrized(reference: dict[str, Held], names: set[str]) -> dict[str, Held]:
    """`weight_g` and `weight_v` (`weight_orig`) of torch's older weight norm (spectral norm) under the names of its
    newer one, `parametrizations.weight.original0` and `original1` (`original`), or the other way round."""

    def older(name: str) -> str:
        return _PARTS.sub(lambda found: f".{found[1]}{_ENDINGS[found[2]]}", name)

    mine = {older(n): n for n in names}
    return {n if n in names else mine.get(older(n), n): h for n, h in reference.items()}


def _elsewhere(theirs: Held, own: Sequence[Held]) -> str:
    if not theirs.numel or theirs.read is None:
        return ""
    tensor = theirs.read()
    if not readable(tensor) or tensor.is_complex():
        return ""
    for held in own:
        if held.shape != theirs.shape or held.read is None:
            continue
        mine = held.read()
        if readable(mine) and torch.equal(mine, tensor.to(device=mine.device, dtype=mine.dtype)):
            return held.name
    return ""
