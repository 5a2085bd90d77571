"""Lines that a user can paste: a tensor's name as Python, and the call that draws it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embcheck.subjects.inventory.held import Held
    from embcheck.subjects.subject import Subject


def spelled(name: str, live: bool = True) -> str:
    """`layers.0.weight` as `model.layers[0].weight`, or as `state["layers.0.weight"]` where there is no live model."""
    if not live:
        return f'state["{name}"]'
    written = "model"
    for piece in filter(None, name.split(".")):
        written += f"[{piece}]" if piece.isdigit() else f".{piece}" if piece.isidentifier() else f'["{piece}"]'
    return written


def expression(subject: Subject, role: str = "") -> str:
    """The tensor that a subject is, or is a part of, as Python; `role` is its name in a layer that no model holds."""
    held = subject.facts.get("held")
    bare = f"{subject.name}.{role}" if role else subject.name
    return bare if held is None else spelled(held.name, held.module is not None)


def share_of(fraction: float) -> str:
    """How much of a tensor: ``it``, ``50% of it``, ``0.0003 of it``."""
    return "it" if fraction == 1 else f"{fraction:.2g} of it" if fraction < 0.01 else f"{fraction:.0%} of it"


def drawing(held: Held, std: float | None = None) -> str:
    """The line that draws a tensor: xavier needs two dimensions, a vector gets a normal law (a norm's gain ones)."""
    name = spelled(held.name, held.module is not None)
    if held.layer == "norm" or re.search(r"bias$", held.role):
        return f"nn.init.{'zeros' if held.role.endswith('bias') else 'ones'}_({name})"
    if std is not None:
        return f"nn.init.normal_({name}, std={std:.3g})"
    return f"nn.init.xavier_uniform_({name})" if len(held.shape) >= 2 else f"nn.init.normal_({name}, std=0.02)"
