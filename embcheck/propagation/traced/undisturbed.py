"""A user's model is run without leaving a trace on it: modes, buffers, tables, gradients, compiled parts, inputs."""

from __future__ import annotations

import contextlib
import copy
import sys
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextlib.contextmanager
def as_before(model: nn.Module) -> Iterator[None]:
    """Run in `eval` mode, batch norms on the statistics of the batch; then put modes, buffers and tables that a
    forward rewrites back, bit for bit."""
    modes = [(m, m.training) for m in model.modules()]
    tables = [
        m.weight for m in model.modules() if isinstance(m, (nn.Embedding, nn.EmbeddingBag)) and m.max_norm is not None
    ]
    kept = [(t, t.detach().clone()) for t in [*model.buffers(), *tables] if not t.is_meta]
    model.eval()
    for m in model.modules():
        if isinstance(m, nn.modules.batchnorm._BatchNorm):  # noqa: SLF001 - torch has no public name for it
            m.training = True
    try:
        yield
    finally:
        for m, training in modes:
            m.training = training
        with torch.no_grad():
            for tensor, value in kept:
                if tensor.layout is not torch.strided or not torch.equal(tensor, value):
                    tensor.copy_(value)


@contextlib.contextmanager
def eager() -> Iterator[None]:
    """Compiled parts run their own code again, so that hooks fire; dynamo is asked only if something has loaded it."""
    if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
        with torch.compiler.set_stance("force_eager"):
            yield
    else:
        yield


def compiled(model: nn.Module) -> bool:
    """Whether `torch.compile` wrapped the model or a part of it."""
    return any(hasattr(m, "_orig_mod") or getattr(m, "_compiled_call_impl", None) is not None for m in model.modules())


def unwrapped(model: nn.Module) -> nn.Module:
    """The model inside of DDP or DataParallel: their forward talks to other processes or devices."""
    kinds = (nn.parallel.DistributedDataParallel, nn.DataParallel)
    return model.module if isinstance(model, kinds) and isinstance(model.module, nn.Module) else model


def lazy(model: nn.Module) -> bool:
    """Whether a parameter or buffer still waits for its shape."""
    return any(is_lazy(t) for t in [*model.parameters(), *model.buffers()])


def materialized(model: nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> nn.Module:
    """A copy of a lazy model that has seen the inputs once; the user's own stays lazy."""
    twin = copy.deepcopy(model)
    with as_before_lazy(twin), torch.no_grad(), eager():
        twin(*copied(args), **copied(dict(kwargs)))
    return twin


@contextlib.contextmanager
def as_before_lazy(model: nn.Module) -> Iterator[None]:
    """Only the modes: what has no shape yet cannot be kept."""
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for m, training in modes:
            m.training = training


def copied(value: Any) -> Any:
    """The inputs, with tensors copied: a forward may write into them and `requires_grad_` must not leak."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(copied(v) for v in value)
    if isinstance(value, list):
        return [copied(v) for v in value]
    if type(value) is dict:
        return {k: copied(v) for k, v in value.items()}
    return value
