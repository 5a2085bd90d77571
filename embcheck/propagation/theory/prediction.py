"""What theory says of one configuration: the mean-field trajectory and the finite-width band around it."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from embcheck.propagation.theory.finite_width import Spread, spread
from embcheck.propagation.theory.fixed_points import FixedPoint, fixed_point
from embcheck.propagation.theory.gram import sample_networks
from embcheck.propagation.theory.trajectory import Step, Trajectory, follow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation
    from embcheck.propagation.weights import Bias, Initializer


@dataclass(frozen=True)
class Prediction:
    """Theory for a chain of layers, first pre-activation first; gradients per coordinate, fan ratio included."""

    steps: tuple[Step, ...]
    path: Trajectory
    band: Spread
    fixed: FixedPoint | None
    """Of a layer in the middle; None for a residual stream, which has none."""
    cosine: tuple[float, ...] = ()
    """Of a transformer: between the tokens of one sequence, after each block."""

    @property
    def log_q(self) -> tuple[float, ...]:
        """Typical ln q of a network of this width: the mean field and the mean shift."""
        return _shifted(self.path.log_q, self.band.mean_q)

    @property
    def log_s(self) -> tuple[float, ...]:
        """ln s: the mean field's, shifted where the band knows by how much."""
        return _shifted(self.path.log_s, self.band.mean_s) if self.band.mean_s else self.path.log_s

    @property
    def log_g(self) -> tuple[float, ...]:
        """Typical ln g, relative to the last layer."""
        if not self.steps:
            return self.path.log_g
        last, end = self.band.mean_t[-1], self.steps[-1].fan_out
        return tuple(
            g + (last - m if math.isfinite(last) and math.isfinite(m) else 0.0) + math.log(end / step.fan_out)
            for g, m, step in zip(self.path.log_g, self.band.mean_t, self.steps, strict=True)
        )

    @property
    def beta(self) -> float:
        """Variance of ln g_1 over seeds: the sum of c / n along the depth; NaN where it is not known."""
        return self.band.var_t[-1]


def resample(prediction: Prediction, f: Activation, *, seed: int, inputs: int, input_std: float = 1.0) -> Prediction:
    """The same mean field, with drift and spread of sampled networks instead of the recursion's.

    Exact at any width for Gaussian weights (see `gram`), for the average over `inputs` inputs as it is measured; a
    network whose sample leaves the range of doubles keeps the recursion.
    """
    sample = sample_networks(f, prediction.steps, seed=seed, q0=input_std**2, inputs=inputs)
    columns: list[tuple[float, ...]] = []
    for seen, path in (
        (sample.log_q, prediction.path.log_q),
        (sample.log_t, prediction.path.log_t),
        (sample.log_s, prediction.path.log_s),
    ):
        mean_field = np.asarray(path) - path[0]
        change = seen - seen[:, :1]
        if not np.isfinite(change).all() or not np.isfinite(mean_field).all():
            return prediction
        columns += [tuple((change.mean(axis=0) - mean_field).tolist()), tuple(change.var(axis=0, ddof=1).tolist())]
    return replace(prediction, band=Spread(*columns))


@lru_cache(maxsize=1024)
def predict(
    f: Activation, init: Initializer, bias: Bias, widths: tuple[int, ...], input_std: float = 1.0
) -> Prediction | None:
    """Theory for a plain chain with these widths, input width first.

    None where the mean field does not hold: weights that are not centred or not random, a bias with a mean.
    """
    steps = layer_steps(f, init, bias, widths)
    if steps is None:
        return None
    path = follow(f, steps, q0=input_std**2)
    shape = (widths[1] * (2 if f.gated else 1), widths[0])
    band = spread(f, steps, path, orthogonal=init.structure(shape) == "orthogonal")
    middle = steps[len(steps) // 2]
    return Prediction(steps, path, band, fixed_point(f, middle.sigma_w2, middle.sigma_b2, math.exp(_bounded(path))))


def layer_steps(f: Activation, init: Initializer, bias: Bias, widths: Sequence[int]) -> tuple[Step, ...] | None:
    """One step a layer, or None where there is no theory."""
    known: dict[tuple[int, int], Step | None] = {}
    steps: list[Step] = []
    for fan_in, fan_out in itertools.pairwise(widths):
        if (fan_in, fan_out) not in known:
            known[fan_in, fan_out] = _step(f, init, bias, fan_in, fan_out)
        step = known[fan_in, fan_out]
        if step is None:
            return None
        steps.append(step)
    return tuple(steps)


def _step(f: Activation, init: Initializer, bias: Bias, fan_in: int, fan_out: int) -> Step | None:
    shape = (fan_out * (2 if f.gated else 1), fan_in)
    if init.structure(shape) == "other" or not bias.centred(fan_in):
        return None
    return Step(fan_in * init.moment(shape), bias.moment(fan_in), fan_in, fan_out)


def _bounded(path: Trajectory) -> float:
    return min(max(path.log_q[0], -100.0), 100.0)


def _shifted(base: tuple[float, ...], shift: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(b + (s if math.isfinite(s) else 0.0) for b, s in zip(base, shift, strict=True))
