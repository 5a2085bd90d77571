"""A true backward pass through a chain: the weights are drawn again in reverse, activations are kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.propagation.measured.functional import apply

if TYPE_CHECKING:
    from embcheck.propagation.measured.measure import Stream
    from embcheck.propagation.theory.activation import Activation


def exact_gradient(stream: Stream, f: Activation, replicate: int, inputs: int) -> list[float] | None:
    """ln of the gradient's power at each pre-activation, per coordinate, relative to the last layer.

    The same weights and inputs as `measure` of that replicate; memory is O(width^2 + depth * inputs * width). The
    cotangent is renormalised on its way, the forward signal is not: None where it leaves the dtype.
    """
    with torch.no_grad():
        x = stream.draw_inputs(replicate, (inputs, stream.widths[0]))
        kept = [x]
        for layer in range(1, stream.depth + 1):
            weight, bias = stream.draw(replicate, layer)
            h = (kept[-1] if layer == 1 else apply(f, kept[-1])) @ weight.t()
            kept.append(h if bias is None else h + bias)
        if not all(bool(torch.isfinite(h).all()) for h in kept):
            return None
        u = torch.randn(
            kept[-1].shape, generator=stream.generator(replicate, "cotangents"), device=stream.device
        ).float()
        found = [0.0]
        total = -u.square().mean(dim=1).cpu().double().log()
        for layer in range(stream.depth, 1, -1):
            weight, _ = stream.draw(replicate, layer)
            with torch.enable_grad():
                h = kept[layer - 1].detach().requires_grad_(True)
                (u,) = torch.autograd.grad(apply(f, h), h, (u.to(stream.dtype) @ weight))
            u = u.float()
            size = u.square().mean(dim=1)
            host = size.cpu().double()
            held = host > 0
            found.append(float((total + host.log())[held].mean()) if bool(held.any()) else -math.inf)
            safe = size.clamp_min(1e-30)
            total += safe.cpu().double().log()
            u = u / safe.sqrt()[:, None]
        return list(reversed(found))
