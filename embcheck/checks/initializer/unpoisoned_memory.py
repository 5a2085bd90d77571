"""Uninitialised memory cannot be told from values: the poison does not reach it.

## What it checks
`torch.empty` and `torch.Tensor(2, 3)` promise nothing about their values. With deterministic algorithms on and
`torch.utils.deterministic.fill_uninitialized_memory` (the default), torch documents that such tensors are filled with
NaN (floats). This rule draws them so and looks whether every element is NaN.

## Why it matters
A parameter made by `torch.empty` and never initialised holds whatever the memory held: often zeros in a test and
garbage in a long run. With the poison it shows at once, so code and `embcheck audit` rely on it.

## How it decides
Certain, not statistical: every element is NaN, or not. Unpoisoned content is shown and never called a law.

## How to fix
Initialise what `torch.empty` returns (`nn.init.normal_(p, std=0.02)`), or build it with a constructor that promises
values: `torch.zeros`, `torch.randn`.

## Example
`nn.Parameter(torch.empty(512, 512))` without an initializer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"uninitialised"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Count the elements of `subject.value`, made under the poison, that are not NaN."""
    tensor = subject.value
    kept = int((tensor == tensor).sum())  # noqa: PLR0124 - NaN alone differs from itself, in float8 too
    yield Evidence(
        "uninitialised: it promises nothing, and the poison shows it (all NaN)"
        if not kept
        else f"uninitialised, and {kept} of {tensor.numel()} elements are not NaN although the poison is on",
        measured=float(kept),
        expected=0.0,
        allowed=0.0,
        n=tensor.numel(),
        holds=kept == 0,
        fix="torch.utils.deterministic.fill_uninitialized_memory = True; torch.use_deterministic_algorithms(True)"
        if kept
        else "",
    )
