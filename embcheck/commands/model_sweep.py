"""`embcheck variance-sweep --model`: signal and gradient through the user's own model, operation by operation."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.network_tables import layer_rows
from embcheck.commands.networks import COMMAND, check_limit, network_rules, network_subject
from embcheck.commands.operations import alike, operation_rows
from embcheck.commands.plot import check_plot, draw
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from embcheck.propagation.record import NetworkRecord
    from embcheck.propagation.traced.graph import Trace
    from embcheck.subjects.running.passes import Passes


def model_sweep(
    model: Any,
    *,
    inputs: Any = None,
    kwargs: Mapping[str, Any] | None = None,
    loss: Callable[[Any], Any] | None = None,
    seeds: int = 4,
    limit: float | None = None,
    device: str | None = None,
    dtype: str | None = None,
    seed: int = 0,
    alpha: float = 1e-3,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str = "error",
    exit_zero: bool = False,
    plot: str | Path | None = None,
    observe: Callable[[int, int], None] | None = None,
) -> Report:
    """Run a model on inputs, forward and backward, and hold every operation against theory.

    Args:
        model: an `nn.Module`, a zero-argument factory (best: it is built `seeds` times), or
            ``"package.module:factory"``.
        inputs: a tuple or mapping for the forward, a callable that gives one, a file (.pt, .npy, .npz, .safetensors),
            ``"package.module:function"``, ``"auto:8,128"``; made up from the model's first layers if not given.
        kwargs: keyword arguments for the factory.
        loss: maps the output to a scalar; without it an N(0, 1) cotangent goes back from every output.
        seeds: independent builds.
        limit: |ln change| that counts as stable: 6, or 15 in a model with normalization, if not given.
        device: where to run; only for a factory.
        dtype: what to cast to; only for a factory.
        seed: of the first build, of made-up inputs and of cotangents.
        alpha: the chance that a run over sound networks reports a drift.
        select: codes, prefixes or names of the rules to ask; all when empty.
        ignore: codes, prefixes or names of the rules not to ask.
        fail_on: the least severity that makes `exit_code` 1.
        exit_zero: make `exit_code` 0 where it would be 1.
        plot: draw the channels into this .png, .svg or .pdf file (needs matplotlib).
        observe: told how many of how many builds are done.

    Returns:
        a report with the tables ``models``, ``layers`` (those that carry the signal) and ``operations`` (all).

    Raises:
        UsageError: the model, its inputs or an option cannot be used; one sentence.
    """
    start = time.perf_counter()
    rules = network_rules(select, ignore)
    if isinstance(seeds, bool) or int(seeds) != seeds or not 1 <= seeds <= 10_000:
        raise UsageError(f"The number of seeds must be between 1 and 10,000, not {seeds}.")
    if limit is not None:
        check_limit(limit)
    if plot is not None:
        check_plot(Path(plot))

    from embcheck.propagation.traced.observed import observed
    from embcheck.subjects.placement import resolve_device, resolve_dtype
    from embcheck.subjects.running.passes import passes
    from embcheck.subjects.state import preserved
    from embcheck.subjects.subject import Subject
    from embcheck.subjects.target import resolve

    target = resolve(model, kwargs)
    if target.factory is None and (device is not None or dtype is not None):
        raise UsageError("An instance is measured where and as it is: give a factory to choose its device or dtype.")
    with preserved():
        seen = passes(
            target, "auto" if inputs is None else inputs, seeds=seeds, seed=seed, loss=loss,
            device=None if device is None else resolve_device(device),
            dtype=None if dtype is None else resolve_dtype(dtype), observe=observe, folded=True,
        )  # fmt: skip
        _require_finite(seen)
        record = observed(target.name, seen.traces, limit=limit, fewest=1)
        if record is None:
            raise UsageError(f"Nothing to follow in {target.name}: its forward ran no layer with weights.")
        record = _with_theory(record, seen.traces)
        rows = list(operation_rows(record.name, seen.traces))

        def subjects() -> Iterator[Subject]:
            # what audit asks of its trace; a model that a factory builds is fresh
            about = {"census": SimpleNamespace(fresh=float(target.factory is not None))}
            yield Subject(target.name, "trace", seen.traces[0], location=target.location, facts=about)
            yield replace(network_subject(record, device or "cpu"), location=target.location)

        outcomes = run(subjects(), rules, Context(alpha=alpha))
    if plot is not None:
        draw([record], Path(plot))
    return Report(
        command=COMMAND,
        target=target.name,
        outcomes=outcomes,
        tables={"models": [_model_row(record, seen)], "layers": list(layer_rows(record)), "operations": rows},
        settings={
            "limit": record.limit, "seeds": seeds, "alpha": alpha, "select": list(select), "ignore": list(ignore),
        },
        environment=environment(device or "cpu", dtype=record.dtype),
        seed=seed,
        reproduce=command_line(
            COMMAND, model=target.name, kwargs=json.dumps(dict(kwargs)) if kwargs else None,
            input=inputs if isinstance(inputs, str) else None, seeds=seeds, limit=limit, device=device, dtype=dtype,
            seed=seed, select=list(select), ignore=list(ignore),
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
        notes=tuple(_notes(record, seen)),
    )  # fmt: skip


def _require_finite(seen: Passes) -> None:
    for trace in seen.traces:
        if any(n.bad for n in trace.nodes if n.kind == "input"):
            raise UsageError(f"The inputs ({seen.fed}) hold NaN or infinity: whatever follows would be made of them.")


def _with_theory(record: NetworkRecord, traces: Sequence[Trace]) -> NetworkRecord:
    """With the theory that was followed from the inputs, or from the last operation without one."""
    from embcheck.propagation.traced.model_theory import theory_of
    from embcheck.propagation.traced.observed import path

    same = alike(traces)
    nodes = path(same[0], 1)
    found = [theory_of(t) for t in same]

    def mean(index: int, name: str) -> float | None:
        values = [getattr(t[index], name) for t in found]
        return math.fsum(map(math.log, values)) / len(values) if min(values) > 0 else None

    layers = tuple(
        replace(layer, log_q_theory=mean(n.index, "q_path"), log_s_theory=mean(n.index, "s_path"))
        for layer, n in zip(record.layers, nodes, strict=True)
    )
    return replace(record, layers=layers)


def _model_row(record: NetworkRecord, seen: Passes) -> dict[str, Any]:
    from embcheck.propagation.verdict import judge

    forward, signal, gradient = record.channels
    return {
        "model": record.name,
        "type": seen.model_type,
        "inputs": seen.fed,
        "batch": record.inputs,
        "dtype": record.dtype,
        "seeds": record.seeds,
        "layers": record.depth,
        "first": record.layers[0].name,
        "last": record.layers[-1].name,
        "limit": record.limit,
        "log_q": forward.mean,
        "log_s": signal.mean,
        "log_g": gradient.mean,
        "verdict_forward": judge(forward, record.limit).label,
        "verdict_signal": judge(signal, record.limit).label,
        "verdict_gradient": judge(gradient, record.limit).label,
    }


def _notes(record: NetworkRecord, seen: Passes) -> Iterator[str]:
    normed = any(n.op in {"batch_norm", "instance_norm"} for n in seen.traces[0].nodes)
    yield f"{seen.model_type} was fed {seen.fed}, in eval mode{', batch norms with the batch' if normed else ''}"
    if seen.alone:
        yield f"one seed: {seen.alone}"
    if record.inputs < 2:
        yield "a batch of one has no signal between inputs: give at least two"
    first = seen.traces[0]
    if not first.gradients and all(math.isnan(n.g) for n in first.nodes):
        yield "no gradient was measured: no output depends on a parameter or an input by a differentiable way"
    if len(alike(seen.traces)) < len(seen.traces):
        yield "the builds did not run the same operations: the table shows those that ran as the first did"
    yield from dict.fromkeys(note.rstrip(".") for trace in seen.traces for note in trace.notes)
