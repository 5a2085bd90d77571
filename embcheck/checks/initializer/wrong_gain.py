"""`torch.nn.init.calculate_gain` returns another number than its documentation.

## What it checks
Every nonlinearity of the documentation's table (linear and the convolutions 1, sigmoid 1, tanh 5/3, relu sqrt(2),
leaky_relu sqrt(2/(1+a^2)), selu 3/4), and what it says of those that it does not know.

## Why it matters
The gain multiplies the std of every layer, so an error is raised to the power of the depth. For elu, gelu, silu and
others torch offers no gain and raises `ValueError`; the exact gain that keeps the second moment at q = 1 is
1/sqrt(E[phi(z)^2]), which this rule prints.

## How it decides
Certain, not statistical: the number is compared with the documented formula, to one part in 10^12. An unknown
nonlinearity is skipped with the exact gain, computed by quadrature of E[phi(z)^2] over z ~ N(0, 1).

## How to fix
For an activation that torch does not know, pass the number: `nn.init.xavier_normal_(w, gain=1.5335)` for gelu.

## Example
`nn.init.calculate_gain("gelu")` raises `ValueError: Unsupported nonlinearity gelu`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"gain"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Hold the number in `subject.value` against `facts["documented"]`; None in both means torch does not know it."""
    gain, documented = subject.value, subject.facts["documented"]
    if gain is None and documented is None:
        exact = subject.facts["exact"]
        yield Skip(
            f"torch knows no gain for {subject.facts['nonlinearity']!r} (it raises ValueError); the gain that keeps "
            f"the second moment at 1 is 1/sqrt(E[phi(z)^2]) = {exact:.4f}: pass it as gain={exact:.4f}"
        )
        return
    holds = gain is not None and documented is not None and math.isclose(gain, documented, rel_tol=1e-12)
    yield Evidence(
        f"calculate_gain returns {_text(gain)}, documented is {_text(documented)}",
        measured=gain,
        expected=documented,
        allowed=0.0,
        effect=abs(gain / documented - 1) if gain is not None and documented else None,
        holds=holds,
    )


def _text(gain: float | None) -> str:
    return "no number (it raises ValueError)" if gain is None else f"{gain:.6g}"
