"""torch could not make a tensor that its documentation offers.

## What it checks
Every draw of `embcheck init-stats` either gives a tensor or says that the device or dtype is not supported. The latter
is skipped with torch's own reason; any other exception fails.

## Why it matters
A backend that lacks a kernel makes a model fail, or fall back, on that device alone. A skip tells which initializers
cannot be used in this dtype; drawing in float32 and casting is what works everywhere.

## How it decides
Certain, not statistical. `NotImplementedError` and torch's "not implemented for" messages are skips.

## How to fix
`w.copy_(nn.init.xavier_uniform_(torch.empty(w.shape)))`: draw in float32, then cast by `copy_`.

## Example
`nn.init.normal_(torch.empty(8, 8, dtype=torch.float8_e4m3fn))` raises: "normal_kernel_cpu" not implemented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"unsupported", "broken"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Pass on the exception in `subject.value` that the draw raised."""
    reason = f"{type(subject.value).__name__}: {str(subject.value).partition(chr(10))[0]}"
    if subject.kind == "unsupported":
        yield Skip(f"not supported for {subject.dtype} on {subject.device}: {reason}")
    else:
        yield Evidence(f"the draw raised {reason}", holds=False)
