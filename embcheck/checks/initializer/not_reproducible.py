"""The same seed gives different weights.

## What it checks
A factory is built twice with one seed: every tensor must be equal, bit for bit. With a reference: tensors that hold
the reference's very numbers in another order, or other numbers from the same law.

## Why it matters
A run that cannot be repeated cannot be debugged. Unseeded generators (numpy's, a device's, `Generator()` from the
clock), sets that iterate in hash order, and memory layouts (a transposed or channels-last parameter is filled in
another order) change the weights while every statistic stays right.

## How it decides
Two builds: certain, bit for bit; Python, numpy and torch are seeded alike before each. Tensors that nobody fills are
left to garbage-values. With a reference: the sorted values, or a transposition, are equal (certain); or both follow
one law by a two-sample Kolmogorov-Smirnov test at a thousandth and both look freshly drawn (a warning: it matters
only if the reference was made with the same seed).

## How to fix
Seed what draws: `torch.Generator().manual_seed(seed)`; fill a contiguous CPU tensor and copy it to where it belongs.

## Example
`nn.init.uniform_(torch.empty(48, 48).t())` draws the transpose of what a contiguous tensor gets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.results import Evidence, Severity, Skip
from embcheck.stats.ks.one_sample import two_sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.references import Pair
    from embcheck.subjects.running.builds import Builds
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"builds", "checkpoint", "build"})
_FEWEST = 64
_ONE_LAW = 1e-3
"""p-value above which two samples are said to be of one law."""
_AGAIN = "the same seed twice"
_FIX = "generator = torch.Generator().manual_seed(seed)  # for each generator that it makes"


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Compare two builds, or a tensor with its reference."""
    return _twice_built(subject.value) if subject.kind == "builds" else _beside_reference(subject.value)


def _twice_built(builds: Builds) -> Iterator[Evidence | Skip]:
    """Two builds with one seed, tensor by tensor."""
    if _AGAIN in builds.skipped:
        yield Skip(f"it cannot be built twice: {builds.skipped[_AGAIN]}")
        return
    for name in builds.unequal:
        yield Evidence("two builds with one seed differ", part=name, holds=False, fix=_FIX)
    if not builds.unequal:
        yield Evidence(
            f"{builds.compared} tensors are equal in two builds with one seed", n=builds.compared, holds=True
        )


def _beside_reference(pair: Pair) -> Iterator[Evidence]:
    """The same numbers, the same numbers in another order, or other numbers of the same law."""
    if pair.own is None or pair.theirs is None or pair.own.shape != pair.theirs.shape:
        return
    if not (pair.own.is_floating_point() and pair.theirs.is_floating_point()) or pair.own.numel() < _FEWEST:
        return
    share, _ = pair.unequal
    if share == 0:
        yield Evidence("it is equal to the reference's", n=pair.own.numel(), holds=True)
        return
    order = _other_order(pair.own, pair.theirs)
    if order:
        yield Evidence(
            f"it holds the reference's very numbers, {order}: the draws were laid out in another way",
            n=pair.own.numel(),
            measured=share, expected=0.0, allowed=0.0, holds=False,
            fix="draw into a contiguous tensor, then copy: w.copy_(nn.init.normal_(torch.empty(w.shape)))",
        )  # fmt: skip
        return
    p_value = two_sample(pair.own, pair.theirs).p_value if pair.fresh else 0.0
    if p_value > _ONE_LAW:
        yield Evidence(
            f"it holds other numbers of the reference's law (two-sample p = {p_value:.2g}): if both were made with one "
            "seed, the seed did not decide them",
            n=pair.own.numel(), measured=share, expected=0.0, allowed=0.0, holds=False, severity=Severity.WARNING,
            fix=_FIX,
        )  # fmt: skip


def _other_order(own: torch.Tensor, theirs: torch.Tensor) -> str:
    """How the same numbers are arranged; "" if they are other numbers."""
    theirs = theirs.to(device=own.device, dtype=own.dtype)
    if own.element_size() == 1:
        own, theirs = own.float(), theirs.float()  # torch does not sort 8-bit floats
    if float(own.reshape(-1)[0]) == float(own.max()) == float(own.min()):
        return ""
    if (
        own.dim() >= 2
        and own.numel() == theirs.numel()
        and torch.equal(own.transpose(0, 1).reshape(-1), theirs.reshape(-1))
    ):
        return "transposed"
    if torch.equal(own.reshape(-1).sort().values, theirs.reshape(-1).sort().values):
        return "in another order"
    return ""
