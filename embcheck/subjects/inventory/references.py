"""The target beside a reference: pairs of tensors by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from embcheck.stats import walk
from embcheck.subjects.access import obstacle
from embcheck.subjects.inventory.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import torch

    from embcheck.subjects.inventory.held import Held

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

    reason: str = ""
    """Why the two cannot be compared; both sides are None then."""

    @cached_property
    def unequal(self) -> tuple[float, float]:
        """Fraction of elements that differ, and by how much at most.

        Of two dtypes, an element is equal if it is what the other one is rounded to, on either side.
        """
        assert self.own is not None  # noqa: S101 - asked only for full pairs
        assert self.theirs is not None  # noqa: S101
        if not self.own.numel():
            return 0.0, 0.0
        count, largest = 0, 0.0
        own, theirs = self.own.detach().reshape(-1), self.theirs.detach().reshape(-1)
        for a, there in zip(walk.rows(own), walk.rows(theirs), strict=True):
            b = there.to(device=a.device, dtype=a.dtype if a.is_complex() or not there.is_complex() else there.dtype)
            differs = a != b
            if a.is_floating_point():
                differs &= ~(a.isnan() & b.isnan())
                if there.is_floating_point() and there.dtype != a.dtype:
                    differs &= a.to(there.dtype) != there.to(a.device)
            found = int(differs.sum())
            count += found
            if found and not (a.is_complex() or b.is_complex()):
                gap = (a[differs].double() - b[differs].double()).abs()
                gap = gap[gap.isfinite()]
                largest = max(largest, float(gap.max()) if gap.numel() else float("inf"))
        return count / self.own.numel(), largest

    @cached_property
    def transposed(self) -> bool:
        """Whether the two are matrices, and one is the other's transpose and not the other itself."""
        own, theirs = self.own, self.theirs
        if own is None or theirs is None or own.dim() != 2 or own.shape != theirs.shape[::-1] or own.numel() < 2:
            return False
        if own.is_complex() or theirs.is_complex() or (own.shape == theirs.shape and self.unequal[0] == 0):
            return False
        return Pair(self.name, own.detach(), theirs.detach().t()).unequal[0] == 0


def pairs(own: Sequence[Held], theirs: Sequence[Held], fresh: Mapping[str, bool]) -> Iterator[Pair]:
    """Every tensor of either side, read one pair at a time; non-persistent buffers are in no checkpoint and left
    out."""
    reference = _renamed({h.name: h for h in theirs}, own)
    used: set[str] = set()
    missing: list[Held] = []
    for held in own:
        names = [n for n in (held.name, *held.aliases) if n in reference]
        used.update(names)
        if not names:
            if held.persistent and held.dtype:
                missing.append(held)
            continue
        mine, why = _read(held)
        for name in names:  # a tied tensor must be what the reference holds under each of its names
            called = held.name if name == names[0] else name
            its, wherefore = (None, "") if why else _read(reference[name])
            reason = why or (wherefore and f"in the reference, {wherefore}")
            yield (
                Pair(called, None, None, reason=reason)
                if reason
                else Pair(called, mine, its, fresh.get(held.name, False))
            )
    for held in missing:
        mine, why = _read(held)
        yield Pair(held.name, mine, None, fresh.get(held.name, False), reason=why)
    places = _Places(own)
    for name, other in reference.items():
        if name not in used and other.dtype:
            its, why = _read(other)
            yield Pair(name, None, its, elsewhere=places.of(its) if its is not None else "", reason=why)


def _read(held: Held) -> tuple[torch.Tensor | None, str]:
    """The values, or why there are none to compare."""
    if held.read is None:
        return None, held.reason
    tensor = held.read()
    why = obstacle(tensor)
    return (None, why) if why else (tensor, "")


class _Places:
    """Finds a tensor's values among many, under whatever name; each is read once for it, and only if asked."""

    def __init__(self, own: Sequence[Held]) -> None:
        self._own = own
        self._by_shape: dict[tuple[int, ...], list[tuple[Held, torch.dtype, int]]] = {}

    def of(self, tensor: torch.Tensor) -> str:
        """The name of a tensor that it equals once it is cast to that one's dtype; "" for none, or for a constant."""
        print_ = fingerprint(tensor)
        if not print_.varies:
            return ""
        bits = {tensor.dtype: print_.bits}
        shape = tuple(tensor.shape)
        if shape not in self._by_shape:
            self._by_shape[shape] = [
                (h, found.dtype, fingerprint(found).bits)
                for h in self._own
                if h.shape == shape and (found := _read(h)[0]) is not None and found.is_floating_point()
            ]
        for held, dtype, mine in self._by_shape[shape]:
            if dtype not in bits:
                bits[dtype] = fingerprint(tensor.to(dtype)).bits
            if bits[dtype] == mine:
                return held.name
        return ""


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
