"""`embcheck variance-sweep`: follow forward signal, signal between inputs and gradient through networks on paper."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.network_tables import configuration_row, layer_rows, remarks
from embcheck.commands.networks import COMMAND, check_limit, network_rules, network_subject
from embcheck.commands.plot import check_plot, draw
from embcheck.commands.reproduce import command_line, repeated
from embcheck.errors import UsageError
from embcheck.results import Report, Severity
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from embcheck.propagation.record import NetworkRecord
    from embcheck.subjects.subject import Subject

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

    from embcheck.propagation.measured.plan import Plan
    from embcheck.propagation.measured.sweep import sweep
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
        outcomes = run(subjects(), rules, Context(alpha=alpha))
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
            depth=repeated(depth), width=repeated(width), init=repeated(init), activation=repeated(activation),
            gain=repeated(gain), bias=repeated(bias), architecture=repeated(architecture), seeds=seeds,
            limit=None if limit == 6 else limit, backward=None if backward == "tangent" else backward,
            theory=None if theory == "recursion" else theory, input_std=None if input_std == 1 else input_std,
            tokens=None if tokens == 16 else tokens, device=device, dtype=repeated(dtype), seed=seed,
            alpha=None if alpha == 1e-3 else alpha, select=select, ignore=ignore,
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
        notes=tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _validate(seeds: int, limit: float, backward: str, theory: str) -> None:
    if isinstance(seeds, bool) or int(seeds) != seeds or not 1 <= seeds <= 100_000:
        raise UsageError(f"The number of seeds must be between 1 and 100,000, not {seeds}.")
    check_limit(limit)
    if backward not in {"tangent", "exact"}:
        raise UsageError(f"The backward pass is measured by 'tangent' or 'exact', not {backward!r}.")
    if theory not in {"recursion", "sampled"}:
        raise UsageError(f"Theory's band is by 'recursion' or 'sampled', not {theory!r}.")
