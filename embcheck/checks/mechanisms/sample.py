"""The finite values of a subject beside the law that they should be independent draws of; what to type to draw anew."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from embcheck.laws.law import Law
    from embcheck.stats.summary import Summary
    from embcheck.subjects.subject import Subject


@dataclass(frozen=True)
class Sample:
    """Draws, and their law."""

    law: Law
    summary: Summary

    @property
    def n(self) -> int:
        """How many draws: the finite values (`not-finite` speaks of the others)."""
        return self.summary.finite

    @property
    def dtype(self) -> str:
        """What the draws are rounded to."""
        return self.summary.dtype


def sample_of(subject: Subject, least: int = 1) -> Sample | None:
    """The subject as draws of its law; None where it has no law of independent draws, or fewer values than `least`."""
    law, value = subject.law, subject.value
    if law is None or not law.iid or not has_values(value) or value.is_complex():
        return None
    if not (value.is_floating_point() or value.is_quantized) or value.numel() < least:
        return None
    return Sample(law, subject.summary) if subject.summary.finite >= least else None


def dense_draws(subject: Subject, least: int) -> tuple[torch.Tensor, Sample] | None:
    """The tensor itself too, for checks of its structure: strided, all finite, at least `least` values that vary."""
    sample = sample_of(subject, least)
    if sample is None or sample.summary.finite < sample.summary.n or not sample.summary.std > 0:
        return None
    tensor = dense(subject.value)
    if tensor is None:
        return None
    if tensor.dtype.itemsize == 1:  # float8 has no arithmetic
        tensor = tensor.to(torch.float16)
    return tensor, sample


def has_values(value: object) -> bool:
    """Whether this is a tensor that holds anything: not meta, not a lazy parameter before its first batch."""
    if not isinstance(value, torch.Tensor) or isinstance(value, UninitializedTensorMixin):
        return False
    return not value.is_meta


def dense(value: object) -> torch.Tensor | None:
    """The tensor without its graph and lazy bits, if it holds real numbers side by side; else None.

    Sparse, quantized, nested and complex tensors are not looked at element by element.
    """
    if not isinstance(value, torch.Tensor) or not has_values(value) or value.is_nested:
        return None
    if value.layout != torch.strided or value.is_quantized or value.is_complex():
        return None
    return value.detach().resolve_neg()


def initializer_call(law: Law | str, name: str) -> str:
    """The line that draws `name` from `law`, or "" where torch has no function for it."""
    function, _, arguments = str(law).partition(" (")[0].partition("(")
    known = getattr(torch.nn.init, f"{function}_", None)
    if known is None or not inspect.isfunction(known):
        return ""
    arguments = arguments.removesuffix(")").replace("sqrt(", "math.sqrt(")
    return f"torch.nn.init.{function}_({name}{', ' if arguments else ''}{arguments})"
