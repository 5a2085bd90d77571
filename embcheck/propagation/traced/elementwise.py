"""Activations that somebody wrote out as a module (GPT-2's GELU, CLIP's quick GELU): one row, with the theory of the
function that the module itself computes, sampled on a line."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.interpolate import CubicHermiteSpline

from embcheck.propagation.theory.activation import Activation
from embcheck.propagation.traced.undisturbed import as_before, unwrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from embcheck.propagation.theory.activation import Floats
    from embcheck.propagation.traced.graph import Node, Trace

_JUMP, _MOST_KINKS = 0.05, 8
_REACH, _POINTS = 40.0, 8001
"""The line and its points, 0.01 apart: between them a smooth function is known to 1e-8, beyond it goes on straight."""


def fold(trace: Trace, model: nn.Module) -> Trace:
    """The trace with every such module as one activation, its own operations marked as inner.

    A module is one if it has neither children nor tensors, took one signal, gave one of the same shape, and treats
    every element alike: tried on a line of numbers, that line reversed, and the line as a column.
    """
    modules = dict(unwrapped(model).named_modules())
    known: dict[str, Activation | None] = {}
    nodes = list(trace.nodes)
    for name, run in itertools.groupby(trace.nodes, key=lambda n: n.module):
        inside = list(run)
        module = modules.get(name)
        source = _source(trace, inside)
        if module is None or source is None or any(True for _ in module.children()) or _holds_tensors(module):
            continue
        if name not in known:
            known[name] = _sampled(module)
        if (f := known[name]) is None:
            continue
        for node in inside[:-1]:
            nodes[node.index] = replace(node, inner=True)
        last = inside[-1]
        nodes[last.index] = replace(
            last, op=type(module).__name__, kind="activation", parents=(source,), operands=(source,), options=(),
            activation=f,
        )  # fmt: skip
    return replace(trace, nodes=tuple(nodes))


def _source(trace: Trace, inside: Sequence[Node]) -> int | None:
    """The one node that a run of operations took its signal from, if it kept the shape and gave one output."""
    own = {n.index for n in inside}
    fed = {p for n in inside for p in n.parents} - own
    if len(inside) < 2 or len(fed) != 1 or any(c not in own for n in inside[:-1] for c in trace.children[n.index]):
        return None
    (source,) = fed
    return source if all(n.shape == trace.nodes[source].shape and not n.weight for n in inside) else None


def _holds_tensors(module: nn.Module) -> bool:
    return any(True for _ in module.parameters()) or any(True for _ in module.buffers())


def _sampled(module: nn.Module) -> Activation | None:
    """The function on the line, and its slope by autograd; None if it is not one function of each element."""
    line = torch.linspace(-_REACH, _REACH, _POINTS, dtype=torch.float64)
    try:
        with as_before(module), torch.random.fork_rng(devices=[]), torch.enable_grad():
            h = line.clone().reshape(1, -1).requires_grad_(True)
            y = module(h)
            (slope,) = torch.autograd.grad(y.sum(), h)
            turned = module(line.flip(0).reshape(1, -1)).flip(1)
            upright = module(line.reshape(-1, 1)).reshape(1, -1)
    except Exception:  # noqa: BLE001 - whatever a module raises on such an input, it is no such function
        return None
    if not (torch.isfinite(y).all() and torch.equal(y, turned) and torch.equal(y, upright)):
        return None
    spline = CubicHermiteSpline(line.numpy(), y.detach().numpy()[0], slope.numpy()[0])
    tangent = spline.derivative()
    ends = {s: (float(spline(s * _REACH)), float(tangent(s * _REACH))) for s in (-1, 1)}

    def phi(h: Floats) -> Floats:
        inside = spline(np.clip(h, -_REACH, _REACH))
        beyond = np.sign(h) * np.maximum(np.abs(h) - _REACH, 0.0)
        return np.asarray(inside + beyond * np.where(h < 0, ends[-1][1], ends[1][1]))

    def derivative(h: Floats) -> Floats:
        return np.asarray(tangent(np.clip(h, -_REACH, _REACH)))

    # where the slope jumps between two points is a kink, and quadrature is split there
    jumps = np.flatnonzero(np.abs(np.diff(slope.numpy()[0])) > _JUMP)
    kinks = tuple(sorted({round(float(line[i] + line[i + 1]) / 2, 2) for i in jumps}))
    return Activation(type(module).__name__, phi, derivative, kinks) if len(kinks) <= _MOST_KINKS else None
