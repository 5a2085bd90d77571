"""What the authors of the cases would have declared: `META["spec"]`, loose as it is, in embcheck's own words."""

from __future__ import annotations

from typing import Any


def declaration(spec: dict[str, Any] | None) -> dict[str, Any] | None:
    """The declaration that a spec stands for; it says what was meant and nothing of what went wrong."""
    declared: dict[str, Any] = {}
    for pattern, meant in (spec or {}).items():
        if pattern == "padding_idx":
            for module, row in meant.items():
                declared[f"{module}.weight" if module else "weight"] = {"law": "any()", "padding_idx": row}
            continue
        name, *arguments = meant
        if name == "linear_default":  # torch's own default, for a stack of (out, in) matrices
            declared[pattern] = {"law": "kaiming_uniform(a=sqrt(5))", "layout": "e,out,in"}
        elif "per gate" in arguments:
            declared[pattern] = {"law": f"{name}()", "blocks": "gates"}
        elif name == "variance_scaling":
            mode, scale = arguments
            declared[pattern] = f"variance_scaling({scale}, {mode!r})"
        elif name == "range" and pattern.startswith("softplus("):
            continue  # a range of softplus of the tensor: no law; the mark on the parameter says it is special
        else:
            declared[pattern] = f"{name}({', '.join(map(repr, arguments))})"
    return declared or None
