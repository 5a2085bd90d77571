"""`embcheck variance-sweep`: follow forward signal, signal between inputs and gradient through networks on paper."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.find_gain import check_limit
from embcheck.commands.plot import check_plot, draw
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from embcheck.propagation.record import NetworkRecord
    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.prediction import Prediction
    from embcheck.rules import Rule
    from embcheck.subjects.subject import Subject

COMMAND = "variance-sweep"
FEW = 8
"""More networks than this are a grid: where each number format ends is then left to the outcomes."""


def variance_sweep(  # noqa: PLR0917 - the axes of a sweep, in the order that people think of them
    depth: int | Sequence[int] | None = None,
    width: int | str | Sequence[int | str] = 512,
    init: str | Sequence[str] = "kaiming_normal",
    activation: str | Sequence[str] = "relu",
    gain: float | str | Sequence[float | str] | None = None,
    bias: float | str | Sequence[float | str] | None = None,
    architecture: str | Sequence[str] = "mlp",
    seeds: int = 4,
    *,
    limit: float | None = None,
    backward: str = "tangent",
    theory: str = "recursion",
    device: str = "cpu",
    dtype: str | Sequence[str] = "float32",
    input_std: float = 1.0,
    tokens: int = 16,
    seed: int = 0,
    alpha: float = 1e-3,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str = "error",
    exit_zero: bool = False,
    plot: str | Path | None = None,
    model: Any = None,
    inputs: Any = None,
    kwargs: Mapping[str, Any] | None = None,
    loss: Callable[[Any], Any] | None = None,
    observe: Callable[[int, int], None] | None = None,
) -> Report:
    """Measure what happens to a signal on its way through every network of a sweep, and hold it against theory.

    Real weights are drawn by the real initializer; lists make a sweep over their product.

    Args:
        depth: linear layers (blocks of the other architectures); 50 if not given.
        width: units; or widths joined by commas, input first.
        init: functions of `torch.nn.init` or calls such as ``normal(0, 0.02)``; ``default`` is nn.Linear's own.
        activation: ``relu``, ``leaky_relu(0.2)``, ``gelu``, ``swiglu``, ...
        gain: numbers, ``auto`` (`calculate_gain`) or ``exact`` (1/sqrt(E[phi^2])); else the initializer's own.
        bias: a standard deviation, ``default`` or an initializer's call; zero if not given.
        architecture: mlp, residual, residual-scaled, residual-zero, pre-norm, post-norm, conv, transformer,
            transformer-scaled (as GPT-2), transformer-post-norm.
        seeds: independent networks of each configuration.
        limit: |ln change over the depth| that counts as stable; 6 if not given.
        backward: ``tangent``, or ``exact`` for a true backward pass and the spread of the Jacobian's singular values.
        theory: ``recursion`` (drift and spread to first order in 1/width), or ``sampled`` (of networks without
            weights, exact at any width for Gaussian ones; chains only).
        device: where to measure.
        dtype: float32, float64, bfloat16 or float16.
        input_std: standard deviation of the inputs (of the embeddings that a stream starts with).
        tokens: length of a transformer's sequence.
        seed: every draw depends on it.
        alpha: the chance that a run over sound networks reports a drift.
        select: codes, prefixes or names of the rules to ask; all when empty.
        ignore: codes, prefixes or names of the rules not to ask.
        fail_on: the least severity that makes `exit_code` 1.
        exit_zero: make `exit_code` 0 where it would be 1.
        plot: draw the channels into this .png, .svg or .pdf file (needs matplotlib).
        model: a module, factory or ``package.module:factory`` to look at instead; see `model_sweep.model_sweep`.
        inputs: what it is fed; made up from its first layers if not given.
        kwargs: keyword arguments for the factory.
        loss: maps the model's output to a scalar.
        observe: told how many of how many passes are done.

    Returns:
        a report with the tables ``configurations`` and ``layers`` (``models``, ``layers`` and ``operations`` of a
        model).

    Raises:
        UsageError: an activation, initializer, size, gain, device, dtype or rule that there is not.
    """
    if model is not None:
        from embcheck.commands.model_sweep import model_sweep

        return model_sweep(
            model, inputs=inputs, kwargs=kwargs, loss=loss, seeds=seeds, limit=limit,
            device=None if device == "cpu" else device, dtype=None if dtype == "float32" else str(dtype), seed=seed,
            alpha=alpha, select=select, ignore=ignore, fail_on=fail_on, exit_zero=exit_zero, plot=plot, observe=observe,
        )  # fmt: skip
    start = time.perf_counter()
    rules = network_rules(select, ignore)
    limit = 6.0 if limit is None else limit
    _validate(seeds, limit, backward, theory)

    from embcheck.propagation.request import configurations

    if plot is not None:
        check_plot(Path(plot))
    wanted = configurations(depth, width, init, activation, gain, bias, architecture, dtype, input_std, tokens)

    from embcheck.propagation.measured.sweep import Plan, sweep
    from embcheck.subjects.placement import resolve_device
    from embcheck.subjects.state import one_thread, preserved

    plan = Plan(
        seeds, seed, resolve_device(device), limit=limit, exact=backward == "exact", sampled=theory == "sampled"
    )
    records: list[NetworkRecord] = []
    rows: list[dict[str, Any]] = []
    layers: list[dict[str, Any]] = []
    notes: list[str] = []

    def subjects() -> Iterator[Subject]:
        for c, prediction, record in sweep(wanted, plan, observe):
            rows.append(configuration_row(c, prediction, record))
            layers.extend(layer_rows(record))
            records.append(record)
            notes.extend(remarks(prediction, record, brief=len(wanted) > FEW))
            yield network_subject(record, device)

    with preserved(), one_thread():
        outcomes = run(subjects(), rules, Context(seed=seed, alpha=alpha))
    if plot is not None:
        draw(records, Path(plot))
    return Report(
        command=COMMAND,
        target=None,
        outcomes=outcomes,
        tables={"configurations": rows, "layers": layers},
        settings={"limit": limit, "seeds": seeds, "alpha": alpha, "select": list(select), "ignore": list(ignore)},
        environment=environment(str(plan.device), dtype=", ".join(dict.fromkeys(c.dtype for c in wanted))),
        seed=seed,
        reproduce=command_line(
            COMMAND,
            depth=_texts(depth), width=_texts(width), init=_texts(init), activation=_texts(activation),
            gain=_texts(gain), bias=_texts(bias), architecture=_texts(architecture), seeds=seeds,
            limit=None if limit == 6 else str(limit), backward=None if backward == "tangent" else backward,
            theory=None if theory == "recursion" else theory,
            input_std=None if input_std == 1 else repr(float(input_std)), tokens=None if tokens == 16 else tokens,
            device=device, dtype=_texts(dtype), seed=seed, alpha=None if alpha == 1e-3 else str(alpha),
            select=select, ignore=ignore,
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
        notes=tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def network_rules(select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """The selected rules that can be asked of a network.

    Raises:
        UsageError: an unknown code, or none left.
    """
    rules = tuple(r for r in select_rules(select, ignore) if r.code.startswith("VAR"))
    if not rules:
        raise UsageError("Nothing to check: variance-sweep asks the VAR rules, and none of them is selected.")
    return rules


def _validate(seeds: int, limit: float, backward: str, theory: str) -> None:
    if isinstance(seeds, bool) or int(seeds) != seeds or not 1 <= seeds <= 100_000:
        raise UsageError(f"The number of seeds must be between 1 and 100,000, not {seeds}.")
    check_limit(limit)
    if backward not in {"tangent", "exact"}:
        raise UsageError(f"The backward pass is measured by 'tangent' or 'exact', not {backward!r}.")
    if theory not in {"recursion", "sampled"}:
        raise UsageError(f"Theory's band is by 'recursion' or 'sampled', not {theory!r}.")


def network_subject(record: NetworkRecord, device: str) -> Subject:
    """The record as something to ask questions about."""
    from embcheck.subjects.subject import Subject

    return Subject(record.name, "network", record, group="networks", dtype=record.dtype, device=device)


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


def _texts(value: object) -> object:
    """Lists as lists of words, so that a flag is repeated for each; numbers with all their digits."""
    if isinstance(value, (list, tuple)):
        return [str(v) for v in value]
    return str(value) if isinstance(value, float) else value
