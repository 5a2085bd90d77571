"""Many configurations at once: those that can share weights do, seeds run side by side, and each becomes a record."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from embcheck.propagation.architecture_theory import predict_architecture
from embcheck.propagation.exact_backward import exact_gradient
from embcheck.propagation.isometry import measure_isometry
from embcheck.propagation.measure import INPUTS, Reading, Stream, measure
from embcheck.propagation.measure_blocks import measure_blocks
from embcheck.propagation.prediction import Prediction, predict, resample
from embcheck.propagation.recording import to_record
from embcheck.propagation.request import TOKENS
from embcheck.propagation.verdict import LIMIT
from embcheck.seeds import stable_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from embcheck.propagation.record import NetworkRecord
    from embcheck.propagation.request import Configuration


@dataclass(frozen=True)
class Plan:
    """How a sweep is run."""

    seeds: int = 4
    seed: int = 0
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    inputs: int = INPUTS
    limit: float = LIMIT
    exact: bool = False
    """Also send true cotangents back, with the weights drawn again in reverse, and probe the singular values."""
    sampled: bool = False
    """Theory's drift and spread from networks without weights, exact at any width, instead of the recursion."""


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
    streams: dict[Stream, list[int]] = {}
    for i, c in enumerate(configurations):
        if c.architecture != "mlp":
            continue
        stream = _stream(c, plan)
        streams.setdefault(stream, []).append(i)
    tasks = [(stream, members, r) for stream, members in streams.items() for r in range(plan.seeds)]
    readings: dict[int, list[Reading]] = {i: [] for i in range(len(configurations))}

    def one(task: tuple[Stream, list[int], int]) -> list[Reading]:
        stream, members, replicate = task
        found = measure(stream, [configurations[i].activation for i in members], replicate, plan.inputs)
        if plan.exact:
            for i, reading in zip(members, found, strict=True):
                f = configurations[i].activation
                reading.log_g = exact_gradient(stream, f, replicate, plan.inputs)
                reading.isometry = measure_isometry(stream, f, replicate)
        return found

    workers = 1 if plan.device.type != "cpu" else max(1, min(len(tasks), os.cpu_count() or 1))
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for (_, members, _), found in zip(tasks, pool.map(one, tasks), strict=True):
            done += 1
            if observe is not None:
                observe(done, len(tasks))
            for i, reading in zip(members, found, strict=True):
                readings[i].append(reading)
    for i, c in enumerate(configurations):
        if c.architecture == "mlp":
            prediction = predict(c.activation, c.init, c.bias, c.widths, c.input_std)
            if plan.sampled and prediction is not None and c.init.structure(c.widths[1::-1]) == "iid":
                seed = stable_seed(plan.seed, "theory", c.name)
                prediction = resample(prediction, c.activation, seed=seed, inputs=plan.inputs, input_std=c.input_std)
        else:
            prediction = predict_architecture(c)
            readings[i] = _through_blocks(c, plan)
        yield c, prediction, to_record(c, prediction, readings[i], plan)


def _through_blocks(c: Configuration, plan: Plan) -> list[Reading]:
    """One after the other: forward-mode differentiation has one level for the whole process."""
    stream = _stream(c, plan)
    inputs = sequences(c, plan)
    return [
        measure_blocks(stream, c.activation, c.architecture, r, inputs=inputs, exact=plan.exact, tokens=c.tokens)
        for r in range(plan.seeds)
    ]


def sequences(c: Configuration, plan: Plan) -> int:
    """How many inputs: fewer long sequences, whose tokens are many looks at the same weights."""
    return plan.inputs if not c.transformer else max(4, min(plan.inputs, plan.inputs * TOKENS // c.tokens))


def _stream(c: Configuration, plan: Plan) -> Stream:
    dtype: torch.dtype = getattr(torch, c.dtype)
    return Stream(c.init, c.bias, c.widths, c.activation.gated, dtype, plan.device, plan.seed, c.input_std)
