"""What really happens: weights drawn by the real initializer, streamed through one buffer, seen by several networks.

One pass gives all three channels. B inputs and B random tangents go through the same product; the tangents carry the
Jacobian's power forward (t' = W (phi'(h) * t)), so that nothing is stored for a backward pass and memory is O(width^2)
whatever the depth. Networks that differ in their activation alone share the weights of each layer: drawing them is
most of the work.

Scale never ends the measurement: tangents are linear and renormalised at will, and a forward signal that leaves the
comfortable range is kept as x = 2^k x' with phi(2^k x') / 2^k, which is exact for a scale-free phi and has a limit
for every other that is linear near 0 or far out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from embcheck.propagation.measured.functional import elementwise, with_derivative
from embcheck.propagation.theory.maps import moments
from embcheck.propagation.theory.silence import SATURATED
from embcheck.seeds import stable_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation
    from embcheck.propagation.weights import Bias, Initializer

INPUTS = 16
"""Inputs and tangents a seed. More say little: they share the weights, and seeds are the replicates."""
COMFORT = 20
"""A forward signal is rescaled when its rms leaves [2^-COMFORT, 2^COMFORT]."""
FLAT = 40
"""|k| at which 2^k is so small (or large) that a phi linear there is its own limit: it is not followed further."""


@dataclass(frozen=True)
class Stream:
    """The weights that several networks share."""

    init: Initializer
    bias: Bias
    widths: tuple[int, ...]
    """Input width first; depth + 1 numbers."""
    gated: bool = False
    dtype: torch.dtype = torch.float32
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    seed: int = 0
    input_std: float = 1.0

    @property
    def depth(self) -> int:
        """Linear layers."""
        return len(self.widths) - 1

    def shape(self, layer: int) -> tuple[int, int]:
        """Of the weight of layer 1, 2, ...: a gated unit needs two rows, but for the last layer's, which feeds none."""
        return (self.widths[layer] * (2 if self.gated else 1), self.widths[layer - 1])

    def draw_bias(self, rows: int, columns: int, generator: torch.Generator) -> torch.Tensor | None:
        """The bias of one layer; None where it is zero."""
        if self.bias.moment(columns) == 0:
            return None
        return self.bias.fill(torch.empty(rows, dtype=self.dtype, device=self.device), columns, generator)

    def draw(self, replicate: int, layer: int) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Weight and bias of one layer, in memory of their own: the same as `measure` draws."""
        rows, columns = self.shape(layer)
        generator = self.generator(replicate, layer)
        weight = torch.empty(rows, columns, dtype=self.dtype, device=self.device)
        return self.init.fill(weight, generator), self.draw_bias(rows, columns, generator)

    def draw_inputs(self, replicate: int, shape: tuple[int, ...]) -> torch.Tensor:
        """N(0, input_std^2), drawn in float32 whatever the dtype."""
        x = torch.randn(shape, generator=self.generator(replicate, "inputs"), device=self.device)
        return (x if self.input_std == 1 else x * self.input_std).to(self.dtype)

    def generator(self, *parts: object) -> torch.Generator:
        """A generator that depends on the seed and on what it is for, not on the initializer or the activation.

        So two initializers of one family are compared on the same normals: their difference has less noise.
        """
        made = torch.Generator(device=self.device)
        made.manual_seed(stable_seed(self.seed, "propagation", *parts))
        return made


@dataclass
class Reading:
    """One network, one seed: natural logarithms per layer."""

    log_q: list[float] = field(default_factory=list)
    log_s: list[float] = field(default_factory=list)
    log_t: list[float] = field(default_factory=list)
    log_x: list[float] = field(default_factory=list)
    """Power of the activation that feeds each layer's product (for the first, of the input)."""
    dead: list[float] = field(default_factory=list)
    saturated: list[float] = field(default_factory=list)
    log_g: list[float] | None = None
    """Of a true backward pass, where one was made: relative to the last layer."""
    isometry: float | None = None
    """Relative variance of the squared singular values of the Jacobian, where it was measured."""
    first_bad: int = 0
    """First layer with NaN or infinity; 0 for none."""
    cosine: list[float] = field(default_factory=list)
    """Of a transformer: mean cosine between different tokens of one sequence, after each block."""


def measure(stream: Stream, activations: Sequence[Activation], replicate: int, inputs: int = INPUTS) -> list[Reading]:
    """Follow one seed's inputs and tangents through the stream, once for each activation.

    Returns:
        a reading for each activation, `stream.depth` numbers in each list.
    """
    with torch.no_grad():
        x = stream.draw_inputs(replicate, (inputs, stream.widths[0]))
        riders = [_Rider(f, stream, x) for f in activations]
        buffer = torch.empty(0, dtype=stream.dtype, device=stream.device)
        for layer in range(1, stream.depth + 1):
            rows, columns = stream.shape(layer)
            if buffer.numel() != rows * columns:
                buffer = torch.empty(rows * columns, dtype=stream.dtype, device=stream.device)
            generator = stream.generator(replicate, layer)
            weight = stream.init.fill(buffer.view(rows, columns), generator)
            bias = stream.draw_bias(rows, columns, generator)
            alive = [r for r in riders if not r.reading.first_bad]
            if layer == 1:
                h = x @ weight.t()
                t = torch.randn(inputs, rows, generator=stream.generator(replicate, "tangents"), device=stream.device)
                for r in alive:
                    r.receive(h, t.to(stream.dtype), bias, layer)
            elif alive:
                product = torch.cat([z for r in alive for z in (r.x, r.t)]) @ weight.t()
                parts = torch.split(product, inputs)
                for i, r in enumerate(alive):
                    r.receive(parts[2 * i], parts[2 * i + 1], bias, layer)
            for r in riders:
                if r.reading.first_bad and len(r.reading.log_q) < layer:
                    r.repeat()
    return [r.reading for r in riders]


