"""A function without arguments that was called: what it raised or warned of, if that is a conversion's doing."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from embcheck.subjects.conversion.converter import Trial
from embcheck.subjects.running.user_code import first_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOLD = (
    ("requires grad", "requires-grad"), ("require gradient", "requires-grad"),
    ("device type tensor to numpy", "off-cpu"), ("out of meta tensor", "off-cpu"),
    ("unsupported ScalarType", "unsupported-dtype"), ("can't convert np.ndarray of type", "unsupported-dtype"),
    ("conjugate bit", "lazy-bits"), ("negative bit", "lazy-bits"), ("layout tensor to numpy", "unsupported-layout"),
    ("in the given numpy array is negative", "negative-stride"), ("byte order", "byte-order"),
    ("inference tensor", "inference-tensor"), ("cannot be converted to Scalar", "not-a-scalar"),
    ("only one element tensors", "not-a-scalar"), ("extremely slow", "slow-conversion"), ("not writ", "readonly-alias"),
    ("copy keyword", "array-copy-keyword"), ("strides not a multiple", "unsupported-layout"),
    ("must be Tensor, not numpy", "mixed-operands"), ("but got numpy.ndarray", "mixed-operands"),
    ("assign a numpy.ndarray", "mixed-operands"), ("'numpy.ndarray' and '", "mixed-operands"),
    ("not supported for tensor subclasses", "wrapped-tensor"), ("access data pointer of Tensor", "wrapped-tensor"),
    ("Unable to avoid copy", "copied-memory"), ("be converted to Python scalars", "not-a-scalar"),
    ("data must be a sequence", "not-a-scalar"), ("expected np.ndarray (got numpy.", "not-a-scalar"),
    ("Cannot interpret 'torch.", "unsupported-dtype"), ("must be torch.dtype, not", "unsupported-dtype"),
    ("inhomogeneous shape", "unsupported-dtype"),
)  # fmt: skip
"""What torch and numpy say where a conversion fails, and the rule of its cause; the table of pitfalls provokes each."""


def raised(error: BaseException) -> Trial | None:
    """The call as a trial of a converter, if a conversion is what it raised in; None for any other."""
    rule = _rule(str(error))
    return None if rule is None else Trial("calling it", rule, exception=f"{type(error).__name__}: {first_line(error)}")


def warned(caught: Sequence[warnings.WarningMessage]) -> Trial | None:
    """The call as a trial with the warnings that conversions give."""
    told = [(w.category.__name__, str(w.message)) for w in caught]
    known = tuple((kind, text) for kind, text in told if _rule(text) is not None)
    return Trial("calling it", "plain", warned=known) if known else None


def hand_on(caught: Sequence[warnings.WarningMessage]) -> None:
    """Give the user the warnings that no conversion gave, as if nobody had caught them: his filters decide."""
    for w in caught:
        if _rule(str(w.message)) is None:
            warnings.warn_explicit(w.message, w.category, w.filename, w.lineno, source=w.source)


def _rule(message: str) -> str | None:
    return next((rule for fragment, rule in _TOLD if fragment.lower() in message.lower()), None)
