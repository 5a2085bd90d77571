"""The blocks of networks that are more than a chain: what one layer of depth does to the stream it is given.

A block is two things: the shapes of its weights, and a function of the stream and those weights, in plain torch, so
that forward-mode differentiation pushes tangents through whatever it does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from embcheck.propagation.functional import apply

if TYPE_CHECKING:
    from embcheck.propagation.activation import Activation

TOKENS = 16
"""Length of a transformer's sequence."""
SIDE = 8
"""Height and width of a convolution's image; zero padding drains power at its border."""
HEAD = 64
"""Width of an attention head, where it divides the width."""

Weights = Sequence[torch.Tensor]


@dataclass(frozen=True)
class Block:
    """One block of depth."""

    shapes: tuple[tuple[int, ...], ...]
    forward: Callable[[torch.Tensor, Weights, Weights], torch.Tensor]
    """(stream, weights, biases) to stream; the biases are empty where they are zero."""
    start: tuple[int, ...]
    """Shape of one input's stream."""
    zero_last: bool = False
    """The last weight starts at zero (Fixup, ReZero, SkipInit): the block is exactly the identity."""


def block(architecture: str, f: Activation, width: int, depth: int) -> Block:
    """The block that `architecture` repeats `depth` times."""
    double = 2 if f.gated else 1
    square = ((width * double, width), (width * double, width))
    pair = ((width * double, width), (width, width))
    if architecture == "conv":
        return Block(((width * double, width, 3, 3),), _conv(f), (width, SIDE, SIDE))
    if architecture == "transformer":
        attention = ((3 * width, width), (width, width))
        return Block((*attention, (4 * width * double, width), (width, 4 * width)), _transformer(f), (TOKENS, width))
    if architecture == "pre-norm":
        return Block(pair, _branch(f, before=True), (width,))
    if architecture == "post-norm":
        return Block(pair, _branch(f, after=True), (width,))
    scale = 1 / math.sqrt(depth) if architecture == "residual-scaled" else 1.0
    if f.gated:
        square = pair
    return Block(square, _residual(f, scale), (width,), zero_last=architecture == "residual-zero")


def _linear(x: torch.Tensor, weights: Weights, biases: Weights, i: int) -> torch.Tensor:
    return F.linear(x, weights[i], biases[i] if biases else None)


def _norm(x: torch.Tensor) -> torch.Tensor:
    return F.layer_norm(x, x.shape[-1:])


def _residual(f: Activation, scale: float) -> Callable[[torch.Tensor, Weights, Weights], torch.Tensor]:
    """x + scale * W2 phi(W1 phi(x)): pre-activation (He et al. 2016b); a gated unit acts between the weights alone."""

    def forward(x: torch.Tensor, weights: Weights, biases: Weights) -> torch.Tensor:
        inner = x if f.gated else apply(f, x)
        return x + scale * _linear(apply(f, _linear(inner, weights, biases, 0)), weights, biases, 1)

    return forward


def _branch(
    f: Activation, before: bool = False, after: bool = False
) -> Callable[[torch.Tensor, Weights, Weights], torch.Tensor]:
    """x + W2 phi(W1 norm(x)), or norm(x + W2 phi(W1 x))."""

    def forward(x: torch.Tensor, weights: Weights, biases: Weights) -> torch.Tensor:
        h = _linear(_norm(x) if before else x, weights, biases, 0)
        y = x + _linear(apply(f, h), weights, biases, 1)
        return _norm(y) if after else y

    return forward


def _conv(f: Activation) -> Callable[[torch.Tensor, Weights, Weights], torch.Tensor]:
    """The next pre-activation: convolution, 3x3 and "same", of the activation of the last one."""

    def forward(x: torch.Tensor, weights: Weights, biases: Weights) -> torch.Tensor:
        y = apply(f, x.movedim(1, -1)).movedim(-1, 1)
        return F.conv2d(y, weights[0], biases[0] if biases else None, padding=1)

    return forward


def _transformer(f: Activation) -> Callable[[torch.Tensor, Weights, Weights], torch.Tensor]:
    """Pre-norm self-attention and MLP; attention written out, for the fused one has no forward mode."""

    def forward(x: torch.Tensor, weights: Weights, biases: Weights) -> torch.Tensor:
        width = x.shape[-1]
        heads = width // HEAD if width % HEAD == 0 else 2
        packed = _linear(_norm(x), weights, biases, 0)
        split = (*x.shape[:-1], heads, width // heads)
        q, k, v = (z.reshape(split).transpose(-2, -3) for z in packed.chunk(3, dim=-1))
        share = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), dim=-1)
        x = x + _linear((share @ v).transpose(-2, -3).flatten(-2), weights, biases, 1)
        return x + _linear(apply(f, _linear(_norm(x), weights, biases, 2)), weights, biases, 3)

    return forward
