"""What the authors of the cases would have declared: `META["spec"]`, loose as it is, in embcheck's own words."""

from __future__ import annotations

import math
from typing import Any

INVERSE = {
    "": float,
    "exp": lambda y: math.log(y) if y > 0 else -1e30,
    "softplus": lambda y: y + math.log(-math.expm1(-y)),
    "sigmoid": lambda y: math.log(y / (1 - y)),
    "tanh": math.atanh,
}


def declaration(spec: dict[str, Any] | None) -> dict[str, Any] | None:
    """The declaration that a spec stands for; it says what was meant and nothing of what went wrong."""
    declared: dict[str, Any] = {}
    for pattern, meant in (spec or {}).items():
        if pattern == "padding_idx":
            for module, row in meant.items():
                declared[f"{module}.weight" if module else "weight"] = {"law": "any()", "padding_idx": row}
            continue
        if pattern in {"tied", "trainable"}:  # tensor to tensor, tensor to yes or no
            declared.update({tensor: {"law": "any()", pattern: value} for tensor, value in meant.items()})
            continue
        name, *arguments = meant
        if name == "linear_default":  # torch's own default, for a stack of (out, in) matrices
            declared[pattern] = {"law": "kaiming_uniform(a=sqrt(5))", "layout": "e,out,in"}
        elif "per gate" in arguments:
            declared[pattern] = {"law": f"{name}()", "blocks": "gates"}
        elif name == "variance_scaling":
            mode, scale = arguments
            declared[pattern] = f"variance_scaling({scale}, {mode!r})"
        elif name == "range":  # of the tensor, or of an increasing function of it: `softplus(dt_proj.bias)`
            function, _, tensor = pattern.removesuffix(")").rpartition("(")
            low, high = (INVERSE[function](bound) for bound in arguments)
            declared[tensor] = f"within({low!r}, {high!r})"
        else:
            declared[pattern] = f"{name}({', '.join(map(repr, arguments))})"
    return declared or None
