"""Streams through blocks: the same three channels, with tangents by forward-mode differentiation of the block."""

from __future__ import annotations

import importlib
import math
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import torch
from torch.autograd import forward_ad

from embcheck.propagation.measured.blocks import Block, block
from embcheck.propagation.measured.measure import Reading, Stream
from embcheck.propagation.request import TOKENS

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

COMFORT = 2.0**20


def measure_blocks(
    stream: Stream,
    f: Activation,
    architecture: str,
    replicate: int,
    *,
    inputs: int,
    exact: bool = False,
    tokens: int = TOKENS,
) -> Reading:
    """One seed of one network; the stream is read after every block.

    Args:
        stream: weights, widths (all equal) and where they live.
        f: the activation.
        architecture: of `request.ARCHITECTURES`, not mlp.
        replicate: which seed.
        inputs: how many inputs, each with a tangent of its own.
        exact: also send cotangents back through the blocks, drawn again in reverse.
        tokens: length of a transformer's sequence.
    """
    made = block(architecture, f, stream.widths[0], stream.depth, tokens)
    run = _Run(stream, made, replicate)
    reading = Reading()
    with torch.no_grad():
        shape = (inputs, *made.start)
        x = stream.draw_inputs(replicate, shape)
        if architecture == "conv":
            x = run.stem(x)
        kept = [x] if exact else []
        t = run.normal(tuple(x.shape), "tangents")
        scale, log_scale = 0.0, torch.zeros(inputs, dtype=torch.float64)
        free = f.homogeneous and not run.norms(architecture) and stream.bias.moment(stream.widths[0]) == 0
        for layer in range(1, stream.depth + 1):
            if layer > 1 or architecture != "conv":
                x, t = run.push(x, t, layer)
            size = _mean(t)
            power = _mean(x)
            if not bool(torch.isfinite(power).all() and torch.isfinite(size).all()):
                reading.first_bad = layer
                _fill(reading, stream.depth)
                break
            _write(reading, x, (power, size), scale, log_scale)
            if run.sequence(architecture):
                reading.cosine.append(_cosine(x))
            root = size.clamp_min(1e-30).sqrt()
            t = t / root.view(-1, *[1] * (t.dim() - 1)).to(t.dtype)
            log_scale += 2 * root.cpu().double().log()
            rms = float(power.mean().sqrt())
            if free and rms > 0 and not 1 / COMFORT < rms < COMFORT:
                step = round(math.log2(rms))
                x, scale = x * 2.0**-step, scale + step
            if exact:
                kept.append(x)
        first = reading.log_t[0]
        reading.log_t = [value - first for value in reading.log_t]
        if exact and not reading.first_bad:
            reading.log_g = run.back(kept, stream.depth)
    return reading


class _Run:
    """Draws the weights of any block, again if asked, into buffers that are used again."""

    def __init__(self, stream: Stream, made: Block, replicate: int) -> None:
        self.stream, self.block, self.replicate = stream, made, replicate
        self.buffers = [torch.empty(s, dtype=stream.dtype, device=stream.device) for s in made.shapes]

    def norms(self, architecture: str) -> bool:
        return architecture in {"pre-norm", "post-norm"} or self.sequence(architecture)

    def sequence(self, architecture: str) -> bool:
        return architecture.startswith("transformer")

    def normal(self, shape: tuple[int, ...], purpose: str) -> torch.Tensor:
        generator = self.stream.generator(self.replicate, purpose)
        return torch.randn(shape, generator=generator, device=self.stream.device).to(self.stream.dtype)

    def weights(self, layer: int) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        biases = []
        for i, buffer in enumerate(self.buffers):
            generator = self.stream.generator(self.replicate, layer, i)
            self.stream.init.fill(buffer, generator)
            if self.block.zero_last and i == len(self.buffers) - 1:
                buffer.zero_()
            bias = self.stream.draw_bias(buffer.shape[0], buffer[0].numel(), generator)
            if bias is not None:
                biases.append(bias)
        return self.buffers, biases

    def stem(self, x: torch.Tensor) -> torch.Tensor:
        """The first convolution, of the input itself."""
        weights, biases = self.weights(1)
        return torch.nn.functional.conv2d(x, weights[0], biases[0] if biases else None, padding=1)

    def push(self, x: torch.Tensor, t: torch.Tensor, layer: int) -> tuple[torch.Tensor, torch.Tensor]:
        weights, biases = self.weights(layer)
        _load_forward_mode()
        with forward_ad.dual_level():
            # torch ships no types for its forward mode
            dual: Any = forward_ad
            y, dy = dual.unpack_dual(self.block.forward(dual.make_dual(x, t), weights, biases))
            return y.clone(), torch.zeros_like(y) if dy is None else dy.clone()

    def back(self, kept: list[torch.Tensor], depth: int) -> list[float]:
        """ln of the gradient's power at the stream after each block, relative to the last."""
        u = self.normal(tuple(kept[-1].shape), "cotangents")
        start = _mean(u)
        total = torch.zeros(u.shape[0], dtype=torch.float64)
        found = [0.0]
        u = u / start.sqrt().view(-1, *[1] * (u.dim() - 1)).to(u.dtype)
        for layer in range(depth, 1, -1):
            weights, biases = self.weights(layer)
            with torch.enable_grad():
                x = kept[layer - 1].detach().requires_grad_(True)
                (u,) = torch.autograd.grad(self.block.forward(x, weights, biases), x, u)
            size = _mean(u).clamp_min(1e-30)
            total += size.cpu().double().log()
            u = u / size.sqrt().view(-1, *[1] * (u.dim() - 1)).to(u.dtype)
            found.append(float(total.mean()))
        return list(reversed(found))


@lru_cache(maxsize=1)
def _load_forward_mode() -> None:
    """torch compiles its forward-mode formulas on first use, with a deprecated call of its own that warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        importlib.import_module("torch._decomp.decompositions_for_jvp")


def _write(
    reading: Reading,
    x: torch.Tensor,
    powers: tuple[torch.Tensor, torch.Tensor],
    scale: float,
    log_scale: torch.Tensor,
) -> None:
    """One more layer of the reading; `powers` of the stream and of its tangents, one an input."""
    power, size = (p.cpu() for p in powers)
    two_k = 2 * scale * math.log(2)
    if bool((power == 0).all()):
        reading.log_q.append(-math.inf)
        reading.log_s.append(-math.inf)
    else:
        alive = power > 0
        reading.log_q.append(float(power[alive].double().log().mean()) + two_k)
        spread = float((x.float() - x.float().mean(dim=0)).square().sum()) / ((x.shape[0] - 1) * x[0].numel())
        reading.log_s.append(math.log(spread) + two_k if spread > 0 else -math.inf)
    held = size > 0
    value = float((size.double().log() + log_scale)[held].mean()) if bool(held.any()) else -math.inf
    reading.log_t.append(value)
    reading.log_x.append(reading.log_q[-1])


def _fill(reading: Reading, depth: int) -> None:
    """Nothing more can be seen after infinity."""
    for column in (reading.log_q, reading.log_s, reading.log_t, reading.log_x):
        column.extend([math.inf] * (depth - len(column)))


def _cosine(x: torch.Tensor) -> float:
    """Mean over sequences and over pairs of different tokens; [sequences, tokens, width]."""
    tokens = x.shape[1]
    unit = torch.nn.functional.normalize(x.float(), dim=-1)
    return (float(unit.sum(dim=1).square().sum(dim=-1).mean()) / tokens - 1) / (tokens - 1)


def _mean(x: torch.Tensor) -> torch.Tensor:
    return x.float().square().flatten(1).mean(dim=1)
