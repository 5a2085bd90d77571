"""What is known of one network after its signal was followed: plain numbers, layer by layer and seed by seed.

The value of a subject of kind "network". Paper networks (`sweep`) and a user's own model fill the same record, so that
every VAR rule asks either the same question; what has no theory holds None.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

CHANNELS = ("forward", "signal", "gradient")


@dataclass(frozen=True)
class LayerRecord:
    """One layer; natural logarithms, averaged over seeds (and inputs): the typical network, not the mean one."""

    layer: int
    """1 for the first pre-activation."""
    name: str
    width: int
    log_q: float
    """Forward second moment of the pre-activation (or of the residual stream)."""
    log_s: float
    """Signal: its variance over inputs."""
    log_g: float
    """Gradient power relative to the last layer."""
    log_q_theory: float | None = None
    log_s_theory: float | None = None
    log_g_theory: float | None = None
    sd_q: float | None = None
    """Predicted standard deviation of ln q of one network, over seeds."""
    sd_g: float | None = None
    dead: float | None = None
    """Fraction of units whose derivative is 0 for every input; None where the activation has no such region."""
    dead_null: float | None = None
    """The fraction that chance alone gives, at this correlation between the inputs."""
    dead_most: float | None = None
    """The largest fraction that any correlation between the inputs explains: P(silent) for one input."""
    dead_error: float | None = None
    """Half-width of the 95% interval of `dead` over seeds; None for one seed."""
    saturated: float | None = None
    """Fraction of units that pass less than 1% of the peak gradient power; None for an unbounded activation."""
    saturated_theory: float | None = None
    cosine: float | None = None
    """Of a transformer: mean cosine between different tokens of one sequence."""
    cosine_theory: float | None = None
    log_weight_gradient: float | None = None
    """Power of one weight's gradient, for a unit gradient at the last layer."""


@dataclass(frozen=True)
class Channel:
    """The total change of one quantity over the depth."""

    name: str
    """forward, signal or gradient."""
    totals: tuple[float, ...]
    """ln of last over first layer (gradient: first over last), one an independent seed; infinite where it is."""
    theory: float | None = None
    """What the stated initializer should give a typical network of this width."""
    sd: float | None = None
    """Predicted standard deviation of one seed's total about `theory`."""
    shift: float | None = None
    """The part of `theory` that finite width brings: what a critical network shows on average."""
    profile: tuple[float, ...] = ()
    """ln relative to the first layer (gradient: to the last), layer by layer: theory if there is one, else measured."""
    course: str = ""
    """How theory says it goes on with depth (see `verdict.Verdict.shape`); empty to read it off the profile."""
    scale_free: bool = False
    """No scale is preferred: drift per layer is the same at any depth."""

    @property
    def mean(self) -> float:
        """Average over seeds; infinite if any seed is."""
        if any(math.isnan(t) for t in self.totals):
            return math.nan
        return sum(self.totals) / len(self.totals)


@dataclass(frozen=True)
class NetworkRecord:
    """A network whose signal was followed, of whatever origin."""

    name: str
    layers: tuple[LayerRecord, ...]
    forward: Channel
    signal: Channel
    gradient: Channel
    dtype: str = "float32"
    inputs: int = 16
    """How many inputs were pushed at once."""
    beta: float | None = None
    """c sum 1/n: the variance, over seeds, of the logarithm of the gradient (Hanin 2018)."""
    isometry: float | None = None
    """Relative variance of the squared singular values of the end-to-end Jacobian, where it was measured."""
    isometry_theory: float | None = None
    limit: float = 6.0
    """|total| within which a channel counts as stable (see `verdict.LIMIT`)."""
    error_from: float = 0.0
    """|total| up to which leaving the limit is only a warning: in a model that its author may well train as it is."""
    first_bad: str = ""
    """The first layer that gave NaN or infinity where the exact value is finite; empty if none did."""
    settings: str = ""
    """How the network was made, as a person would type it: for messages."""
    gain_fix: str = ""
    """What to type to mend the gain, where something can."""
    own: bool = False
    """A user's own model, not a network on paper."""
    units: tuple[LayerRecord, ...] = ()
    """The activations of a user's model, where units die or saturate; a network on paper has them in its layers."""

    @property
    def active(self) -> tuple[LayerRecord, ...]:
        """The layers whose units can be dead or saturated."""
        return self.units or self.layers

    @property
    def depth(self) -> int:
        """Layers."""
        return len(self.layers)

    @property
    def seeds(self) -> int:
        """Independent networks."""
        return len(self.forward.totals)

    @property
    def channels(self) -> tuple[Channel, Channel, Channel]:
        """All three."""
        return (self.forward, self.signal, self.gradient)
