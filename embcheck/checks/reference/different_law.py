"""Two tensors of one name follow different laws.

## What it checks
`compare`: each floating-point tensor that both targets have, in one shape: whether the two samples are of one
distribution.

## Why it matters
Two seeds, devices or dtypes must give one law. A version that changed an initializer, a device whose generator is
biased, or a checkpoint that went on training gives another one.

## How it decides
The two-sample Kolmogorov-Smirnov statistic, with its p-value corrected for every tensor of the run (Holm): a run over
two targets of one law fails with a chance of `--alpha`. Equal tensors pass without a test; tensors of fewer than 16
elements are not asked. At 10,000 elements each, D = 0.04 is caught.

## How to fix
Look at `embcheck audit` of each side: the table names the law of every tensor.

## Example
`nn.init.normal_` on one side and `nn.init.uniform_` with the same standard deviation on the other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.results import Evidence, Skip
from embcheck.stats.ks.one_sample import two_sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.references import Pair
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pair"})
_FEWEST = 16


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Test whether two tensors are samples of one law."""
    pair: Pair = subject.value
    if pair.reason:
        yield Skip(f"it cannot be compared: {pair.reason}")
        return
    own, theirs = pair.own, pair.theirs
    if own is None or theirs is None or own.shape != theirs.shape or own.numel() < _FEWEST:
        return
    if not (own.is_floating_point() and theirs.is_floating_point()) or own.is_meta or theirs.is_meta:
        return
    n = own.numel()
    share, largest = pair.unequal
    if share == 0:
        same = "" if own.dtype == theirs.dtype else ", once rounded to the coarser dtype"
        yield Evidence(f"the two are equal{same}", measured=0.0, n=n, holds=True)
        return
    # rounding makes steps in the one distribution alone: both are rounded alike
    coarser = own.dtype if torch.finfo(own.dtype).eps >= torch.finfo(theirs.dtype).eps else theirs.dtype
    ks = two_sample(own.to(coarser), theirs.to(coarser))
    allowed = math.sqrt(math.log(2 / context.alpha_each) / n)  # Massart's bound for two samples of n
    yield Evidence(
        f"KS D = {ks.d:.4g} between two samples of {n:,} ({share:.1%} of the elements differ, by up to {largest:.3g})",
        measured=ks.d, expected=0.0, allowed=allowed, p_value=ks.p_value, effect=ks.d, n=n, detectable=allowed,
    )  # fmt: skip
