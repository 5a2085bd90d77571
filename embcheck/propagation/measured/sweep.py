"""Many configurations at once: those that can share weights do, seeds run side by side, and each becomes a record."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

import torch

from embcheck.propagation.measured.exact_backward import exact_gradient
from embcheck.propagation.measured.isometry import measure_isometry
from embcheck.propagation.measured.measure import Reading, Stream, measure
from embcheck.propagation.measured.measure_blocks import measure_blocks
from embcheck.propagation.measured.recording import to_record
from embcheck.propagation.request import TOKENS
from embcheck.propagation.theory.architectures import predict_architecture
from embcheck.propagation.theory.prediction import Prediction, predict, resample
from embcheck.seeds import stable_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from embcheck.propagation.measured.plan import Plan
    from embcheck.propagation.record import NetworkRecord
    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.activation import Activation


def sweep(
    configurations: Sequence[Configuration], plan: Plan, observe: Callable[[int, int], None] | None = None
) -> Iterator[tuple[Configuration, Prediction | None, NetworkRecord]]:
    """Measure and predict every configuration.

    Args:
        configurations: plain chains; the order of what comes back is theirs.
        plan: seeds, device, ...
        observe: told how many of how many (weights, seed) passes are done.

    Yields:
        the configuration, its theory (None where there is none), and the record of both.
    """
    tasks = [(stream, members, r) for stream, members in _streams(configurations, plan) for r in range(plan.seeds)]
    blocks = sum(plan.seeds for c in configurations if c.architecture != "mlp")
    tell = _teller(len(tasks) + blocks, observe)
    readings: dict[int, list[Reading]] = {i: [] for i in range(len(configurations))}

    def one(task: tuple[Stream, list[int], int]) -> list[Reading]:
        stream, members, replicate = task
        return _through_chains(stream, [configurations[i].activation for i in members], replicate, plan)

    workers = 1 if plan.device.type != "cpu" else max(1, min(len(tasks), os.cpu_count() or 1))
    with ThreadPoolExecutor(workers) as pool:
        measured = pool.map(one, tasks)
        theory = [_predicted(c, plan) for c in configurations]  # while the threads draw
        for (_, members, _), found in zip(tasks, measured, strict=True):
            tell()
            for i, reading in zip(members, found, strict=True):
                readings[i].append(reading)
    for i, (c, prediction) in enumerate(zip(configurations, theory, strict=True)):
        for reading in _through_blocks(c, plan):
            readings[i].append(reading)
            tell()
        yield c, prediction, to_record(c, prediction, readings[i], plan)


def _streams(configurations: Sequence[Configuration], plan: Plan) -> list[tuple[Stream, list[int]]]:
    """The chains that can share weights, by their index; the slowest first (a QR a layer), so that no thread is left
    alone with it at the end."""
    streams: dict[Stream, list[int]] = {}
    for i, c in enumerate(configurations):
        if c.architecture == "mlp":
            streams.setdefault(_stream(c, plan), []).append(i)
    return sorted(streams.items(), key=lambda item: item[0].init.name != "orthogonal")


def _teller(total: int, observe: Callable[[int, int], None] | None) -> Callable[[], None]:
    """What to call after each pass."""
    done = count(1)

    def tell() -> None:
        if observe is not None:
            observe(next(done), total)

    return tell


def _through_chains(stream: Stream, activations: Sequence[Activation], replicate: int, plan: Plan) -> list[Reading]:
    """One seed of the chains that share weights."""
    found = measure(stream, activations, replicate, plan.inputs)
    if plan.exact:
        for f, reading in zip(activations, found, strict=True):
            reading.log_g = exact_gradient(stream, f, replicate, plan.inputs)
            reading.isometry = measure_isometry(stream, f, replicate)
    return found


def _predicted(c: Configuration, plan: Plan) -> Prediction | None:
    if c.architecture != "mlp":
        return predict_architecture(c)
    prediction = predict(c.activation, c.init, c.bias, c.widths, c.input_std)
    if plan.sampled and prediction is not None and c.init.structure(c.widths[1::-1]) == "iid":
        seed = stable_seed(plan.seed, "theory", c.name)
        return resample(prediction, c.activation, seed=seed, inputs=plan.inputs, input_std=c.input_std)
    return prediction


def _through_blocks(c: Configuration, plan: Plan) -> Iterator[Reading]:
    """Every seed of what is no chain, one after the other: forward-mode differentiation has one level for the whole
    process."""
    if c.architecture == "mlp":
        return
    stream = _stream(c, plan)
    inputs = sequences(c, plan)
    for r in range(plan.seeds):
        yield measure_blocks(stream, c.activation, c.architecture, r, inputs=inputs, exact=plan.exact, tokens=c.tokens)


def sequences(c: Configuration, plan: Plan) -> int:
    """How many inputs: fewer long sequences, whose tokens are many looks at the same weights."""
    return plan.inputs if not c.transformer else max(4, min(plan.inputs, plan.inputs * TOKENS // c.tokens))


def _stream(c: Configuration, plan: Plan) -> Stream:
    dtype: torch.dtype = getattr(torch, c.dtype)
    return Stream(c.init, c.bias, c.widths, c.activation.gated, dtype, plan.device, plan.seed, c.input_std)
