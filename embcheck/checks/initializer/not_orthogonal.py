"""A matrix that should be orthogonal is not.

## What it checks
A tensor under the law `orthogonal(gain)`: its rows (or columns, whichever are fewer; dimensions after the first are
flattened) are orthogonal to each other and have length `gain`.

## Why it matters
Orthogonal weights keep the length of every signal and of every gradient, at any depth; that is why recurrent networks
use them. A fused (4H, H) weight that is orthogonal as a whole has four gates that are not, each too small by half.

## How it decides
Certain, not statistical. Measured: the largest element of |Q Q^T - gain^2 I|. Allowed: gain^2 (2 eps + 4 sqrt(m n)
u). 2 eps bounds what two faithful roundings to the dtype do to a product of unit vectors (Cauchy-Schwarz). The second
term is the loss of orthogonality of a Householder QR of an m x n matrix with unit roundoff u (float32's for 16-bit
dtypes): Higham's bound gamma_mn (Accuracy and Stability of Numerical Algorithms, 2nd ed., theorem 19.4) with the
probabilistic sqrt(mn) in place of mn (N. Higham and T. Mary, SIAM J. Sci. Comput. 41 (2019), A2815, lambda = 4). No
false alarm is expected; at 256 x 256 in float32 an error of 6e-5 is caught.

## How to fix
Call `nn.init.orthogonal_(w, gain)` on each block that a matrix product uses by itself: `for gate in w.chunk(4): ...`.

## Example
`nn.init.orthogonal_(lstm.weight_hh_l0)` with H = 64: each 64 x 64 gate has rows of length 1 at most, none orthogonal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import dense, initializer_call
from embcheck.checks.mechanisms.spelling import expression
from embcheck.laws.families import Orthogonal
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})
_MULTIPLICATIONS = 1 << 30
"""The largest product that is paid for; of more vectors, evenly spaced ones are multiplied."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Multiply `subject.value` by its transpose, in float32 or better, on its own device."""
    law, value = subject.law, dense(subject.value)
    if not isinstance(law, Orthogonal) or value is None or value.dim() < 2:
        return
    if not value.numel() or not value.is_floating_point():
        return
    matrix = value.reshape(value.shape[0], -1)
    eps = torch.finfo(value.dtype).eps
    matrix = matrix.float() if matrix.dtype.itemsize < 4 else matrix
    vectors = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    number, length = vectors.shape
    most = max(2, math.isqrt(_MULTIPLICATIONS // length))
    vectors = vectors[:: math.ceil(number / most)]
    gram = vectors @ vectors.T
    square = law.gain**2
    common = float(gram.diagonal().mean())
    if law.gain and abs(math.sqrt(max(common, 0.0)) / law.gain - 1) <= context.tolerance:
        square = common  # another gain, by less than matters
    gram.diagonal().sub_(square)
    error = float(gram.abs().max())
    unit = torch.finfo(matrix.dtype).eps / 2
    allowed = square * (2 * eps + 4 * math.sqrt(number * length) * unit)
    holds = error <= allowed
    lengths = (gram.diagonal() + square).clamp(min=0).sqrt()
    axis = "rows" if matrix.shape[0] <= matrix.shape[1] else "columns"
    message = (
        f"the {number} {axis} are orthogonal and of length {math.sqrt(square):.4g} to within {error:.2g}; "
        f"{allowed:.2g} is allowed"
    )
    if not holds:
        message = (
            f"Q Q^T differs from gain^2 I by up to {error:.3g} where {allowed:.2g} is allowed; the {number} {axis} "
            f"have lengths from {float(lengths.min()):.4g} to {float(lengths.max()):.4g} where gain is {law.gain:.4g}"
        )
    yield Evidence(
        message,
        measured=error if math.isfinite(error) else None,
        expected=0.0,
        allowed=allowed,
        n=value.numel(),
        holds=holds,
        fix="" if holds else initializer_call(law, expression(subject)),
    )
