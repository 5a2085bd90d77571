"""One tensor of an audit while it is in memory: its summary, rows and identity, each computed once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import torch

from embcheck.laws.families import Within
from embcheck.laws.identification.candidates import Identification
from embcheck.laws.identification.identify import identify
from embcheck.laws.identification.recognition import constant_of
from embcheck.laws.layers import promised
from embcheck.stats.ks.one_sample import kolmogorov
from embcheck.stats.profile import Profile, profile
from embcheck.stats.spacing import spacing
from embcheck.stats.summary import Summary, summarize
from embcheck.subjects.inventory.census import Member

if TYPE_CHECKING:
    from embcheck.laws.law import Law
    from embcheck.subjects.inventory.held import Held

_FIRST = 16
"""Values that are kept to find draws from one stream."""
_PEER = 3.0
"""A law that peers follow is e^3 times as plausible."""
ENOUGH = 64
"""Fewer elements than this fit any law."""
TELLING = 1000
"""Elements from which on a drawn tensor can be told from a trained one (as in `looks-untrained`)."""
_LARGE = 1 << 14
"""Elements from which on a pass is worth a thread."""
_SAMPLE = 1 << 20
"""Elements looked at when only the kind of a law is asked for."""


class Reading:
    """What the checks of an audit share about one tensor."""

    def __init__(self, held: Held, tensor: torch.Tensor, law: Law | None = None, enough: int = ENOUGH) -> None:
        self.held = held
        self.tensor = tensor
        self.law = law
        self.enough = enough

    def warm(self) -> None:
        """Take the passes that every check will ask for; called ahead, from another thread."""
        with torch.no_grad():
            if self.summary.n >= _LARGE:
                _ = self.lines

    @cached_property
    def summary(self) -> Summary:
        """One pass."""
        return summarize(self.tensor)

    @cached_property
    def profile(self) -> Profile | None:
        """Powers of rows and columns; None for vectors."""
        if self.tensor.dim() < 2 or not self.tensor.numel():
            return None
        return profile(self.tensor)

    @cached_property
    def candidates(self) -> Identification:
        """What it may have been drawn from, best first."""
        if not self.usable or self.summary.finite < self.enough or self.summary.finite < self.summary.n:
            return Identification()
        return identified(self.tensor, self.held, self.summary)

    @property
    def fresh(self) -> bool:
        """Whether it follows the law of some initializer, with constants that somebody would type (and is no
        constant)."""
        return self.candidates.fresh and self.summary.min != self.summary.max

    @property
    def usable(self) -> bool:
        """Whether statistics mean something: floating point, with values."""
        return self.tensor.is_floating_point() and self.tensor.numel() > 0 and not self.tensor.is_meta

    @cached_property
    def ordinary(self) -> bool:
        """Whether exact zeros would be strange: not a constant, a mask, a one-hot pattern (eye, dirac) or sparse."""
        if not self.usable or not self.summary.finite:
            return False
        s = self.summary
        if s.min == s.max or (s.zero and s.distinct <= 2):
            return False
        return self.law is None or not (self.law.exact or str(self.law).startswith("sparse"))

    @cached_property
    def computed(self) -> bool:
        """Whether it looks like a formula's table: few distinct values beside zeros (one alone in eye and dirac), or
        values in order along the last dimension.

        Sixteen independent draws are in order with a chance of 2/16!, that is 1e-13.
        """
        if not self.usable or not self.tensor.numel():
            return False
        zero = self.summary.zero
        different = self.summary.distinct - (zero > 0)
        few = different <= (self.summary.n - zero) / 8
        if (few and self.summary.grid.dtype.itemsize >= 4) or (different == 1 and zero):
            return True
        rows = self.tensor.detach().reshape(-1, self.tensor.shape[-1] if self.tensor.dim() else 1)[:64, :1024]
        if rows.shape[1] < 16:
            return False
        varied = (rows != rows[:, :1]).sum(dim=1) >= 15
        steps = rows[varied].double().diff(dim=1)
        return bool(varied.any()) and bool(((steps >= 0).all(dim=1) | (steps <= 0).all(dim=1)).all())

    @property
    def lines(self) -> Profile | None:
        """The rows and columns of a matrix in which a zero one would be strange; None otherwise."""
        matrix = self.tensor.dim() >= 2 and min(self.tensor.shape[:2]) >= 2
        return self.profile if matrix and self.ordinary and not self.computed else None

    @cached_property
    def _rest(self) -> Identification:
        """What the elements that are not zero were drawn from."""
        flat = self.tensor.detach().reshape(-1)[:_SAMPLE]
        rest = flat[flat != 0]
        return identified(rest) if rest.numel() >= ENOUGH else Identification()

    @property
    def rest_is_drawn(self) -> bool:
        """Whether the elements that are not zero have the shape of some initializer's law."""
        return bool(self._rest)

    @property
    def rest_is_fresh(self) -> bool:
        """The same, with constants that somebody would type.

        Trained weights of a few thousand elements may have the shape of a normal law: with a fitted constant that says
        nothing, and below 1,000 elements nor does one of the many that people type.
        """
        return self.summary.n - self.summary.zero >= TELLING and self._rest.fresh

    @cached_property
    def default_p(self) -> float:
        """p-value of torch's documented default for this layer and tensor; nan where there is none."""
        if self.held.module is None or not self.usable:
            return float("nan")
        try:
            law = promised(self.held.module).get(self.held.role)
            if law is None or law.exact or not law.iid:
                return float("nan")
            return kolmogorov(self.tensor, law, self.summary).p_value
        except (TypeError, ValueError, AttributeError):
            return float("nan")

    @cached_property
    def declared_p(self) -> float:
        """p-value of the declared law; 0 or 1 for an exact one or a range; nan without one, or for one of no kind."""
        if self.law is None or not self.usable:
            return float("nan")
        try:
            if self.law.exact:
                due = self.law.values(tuple(self.tensor.shape), self.tensor.dtype, self.tensor.device)
                return float(torch.equal(self.tensor, due))
            if isinstance(self.law, Within):
                s, low, high = self.summary, self.law.low, self.law.high
                return float(s.min >= low - spacing(low, s.dtype) and s.max <= high + spacing(high, s.dtype))
            return kolmogorov(self.tensor, self.law, self.summary).p_value if self.law.iid else float("nan")
        except (TypeError, ValueError):
            return float("nan")

    def member(self) -> Member:
        """What is kept."""
        s = self.summary
        best = self.candidates[0] if self.candidates else None
        return Member(
            held=self.held,
            n=s.n,
            mean=s.mean,
            std=s.std,
            low=s.min,
            high=s.max,
            zero=s.zero,
            nan=s.nan,
            finite=s.finite,
            law=str(best) if best is not None else str(constant_of(s) or ""),
            fitted=best is not None and best.fitted,
            cost=best.cost if best is not None else 0.0,
            alternatives=self.candidates.ties,
            near=_near(self.candidates),
            kurtosis=best.law.kurtosis if best is not None and best.law.iid else 3.0,
            p_value=best.p_value if best is not None else float("nan"),
            d=best.d if best is not None else float("nan"),
            default=self.default_p,
            head=self._head(),
            start=self._start(),
            across=self._across(),
            computed=self.computed,
            few=s.n < self.enough,
            declared_law=str(self.law) if self.law is not None else "",
            declared_exact=self.law is not None and self.law.exact,
            declared_p=self.declared_p,
        )

    def _head(self) -> tuple[float, ...]:
        if not self.usable or not self.summary.std > 0:
            return ()
        first = self.tensor.detach()
        while first.dim() > 1:
            first = first[0]
        values = first[:16].double().cpu() / self.summary.std
        return tuple(round(float(v), 4) for v in values)

    def _start(self) -> tuple[float, ...]:
        if not self.usable or not self.summary.std > 0 or not self.tensor.is_contiguous():
            return ()
        return _relative(self.tensor.detach().view(-1)[:_FIRST])

    def _across(self) -> tuple[float, ...]:
        if not self.usable or not self.summary.std > 0 or self.tensor.dim() != 2 or min(self.tensor.shape) < 2:
            return ()
        columns = -(-_FIRST // self.tensor.shape[0])
        return _relative(self.tensor.detach()[:, :columns].t().reshape(-1)[:_FIRST])


def _relative(first: torch.Tensor) -> tuple[float, ...]:
    values = first.double().cpu()
    largest = float(values.abs().max())
    return tuple(round(float(v) / largest, 2) for v in values) if largest > 0 else ()


def _near(found: Identification) -> tuple[str, ...]:
    """Other names of the best candidate, and those that peers would lift above it (`identification.finalists`)."""
    close = [c for c in found if c.score >= -_PEER and not c.fitted]
    names = dict.fromkeys(name for c in close for name in (str(c), *c.aliases))
    return tuple(name for name in names if not found or name != str(found[0]))


def identified(tensor: torch.Tensor, held: Held | None = None, summary: Summary | None = None) -> Identification:
    """The laws that fit, best first; nothing where none does (trained weights)."""
    return identify(tensor, module=held.module if held else None, name=held.role if held else None, summary=summary)
