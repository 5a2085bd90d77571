"""What to type to mend the scale of a user's model: the initializer that its commonest activation asks for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from embcheck.propagation.traced.traced_activation import activation_of

if TYPE_CHECKING:
    from embcheck.propagation.traced.graph import Trace


def gain_fix(trace: Trace) -> str:
    """One line; empty where no activation is known that most layers feed."""
    known = [n for n in trace.nodes if n.kind == "activation" and activation_of(n) is not None]
    if not known:
        return ""
    (op, _), *_ = Counter(n.op for n in known).most_common(1)
    f = activation_of(next(n for n in known if n.op == op))
    if f is None or f.gated:
        return ""
    if op in {"relu", "leaky_relu"}:
        slope = f", a={f.slopes[1]:g}" if op == "leaky_relu" and f.slopes else ""
        return f"nn.init.kaiming_normal_(layer.weight{slope}, nonlinearity='{op}'); nn.init.zeros_(layer.bias)"
    if op == "selu":
        return "nn.init.kaiming_normal_(layer.weight, nonlinearity='linear')  # gain 1: SELU keeps the variance at 1"
    return f"embcheck variance-sweep --find-gain --activation {f.name}"
