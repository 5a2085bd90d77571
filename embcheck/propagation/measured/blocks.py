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

from embcheck.propagation.measured.functional import apply
from embcheck.propagation.request import SIDE, TOKENS

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

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


def block(architecture: str, f: Activation, width: int, depth: int, tokens: int = TOKENS) -> Block:
    """The block that `architecture` repeats `depth` times; `tokens` is the length of a transformer's sequence."""
    double = 2 if f.gated else 1
    square = ((width * double, width), (width * double, width))
    pair = ((width * double, width), (width, width))
    if architecture == "conv":
        return Block(((width * double, width, 3, 3),), _conv(f), (width, SIDE, SIDE))
    if architecture.startswith("transformer"):
        attention = ((3 * width, width), (width, width))
        factor = 1 / math.sqrt(2 * depth) if architecture == "transformer-scaled" else 1.0
        forward = _transformer(f, factor, after=architecture == "transformer-post-norm")
        return Block((*attention, (4 * width * double, width), (width, 4 * width)), forward, (tokens, width))
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


def _transformer(f: Activation, factor: float, after: bool) -> Callable[[torch.Tensor, Weights, Weights], torch.Tensor]:
    """Causal self-attention and MLP, each on norm(x) and added to x; or each added to x and then the norm (`after`).

    `factor` scales the weights of both projections into the stream (Radford et al. 2019: 1/sqrt(2 L)).
    """

    def forward(x: torch.Tensor, weights: Weights, biases: Weights) -> torch.Tensor:
        y = x + _linear(_attention(_linear(x if after else _norm(x), weights, biases, 0)) * factor, weights, biases, 1)
        if after:
            y = _norm(y)
        h = apply(f, _linear(y if after else _norm(y), weights, biases, 2))
        y = y + _linear(h * factor, weights, biases, 3)
        return _norm(y) if after else y

    return forward


def _attention(packed: torch.Tensor) -> torch.Tensor:
    """Causal attention of packed queries, keys, values; written out, for the fused one has no forward mode."""
    tokens, width = packed.shape[-2], packed.shape[-1] // 3
    heads = width // HEAD if width % HEAD == 0 else 2
    split = (*packed.shape[:-1], heads, width // heads)
    q, k, v = (z.reshape(split).transpose(-2, -3) for z in packed.chunk(3, dim=-1))
    score = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    later = torch.ones(tokens, tokens, dtype=torch.bool, device=packed.device).triu(1)
    share = torch.softmax(score.masked_fill(later, -math.inf), dim=-1)
    return (share @ v).transpose(-2, -3).flatten(-2)