class _Rider:
    """One activation on the stream: its inputs, tangents and the powers of two taken out of them."""

    def __init__(self, f: Activation, stream: Stream, x: torch.Tensor) -> None:
        self.f, self.stream = f, stream
        self.function = elementwise(f)
        self.reading = Reading()
        self.x, self.t = x, x
        self.k = 0  # the true signal is 2^k times the one held
        # sums of logarithms live on the host, in float64, which not every device has
        self.log_none = torch.zeros(x.shape[0], dtype=torch.float64)
        self.log_scale = self.log_none.clone()  # of each tangent
        self.limits = (_linear_at(f, -1.0), _linear_at(f, 1.0))
        rounding = 2.0 ** -{torch.float16: 11, torch.bfloat16: 8, torch.float64: 53}.get(stream.dtype, 24)
        # below this share, differences between inputs are rounding noise and the tangents tell the signal
        self.least_share = max(1e-6, 100 * rounding**2) if stream.dtype != torch.float64 else 1e-12

    def receive(self, h: torch.Tensor, t: torch.Tensor, bias: torch.Tensor | None, layer: int) -> None:
        """Take a layer's products, write down what they show, and go on through the activation."""
        h, t = (
            self._biased(h if h.dtype == torch.float64 else h.float(), bias),
            t if t.dtype == torch.float64 else t.float(),
        )
        power = h.square().mean(dim=1)
        if not bool(torch.isfinite(power).all()):
            self.reading.first_bad = layer
            return
        reading, two_k = self.reading, 2 * self.k * math.log(2)
        first = 2 * math.log(self.stream.input_std)
        reading.log_x.append(_log(float(self.x.float().square().mean())) + two_k if layer > 1 else first)
        log_q = _mean_log(power, self.log_none) + two_k
        power_mean = float(power.mean())
        spread = float((h - h.mean(dim=0)).square().sum()) / ((h.shape[0] - 1) * h.shape[1])
        share = spread / power_mean if power_mean > 0 else 0.0
        size = t.square().mean(dim=1)
        log_t = _mean_log(size, self.log_scale)
        if layer == 1:
            self.log_scale -= size.cpu().double().log()
            log_t = 0.0
        if share > self.least_share or layer == 1:
            log_s = math.log(share) + _log(power_mean) + two_k if share > 0 else -math.inf
        else:
            log_s = reading.log_s[-1] + log_t - reading.log_t[-1]
            if math.isnan(log_s):
                log_s = -math.inf
        reading.log_q.append(log_q)
        reading.log_s.append(log_s)
        reading.log_t.append(log_t)
        self._pass_on(h, t, size, math.sqrt(power_mean))

    def _biased(self, h: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        """h + b at the scale held; a bias that is far larger than the signal brings the scale back to 1."""
        if bias is None:
            return h
        if self.k < -100:
            h, self.k = h * 2.0 ** max(self.k, -1000), 0
        return h + bias.to(h.dtype) * 2.0**-self.k

    def _pass_on(self, h: torch.Tensor, t: torch.Tensor, size: torch.Tensor, rms: float) -> None:
        """x = phi(h), t = phi'(h) t, both near 1 in size."""
        scale = size.clamp_min(1e-30).sqrt()[:, None]
        t = t / scale
        self.log_scale += 2 * scale[:, 0].cpu().double().log()
        if rms > 0 and abs(math.log2(rms)) > COMFORT and self.limits[rms > 1]:
            step = round(math.log2(rms))
            h, self.k = h * 2.0**-step, self.k + step
        k = min(max(self.k, -FLAT), FLAT)
        held, gate = h.chunk(2, dim=1) if self.f.gated else (None, h)
        y, slope = with_derivative(self.function, gate * 2.0**k)
        if held is not None:
            value, rate = t.chunk(2, dim=1)
            x, t = held * y, value * y + held * 2.0**k * slope * rate
        else:
            x, t = y * 2.0**-k, slope * t
        reading = self.reading
        if self.f.silent:
            reading.dead.append(float((slope == 0).all(dim=0).float().mean()))
        if self.f.peak is not None:
            reading.saturated.append(float((slope.abs() < SATURATED * self.f.peak).float().mean()))
        self.x, self.t = x.to(self.stream.dtype), t.to(self.stream.dtype)

    def repeat(self) -> None:
        """Fill a layer after infinity: nothing more can be seen."""
        reading = self.reading
        for column in (reading.log_q, reading.log_s, reading.log_t, reading.log_x):
            column.append(math.inf)
        if self.f.silent:
            reading.dead.append(math.nan)
        if self.f.peak is not None:
            reading.saturated.append(math.nan)


def _mean_log(power: torch.Tensor, offset: torch.Tensor) -> float:
    """Mean over rows of ln power + offset, over the rows that still carry anything; -inf where none does."""
    power = power.cpu().double()
    alive = power > 0
    if not bool(alive.all()):
        if not bool(alive.any()):
            return -math.inf
        power, offset = power[alive], offset[alive]
    return float((power.log() + offset).mean())


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def _linear_at(f: Activation, side: float) -> bool:
    """Whether phi is linear (phi(0) = 0 included) in the limit of small (side < 0) or large scales: V ~ q there."""
    if f.homogeneous:
        return True
    if f.gated:
        return False
    m = moments(f, math.exp(side * 60))
    return m.V > 0 and abs(m.elasticity - 1) < 1e-6
