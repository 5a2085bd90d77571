"""`embcheck.identify` and `embcheck.check`: one tensor, without a model around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from torch import nn

    from embcheck.laws.identification.candidates import Identification
    from embcheck.laws.law import Law
    from embcheck.results import Outcome
    from embcheck.subjects.subject import Subject

_FAMILIES = ("INI", "WGT")


def identify(tensor: torch.Tensor, *, module: nn.Module | None = None, name: str | None = None) -> Identification:
    """Rank what a tensor was drawn from.

    Args:
        tensor: any; also what `torch.as_tensor` takes (a numpy array).
        module: the layer that owns it: its documented default is tried first, and ``weight`` is taken for its name.
        name: its name in the model, ``encoder.fc.weight``.

    Returns:
        the candidates that fit, best first, each with law, p-value and aliases; empty, with the reason, where none
        does (a trained tensor). ``print(identify(w))`` says it in one line.

    Raises:
        UsageError: it is no tensor.
    """
    from embcheck.laws.identification.identify import identify as rank
    from embcheck.stats.chunks import computable
    from embcheck.subjects.given import as_tensor

    return rank(computable(as_tensor(tensor)), module=module, name=name or ("weight" if module is not None else None))


def check(
    tensor: torch.Tensor,
    law: str | Law,
    *,
    module: nn.Module | None = None,
    name: str = "tensor",
    alpha: float = 1e-3,
    tolerance: float = 0.0,
    **beside: Any,
) -> Outcome:
    """Hold one tensor against a law with every rule on initializers and weights that has something to say.

    Args:
        tensor: any; also what `torch.as_tensor` takes.
        law: as in a declaration: ``"xavier_uniform(gain=1.414)"``, ``"normal(0, 0.02/sqrt(2*12))"``.
        module: the layer that owns it; ``default()`` and ``h`` need it.
        name: what to call it in the answer; its last part is what the layer calls it.
        alpha: the chance that a sound tensor fails, over all rules together.
        tolerance: a deviation of at most this relative size passes.
        **beside: ``layout``, ``blocks``, ``slice``, ``padding_idx``, as in a declaration.

    Returns:
        the most serious outcome: the failure with the smallest p-value, or the passing test that came nearest to
        failing.

    Raises:
        UsageError: the law cannot be read or does not fit the shape, or no rule can judge the tensor.
    """
    from embcheck.laws.expectations import read
    from embcheck.results import Status
    from embcheck.rules import select
    from embcheck.runner import Context, run
    from embcheck.stats.chunks import computable
    from embcheck.subjects.given import as_tensor
    from embcheck.subjects.state import preserved

    values = computable(as_tensor(tensor))
    (row,) = read({name: {"law": law, **beside}})
    rules = select(_FAMILIES, ())
    with preserved():
        outcomes = run(_subjects(values, row, module, name), rules, Context(alpha, tolerance, tests=2 * len(rules)))
    order = {Status.ERROR: 0, Status.FAIL: 1, Status.PASS: 2}
    judged = [o for o in outcomes if o.status in order]
    if not judged:
        reason = next((o.reason for o in outcomes if o.reason), f"{law} promises nothing that can be tested")
        raise UsageError(f"Nothing to check about {name}: {reason}.")
    return min(judged, key=lambda o: (order[o.status], -o.severity.rank, _p(o.p_value, o.status is Status.PASS)))


def _p(p_value: float | None, passed: bool) -> float:
    """What is certain comes before any p-value among failures, and after all of them among passes."""
    return p_value if p_value is not None else 2.0 if passed else -1.0


def _subjects(tensor: torch.Tensor, row: Any, module: nn.Module | None, name: str) -> Iterator[Subject]:
    from embcheck.subjects.subject import Subject

    for part in row.parts(tuple(tensor.shape), module, name):
        value = part.of(tensor)
        yield Subject(
            name=name + part.label,
            kind="tensor",
            value=value,
            law=part.law,
            role=name.rpartition(".")[2],
            shape=tuple(value.shape),
            dtype=str(value.dtype).removeprefix("torch."),
            device=str(value.device),
            module=type(module).__name__ if module is not None else "",
        )
