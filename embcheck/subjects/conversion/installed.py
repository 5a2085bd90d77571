"""The torch that is installed: whether somebody edited its own conversion."""

from __future__ import annotations

import ast
import inspect
import textwrap

import torch

from embcheck.results import Location
from embcheck.subjects.subject import Subject


def installation() -> Subject:
    """`Tensor.__array__` of this torch, as a subject of kind "installation".

    torch ships an `__array__` that calls `self.numpy()` and nothing that copies from a device; a call of `cpu`,
    `detach` or `to` on self in it is an edit.
    """
    try:
        lines, start = inspect.getsourcelines(torch.Tensor.__array__)
        path = inspect.getsourcefile(torch.Tensor.__array__) or ""
        added = sorted(additions("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        added, path, start = [], "", 1
    if added:
        message = f"Tensor.__array__ of the installed torch was edited: it calls {', '.join(added)} itself"
    else:
        message = "Tensor.__array__ of the installed torch is as it was shipped"
    return Subject(
        f"torch {torch.__version__}",
        "installation",
        torch.__version__,
        location=Location(path, start) if added else None,
        facts={
            "patched": bool(added),
            "message": message,
            "fix": "pip install --force-reinstall --no-deps torch; then x.detach().cpu().numpy() in your code",
        },
    )


def additions(source: str) -> set[str]:
    """The calls in an `__array__` that torch's own does not have: ``.cpu()``, ``.detach()``, ``.to()``."""
    tree = ast.parse(textwrap.dedent(source))
    return {
        f".{node.func.attr}()"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"cpu", "detach", "to"}
    }
