"""A fused weight was initialised as one matrix where each gate should be by itself.

## What it checks
Recurrent weights of shape (gates x hidden, hidden), and weights declared with `blocks`: whether the fused matrix as a
whole is orthogonal while its blocks are not, and, where `orthogonal()` is declared for each block, whether each is.
Biases of `nn.LSTM`, `nn.GRU` and their cells: which gates a constant was written to.

## Why it matters
`nn.init.orthogonal_(lstm.weight_hh_l0)` makes the columns of the (4h, h) matrix orthonormal. Each gate then is a
quarter of it: its standard deviation is half of what was meant and its largest singular value below 1, so the memory
fades.

## How it decides
Certain: Q is orthogonal if Q^T Q (or Q Q^T) equals gain^2 I up to 64 units of rounding times the square root of the
longer side. Random matrices miss that by orders of magnitude.

A bias: certain as well. Torch keeps an LSTM's gates in the order input, forget, candidate, output, a GRU's as reset,
update, candidate; other frameworks have other orders. A constant of 0.5 or more opens a gate on purpose: the forget
gate (Gers et al. 2000; Jozefowicz et al. 2015), the reset and update gates; negative ones close input or output. No
published initialization shifts the candidate, whose tanh then starts at 0.46 or more, or opens another gate of an LSTM
and leaves the forget gate: an error. The same constant in all of them is a warning: `bias.fill_(1)` meant one.

## How to fix
`for w in lstm.weight_hh_l0.data.chunk(4): nn.init.orthogonal_(w)`; `lstm.bias_hh_l0.data[h:2 * h] = 1`.

## Example
`for name, p in lstm.named_parameters(): nn.init.orthogonal_(p) if "weight" in name else nn.init.zeros_(p)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from embcheck.checks.mechanisms.spelling import expression, spelled
from embcheck.laws.structured import Orthogonal
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor", "model"})
_LARGEST = 1 << 26
_OPEN = 0.5
_GATES = {
    4: ("input", "forget", "candidate", "output"),
    3: ("reset", "update", "candidate"),
}


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at the blocks of a fused weight, or at one declared block; of a model, at the biases of its gates."""
    if subject.kind == "model":
        yield from _biases(subject.value)
        return
    t, part = subject.value, subject.facts.get("part", "")
    if t.dim() != 2 or not t.is_floating_point() or not t.numel() or t.numel() > _LARGEST:
        return
    if isinstance(subject.law, Orthogonal) and part:
        off, allowed = _off(t, subject.law.gain)
        wrong = not off <= allowed
        yield Evidence(
            f"the block{part} is not orthogonal: Q Q^T is off by {off:.3g} where {allowed:.2g} is allowed"
            if wrong
            else f"the block{part} is orthogonal",
            measured=off, expected=0.0, allowed=allowed, n=t.numel(), holds=not wrong,
            fix=f"for w in {expression(subject)}.data.chunk({subject.facts['held'].shape[0] // t.shape[0]}): "
            "nn.init.orthogonal_(w)"
            if wrong else "",
        )  # fmt: skip
        return
    held = subject.facts.get("held")
    gates = _gates(held, t) if held is not None and not part else 1
    if gates < 2 or t.shape[0] % gates or t.shape[1] < 4:
        return
    gain = float(t[:, 0].double().norm())
    whole, allowed = _off(t, gain)
    gate, _ = _off(t[: t.shape[0] // gates], gain / gates**0.5)
    if gain > 0 and whole <= allowed < gate:
        yield Evidence(
            f"the fused matrix of {gates} gates is orthogonal as a whole, so no gate is: each has "
            f"1/{gates**0.5:.3g} of the intended standard deviation",
            measured=1 / gates**0.5, expected=1.0, n=t.numel(), holds=False,
            severity=Severity.WARNING if subject.law is None else None,
            fix=f"for w in {expression(subject)}.data.chunk({gates}): nn.init.orthogonal_(w)",
        )  # fmt: skip
    else:
        yield Evidence(f"its {gates} gates are not one orthogonal matrix", n=t.numel(), holds=True)


def _biases(census: Census) -> Iterator[Evidence]:
    """The constants in each quarter (or third) of a bias; the forget gate may have its own in the other bias."""
    opened: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for member in census.parameters:
        held = member.held
        kind = 4 if isinstance(held.module, (nn.LSTM, nn.LSTMCell)) else 3
        if not isinstance(held.module, (nn.LSTM, nn.LSTMCell, nn.GRU, nn.GRUCell)) or held.read is None:
            continue
        if not held.role.startswith(("bias_ih", "bias_hh")) or member.declared or len(held.shape) != 1:
            continue
        parts = zip(_GATES[kind], held.read().detach().chunk(kind), strict=True)
        constant = {gate: float(w[0]) for gate, w in parts if bool((w == w[0]).all()) and float(w[0]) >= _OPEN}
        opened.setdefault((held.module_name, held.role[7:]), {})[held.name] = constant
    for biases in opened.values():
        remembers = any("forget" in gates for gates in biases.values())
        for name, gates in biases.items():
            yield _shifted(name, gates, remembers)


def _shifted(name: str, gates: dict[str, float], remembers: bool) -> Evidence:
    lstm = "reset" not in gates and "update" not in gates
    every = len(gates) == (4 if lstm else 3) and len(set(gates.values())) == 1
    wrong = "candidate" in gates or (bool(gates) and lstm and not remembers)
    told = ", ".join(f"{gate} {value:.3g}" for gate, value in gates.items())
    return Evidence(
        f"constants were written to the bias of {told}: torch's order of gates is {', '.join(_GATES[4 if lstm else 3])}"
        if wrong
        else f"no gate but those that are opened on purpose has a constant bias ({told or 'none'})",
        measured=max(gates.values(), default=0.0), allowed=_OPEN, holds=not wrong, part=name,
        severity=Severity.WARNING if every else None,
        fix=f"{spelled(name)}.data.zero_(); {spelled(name)}.data[h:2 * h] = 1" if wrong and lstm
        else f"{spelled(name)}.data.zero_()" if wrong else "",
    )  # fmt: skip


def _gates(held: object, t: torch.Tensor) -> int:
    """How many gates a recurrent weight fuses: rows over hidden size."""
    hidden = getattr(getattr(held, "module", None), "hidden_size", None) or (t.shape[1] if "_hh" in held.role else 0)  # type: ignore[attr-defined]
    return t.shape[0] // hidden if held.layer == "recurrent" and hidden and t.shape[1] == hidden else 1  # type: ignore[attr-defined]


def _off(t: torch.Tensor, gain: float) -> tuple[float, float]:
    """Largest element of Q Q^T / gain^2 - I over the short side, and what rounding explains.

    A faithful rounding moves each entry by at most eps of itself, and so by Cauchy and Schwarz each product of two unit
    vectors by 2 eps; the QR decomposition behind a 16-bit tensor was made in float32.
    """
    q = t.detach().double() / (gain or 1.0)
    gram = q @ q.T if q.shape[0] <= q.shape[1] else q.T @ q
    off = float((gram - torch.eye(gram.shape[0], dtype=gram.dtype, device=gram.device)).abs().max())
    eps = torch.finfo(t.dtype).eps
    return off, 2 * eps + 64 * min(eps, torch.finfo(torch.float32).eps) * max(t.shape) ** 0.5
