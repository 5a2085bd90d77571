"""Tables of networks: a row a configuration, a row a layer, and what a reader must know beside the verdicts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.prediction import Prediction


def configuration_row(c: Configuration, theory: Prediction | None, record: NetworkRecord) -> dict[str, Any]:
    """One row of ``configurations``."""
    from embcheck.propagation.verdict import judge

    forward, signal, gradient = record.channels
    step = theory.steps[len(theory.steps) // 2] if theory and theory.steps else None
    fixed = theory.fixed if theory else None
    return {
        "activation": c.activation.name,
        "init": c.init.text,
        "gain": c.init.effective_gain(),
        "bias": c.bias.text,
        "architecture": c.architecture,
        "depth": c.depth,
        "width": c.width,
        "dtype": record.dtype,
        "seeds": record.seeds,
        "sigma_w2": step.sigma_w2 if step else None,
        "sigma_b2": step.sigma_b2 if step else None,
        "q_star": fixed.q if fixed else None,
        "chi_1": fixed.chi_1 if fixed else None,
        "chi_q": fixed.chi_q if fixed else None,
        "xi_c": fixed.xi_c if fixed else None,
        "xi_q": fixed.xi_q if fixed else None,
        "log_q": forward.mean,
        "log_q_theory": forward.theory,
        "log_s": signal.mean,
        "log_s_theory": signal.theory,
        "log_g": gradient.mean,
        "log_g_theory": gradient.theory,
        **(
            {}
            if record.isometry is None
            else {
                "isometry": record.isometry,
                "isometry_theory": record.isometry_theory,
            }
        ),
        "verdict_forward": judge(forward, record.limit).label,
        "verdict_signal": judge(signal, record.limit).label,
        "verdict_gradient": judge(gradient, record.limit).label,
    }


def layer_rows(record: NetworkRecord) -> Iterator[dict[str, Any]]:
    """The rows of ``layers`` of one network."""
    for r in record.layers:
        yield {
            "configuration": record.name,
            "layer": r.layer,
            "name": r.name,
            "q": _power(r.log_q),
            "q_theory": _power(r.log_q_theory),
            "s": _power(r.log_s),
            "s_theory": _power(r.log_s_theory),
            "g": _power(r.log_g),
            "g_theory": _power(r.log_g_theory),
            "dead": r.dead,
            "saturated": r.saturated,
            **({} if r.cosine is None else {"cosine": r.cosine, "cosine_theory": r.cosine_theory}),
        }


def remarks(theory: Prediction | None, record: NetworkRecord, *, brief: bool = False) -> Iterator[str]:
    """What a reader must know beside the verdicts; `brief` leaves out where each number format ends."""
    from embcheck.propagation.limits import ends

    if record.beta is not None and record.beta >= 1:
        yield (
            f"{record.name}: a lottery. The gradient varies by e^±{math.sqrt(record.beta):.1f} from seed to seed "
            f"(c sum 1/n = {record.beta:.2f}, Hanin 2018): one seed says nothing; a wider network would"
        )
    last = record.layers[-1]
    if last.cosine is not None:
        beside = "" if last.cosine_theory is None else f" (theory {last.cosine_theory:.3f})"
        yield f"{record.name}: tokens of a sequence end with a mean cosine of {last.cosine:.3f}{beside}"
    if not brief and ends(record):
        yield f"{record.name}: {'; '.join(ends(record))}"
    if theory is None:
        yield f"{record.name}: no theory for these weights (not centred, or not random); measured only"
    elif theory.fixed is not None and theory.fixed.chi_q > 1 + 1e-6 and 0 < theory.fixed.q < math.inf:
        yield f"{record.name}: its fixed point repels (chi_q = {theory.fixed.chi_q:.3f}); no network stays there"


def _power(log: float | None) -> float | None:
    """e^log; infinity and zero where doubles end."""
    if log is None or math.isnan(log):
        return None
    return math.exp(log) if log < 709 else math.inf
