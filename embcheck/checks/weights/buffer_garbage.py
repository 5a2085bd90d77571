"""A buffer holds what happened to be in memory.

## What it checks
Buffers, also those that the state dict leaves out: NaN, absurd magnitudes, subnormal numbers, a table of rotary
frequencies that is none, running statistics that cannot be, 64-bit integers that count and index nothing, and, where
the target is a factory, elements that nobody fills.

## Why it matters
A buffer with `persistent=False` is in no checkpoint. After a build on `meta` and `to_empty()`, loading restores every
parameter, reports nothing missing, and leaves such a buffer as it was in memory: positions are noise.

## How it decides
Certain. NaN, a finite magnitude above 1e12 (a mask may hold the lowest number of its dtype, or -inf), a negative
running variance or none but zeros, a count of batches below 0 or of 2^46 and more, `position_ids` of which all along
the last dimension are equal, a `relative_position_index` of equal entries, a table of cosines (`cos_cached`,
`freqs_cis`) that is all zero, where position 0 has 1, or an `inv_freq` that is not within (0, 1] (Su et al., RoFormer,
2021, section 3.2.2: base^(-2i/d)) fail. Subnormal numbers beside
nothing but zeros are a warning: so integers read as floats (a decay that underflows has ordinary numbers too). So are
64-bit integers of which one is 2^46 in size or more, where three values or more occur: no table has so many rows and no
counter comes so far, while addresses and two floats read as one integer begin there (hashes and packed bits are meant,
and say so in one line of the configuration); and integers that are all the largest of their dtype, with which torch
fills memory in deterministic mode. A factory is also built with poisoned memory: a NaN that appears only then was never
written.

## How to fix
Compute it again after `to_empty()`: write it in `reset_parameters()` or `reset_buffers()`, or make it persistent.

## Example
`register_buffer("inv_freq", ..., persistent=False)` in a model that is built on `meta`.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import has_values
from embcheck.checks.mechanisms.spelling import share_of
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"buffer", "builds"})
_ABSURD = 1e12
_ADDRESS = 1 << 46
_INTEGERS = frozenset({torch.int16, torch.int32, torch.int64})
_FEW = 2
_COSINE = re.compile(r"(^|_)(cos|cis|cosine|cosines)(_|$)")
_NO_COSINES = "every cosine is zero, and that of position 0 is 1: it was lost or never filled"


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at the values of a buffer, or at what poison showed."""
    if subject.kind == "builds":
        builds, buffers = subject.value, subject.facts["buffers"]
        for name, fraction in builds.unfilled.items():
            if name in buffers:
                yield Evidence(
                    f"no code fills {share_of(fraction)}: built with poisoned memory, it shows the poison",
                    measured=fraction, expected=0.0, allowed=0.0, holds=False, part=name,
                    fix="write it in reset_parameters(), and call that after to_empty()",
                )  # fmt: skip
        return
    if subject.value.dtype in _INTEGERS and has_values(subject.value):
        if subject.value.numel() > _FEW:
            yield _integers(subject)
        elif subject.role == "num_batches_tracked" and subject.value.numel() == 1:
            yield _count(int(subject.value))
    if subject.value.is_complex() and _COSINE.search(subject.role) and has_values(subject.value):
        lost = not bool(subject.value.count_nonzero())
        yield Evidence(
            _NO_COSINES if lost else "it is not all zero", n=subject.value.numel(), holds=not lost,
            fix="compute it again after to_empty(), or register it with persistent=True" if lost else "",
        )  # fmt: skip
    if not subject.value.is_floating_point() or not subject.value.numel():
        return
    wrong = _wrong(subject)
    s = subject.summary
    tiny = not wrong and s.subnormal > 0 and s.subnormal + s.zero == s.n
    wrong = wrong or (f"{s.subnormal} of {s.n} values are subnormal numbers: uninitialised memory?" if tiny else "")
    yield Evidence(
        wrong or f"its {s.n} values are ordinary",
        measured=float(s.nan), expected=0.0, allowed=0.0, n=s.n, holds=not wrong,
        severity=Severity.WARNING if tiny else None,
        fix="compute it again after to_empty(), or register it with persistent=True" if wrong else "",
    )  # fmt: skip


def _count(batches: int) -> Evidence:
    strange = not 0 <= batches < _ADDRESS
    return Evidence(
        f"{batches} batches were counted{': it was never filled, or lost on the way' if strange else ''}",
        measured=float(batches), allowed=float(_ADDRESS), n=1, holds=not strange,
        fix="reset_running_stats() after to_empty()" if strange else "",
    )  # fmt: skip


def _integers(subject: Subject) -> Evidence:
    low, high = (int(bound) for bound in torch.aminmax(subject.value))
    value = subject.value.reshape(-1)
    varied = bool(((value != low) & (value != high)).any())
    largest = max(-low, high)
    if subject.role.endswith(("position_ids", "position_index")) and low == high and subject.shape[-1] > 1:
        return Evidence(
            f"all {subject.shape[-1]} positions are {low}: every token gets the same one",
            measured=float(low), n=value.numel(), holds=False,
            fix="torch.arange(n) after to_empty(), or register it with persistent=True",
        )  # fmt: skip
    filled = low == high == torch.iinfo(subject.value.dtype).max
    strange = (largest >= _ADDRESS and varied) or filled
    return Evidence(
        f"its integers lie in [{low}, {high}]: they index nothing and count nothing, and look like uninitialised memory"
        if strange
        else f"its integers lie in [{low}, {high}]",
        measured=float(largest), allowed=float(_ADDRESS), n=value.numel(), holds=not strange, severity=Severity.WARNING,
        fix="compute it again after to_empty(), where its values are known" if strange else "",
    )  # fmt: skip


def _wrong(subject: Subject) -> str:
    s = subject.summary
    if s.nan:
        return f"{s.nan} of {s.n} values are NaN: it was never filled, or lost on the way"
    if not s.finite:
        return ""
    role = subject.role
    largest = max(abs(s.min), abs(s.max))
    lowest = {"float64": 1.797e308, "float32": 3.402e38, "bfloat16": 3.389e38, "float16": 65504.0}.get(
        subject.dtype, math.inf
    )
    if _ABSURD < largest < 0.99 * lowest and s.distinct > 2:
        return f"the largest value is {largest:.3g}: it looks like uninitialised memory"
    if role == "running_var" and s.min < 0:
        return f"a running variance is negative ({s.min:.3g})"
    if role == "running_var" and s.n > 1 and s.zero == s.n:
        return "every running variance is zero: in evaluation the layer multiplies its input by 1/sqrt(eps)"
    if s.n > 1 and s.zero == s.n and _COSINE.search(role):
        return _NO_COSINES
    if role == "inv_freq" or role.endswith("_inv_freq"):
        if s.min <= 0 or s.max > 1 + 1e-3:
            return f"rotary frequencies lie in (0, 1], these in [{s.min:.3g}, {s.max:.3g}]: it was lost or never filled"
        if s.subnormal:
            return f"{s.subnormal} rotary frequencies are subnormal numbers: it was lost or never filled"
    return ""
