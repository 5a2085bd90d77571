"""One forward and backward pass through a user's model, watched operation by operation.

Module hooks only name what runs; a `TorchFunctionMode` sees every operation, functional ones and residual adds too;
`Tensor.register_hook` reads gradients (right under in-place activations, where backward hooks are not).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from embcheck.errors import UsageError
from embcheck.propagation.traced import readings
from embcheck.propagation.traced.backward import gradients
from embcheck.propagation.traced.undisturbed import as_before, compiled, copied, eager, lazy, materialized, unwrapped
from embcheck.propagation.traced.watch import Watch, named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import nn

    from embcheck.propagation.traced.graph import Trace


class ForwardError(UsageError):
    """The model's forward raised on the inputs."""


def trace(
    model: nn.Module,
    inputs: tuple[Any, ...] | Mapping[str, Any],
    *,
    backward: bool = True,
    loss: Callable[[Any], torch.Tensor] | None = None,
    seed: int = 0,
    fed: str = "the inputs given",
) -> Trace:
    """Run the model once and record every operation.

    The model's modes, buffers, gradients, tables with `max_norm`, hooks and the random state are as before. Runs in
    `eval` mode (no dropout), but batch norms use the statistics of the batch: at initialization their running
    statistics are the identity and would hide them. Compiled parts run uncompiled; a lazy model is run on a copy.

    Args:
        model: on any device; of one in DDP the model inside is run.
        inputs: positional arguments, or keyword arguments.
        backward: also send an N(0, 1) cotangent back from every floating-point output (or `loss(output)`).
        loss: maps the model's output to a scalar.
        seed: of the cotangent and of whatever the forward draws.
        fed: what the inputs are, for the report.

    Raises:
        ForwardError: the forward raised.
    """
    args, kwargs = ((), dict(inputs)) if not isinstance(inputs, (tuple, list)) else (tuple(inputs), {})
    args, kwargs = copied(args), copied(kwargs)
    model = unwrapped(model)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        if lazy(model):
            try:
                model = materialized(model, args, kwargs)
            except Exception as error:
                raise _failed(error, fed) from error
        watch = Watch(model)
        if compiled(model):
            watch.notes.append("Compiled parts ran uncompiled: operations cannot be seen in them.")
        with as_before(model), named(model, watch):
            watch.feed((args, kwargs), differentiable=not any(p.requires_grad for p in model.parameters()))
            try:
                with eager(), watch:
                    output = model(*args, **kwargs)
            except Exception as error:
                raise _failed(error, fed) from error
            tensors = [t for t in readings.tensors_in(output) if t.is_floating_point() or t.is_complex()]
            outputs = tuple(sorted({watch.made[t] for t in tensors if t in watch.made}))
            if backward:
                watch.gradients = _backward(model, output, tensors, loss, watch)
            losses = {watch.made[t]: readings.loss_at_random(t) for t in tensors if t in watch.made}
    return watch.finish(outputs, fed, (args, kwargs), {k: v for k, v in losses.items() if v is not None})


def _failed(error: Exception, fed: str) -> ForwardError:
    return ForwardError(f"forward raised {type(error).__name__} on {fed}: {_first_line(error)}")


def _first_line(error: BaseException) -> str:
    line = (str(error).strip().splitlines() or ["(no message)"])[0]
    return line if line.endswith(".") else line + "."


def _backward(
    model: nn.Module,
    output: Any,
    tensors: Sequence[torch.Tensor],
    loss: Callable[[Any], torch.Tensor] | None,
    watch: Watch,
) -> dict[str, torch.Tensor | None]:
    parameters = {n: p for n, p in model.named_parameters() if p.requires_grad}
    heads = [loss(output)] if loss is not None else [t for t in tensors if t.requires_grad]
    wanted = list(parameters.values()) or watch.fed_tensors
    if not heads or not wanted:
        return {}
    cotangents = None if loss is not None else [torch.randn_like(t) for t in heads]
    watch.replaying = True
    try:
        with eager():
            found = gradients(heads, wanted, cotangents, watch)
    except RuntimeError as error:
        watch.notes.append(f"The backward pass raised {type(error).__name__}: {_first_line(error)}")
        return {}
    return dict(zip(parameters, found, strict=True)) if parameters else {}
