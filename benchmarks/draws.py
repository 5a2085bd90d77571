"""What every tensor was really drawn from: a recorder of draws, below torch's API, independent of embcheck.

Under `Draws()` every operation that writes values is seen as it is dispatched (in-place draws, factories, copies, sums
and products with numbers), and the law of each storage is carried along: N(0, 1) times 0.02 is N(0, 0.02), erfinv of a
uniform is a truncated normal, Q of a QR decomposition of normals is orthogonal. What is computed any other way is
"computed". A write to a part of a storage is kept as a patch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import torch
from scipy.special import erfinv
from torch.utils._python_dispatch import TorchDispatchMode

Law = tuple[Any, ...]
COMPUTED: Law = ("computed",)
UNFILLED: Law = ("unfilled",)


@dataclass
class Storage:
    """The law of a storage as a whole, and what was written over parts of it afterwards."""

    law: Law
    patches: list[tuple[int, tuple[int, ...], tuple[int, ...], Law]] = field(default_factory=list)


def affine(law: Law, factor: float, shift: float) -> Law:
    """The law of factor X + shift."""
    kind = law[0]
    if kind == "normal":
        return (kind, law[1] * factor + shift, abs(factor) * law[2])
    if kind in {"uniform", "trunc"}:
        a, b = sorted((law[-2] * factor + shift, law[-1] * factor + shift))
        return (kind, a, b) if kind == "uniform" else (kind, law[1] * factor + shift, abs(factor) * law[2], a, b)
    if kind == "constant":
        return (kind, law[1] * factor + shift)
    if kind == "orthogonal" and not shift:
        return (kind, law[1] * abs(factor))
    return law if factor == 1 and not shift else COMPUTED


class Draws(TorchDispatchMode):
    """The recorder; ask `law(tensor)` afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, Storage] = {}
        self._alive: list[torch.UntypedStorage] = []  # an address must not be used again

    def law(self, tensor: torch.Tensor) -> Law:
        """What a tensor was drawn from: a law, ``padded`` (law, rows), ``parts`` (laws) or ``computed``."""
        if tensor.layout is not torch.strided:
            return COMPUTED
        found = self.known.get(_key(tensor))
        if found is None:
            return COMPUTED
        if not found.patches:
            return found.law
        rows = [_row(tensor, p) for p in found.patches]
        zero = all(p[3] == ("constant", 0.0) for p in found.patches)
        if zero and all(r is not None for r in rows) and found.law[0] not in {"computed", "unfilled"}:
            return ("padded", found.law, tuple(sorted({r for r in rows if r is not None})))
        laws = list(dict.fromkeys(p[3] for p in found.patches))
        places = {p[:3] for p in found.patches}
        if sum(math.prod(p[1]) for p in places) >= tensor.numel():
            return laws[0] if len(laws) == 1 else ("parts", *laws)
        return laws[0] if laws == [found.law] else ("parts", found.law, *laws)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = func._schema.name.removeprefix("aten::")  # noqa: SLF001
        inputs = [a for a in args if isinstance(a, torch.Tensor)]
        before = self.law(inputs[0]) if inputs else COMPUTED
        several = [self.law(t) for t in args[0]] if name in {"cat", "stack"} and args else []
        out = func(*args, **kwargs)
        if isinstance(out, (tuple, list)):
            for i, one in enumerate(out):
                if isinstance(one, torch.Tensor) and not _shares(one, inputs):
                    self._write(
                        one,
                        ("orthogonal", 1.0) if name == "linalg_qr" and i == 0 and before[0] == "normal" else COMPUTED,
                    )
            return out
        if not isinstance(out, torch.Tensor) or out.is_meta:
            return out
        law = _drawn(name, args, kwargs)
        if law is None and name in {"copy_", "clone", "_to_copy", "contiguous", "lift_fresh_copy"}:
            source = args[1] if name == "copy_" and isinstance(args[1], torch.Tensor) else inputs[0]
            law = self.law(source) if _dense(source) else COMPUTED
            if law[0] == "padded" and name == "copy_" and out.numel() != out.untyped_storage().nbytes() // out.itemsize:
                law = COMPUTED
        if law is None and several:
            law = several[0] if len(set(several)) == 1 else ("parts", *dict.fromkeys(several))
        if law is None and inputs:
            law = _moved(name, before, args, kwargs)
        if _shares(out, inputs) and not name.endswith("_") and "out" not in kwargs:
            return out  # a view
        self._write(out, law or COMPUTED)
        return out

    def _write(self, out: torch.Tensor, law: Law) -> None:
        if out.layout is not torch.strided or not out.numel():
            return
        key, storage = _key(out), out.untyped_storage()
        if key not in self.known:
            self._alive.append(storage)
            self.known[key] = Storage(UNFILLED)
        state = self.known[key]
        if out.numel() * out.itemsize == storage.nbytes():
            self.known[key] = Storage(law) if law[0] != "padded" else Storage(law[1], _rows_of(out, law[2]))
        else:
            patch = (out.storage_offset(), tuple(out.shape), tuple(out.stride()), law)
            state.patches = [p for p in state.patches if p[:3] != patch[:3]] + [patch]


def _key(t: torch.Tensor) -> int:
    return t.untyped_storage()._cdata  # noqa: SLF001


def _shares(out: torch.Tensor, inputs: list[torch.Tensor]) -> bool:
    return out.layout is torch.strided and any(t.layout is torch.strided and _key(t) == _key(out) for t in inputs)


def _dense(t: torch.Tensor) -> bool:
    return t.layout is torch.strided and all(s or n == 1 for s, n in zip(t.stride(), t.shape, strict=True))


def _row(t: torch.Tensor, patch: tuple[Any, ...]) -> int | None:
    size = t.numel() // t.shape[0] if t.dim() else 0
    exact = t.dim() >= 2 and math.prod(patch[1]) == size and patch[0] % size == 0
    return patch[0] // size if exact else None


def _rows_of(t: torch.Tensor, rows: tuple[int, ...]) -> list[Any]:
    return [
        (t.storage_offset() + r * t.stride(0), tuple(t.shape[1:]), tuple(t.stride()[1:]), ("constant", 0.0))
        for r in rows
    ]


def _number(x: Any) -> float | None:
    if isinstance(x, (int, float)):
        return float(x)
    return float(x) if isinstance(x, torch.Tensor) and x.dim() == 0 and not x.is_meta else None


def _drawn(name: str, args: Any, kwargs: Any) -> Law | None:
    """The law of an operation that needs no input values."""

    def given(i: int, key: str, default: float) -> float:
        return float(args[i]) if len(args) > i else float(kwargs.get(key, default))

    if name in {"normal_", "normal_functional"}:
        return ("normal", given(1, "mean", 0.0), given(2, "std", 1.0))
    if name == "uniform_":
        return ("uniform", given(1, "from", 0.0), given(2, "to", 1.0))
    if name in {"randn", "randn_like"}:
        return ("normal", 0.0, 1.0)
    if name in {"rand", "rand_like"}:
        return ("uniform", 0.0, 1.0)
    if name in {"zero_", "zeros", "zeros_like", "new_zeros"}:
        return ("constant", 0.0)
    if name in {"ones", "ones_like", "new_ones"}:
        return ("constant", 1.0)
    if name in {"fill_", "full", "full_like", "new_full", "fill"}:
        value = _number(kwargs.get("fill_value", args[-1]))
        return ("constant", value) if value is not None else COMPUTED
    if name.startswith(("empty", "new_empty")):
        return UNFILLED
    if name == "normal" and len(args) > 1 and not any(isinstance(a, torch.Tensor) for a in args[:2]):
        return ("normal", float(args[0]), float(args[1]))
    return None


def _moved(name: str, before: Law, args: Any, kwargs: Any) -> Law | None:
    """The law after arithmetic with a number."""
    plain = name.rstrip("_")
    other = _number(args[1]) if len(args) > 1 else None
    if plain in {"mul", "div", "add", "sub"} and other is not None:
        times = float(kwargs.get("alpha", 1.0))
        return {
            "mul": lambda: affine(before, other, 0.0),
            "div": lambda: affine(before, 1 / other, 0.0) if other else COMPUTED,
            "add": lambda: affine(before, 1.0, other * times),
            "sub": lambda: affine(before, 1.0, -other * times),
        }[plain]()
    if plain == "mul" and before[0] == "orthogonal" and bool((args[1].abs() == 1).all()):
        return before
    if plain == "neg":
        return affine(before, -1.0, 0.0)
    if plain == "erfinv" and before[0] == "uniform":
        return ("trunc", 0.0, math.sqrt(0.5), float(erfinv(before[1])), float(erfinv(before[2])))
    if plain in {"clamp", "clamp_min", "clamp_max"} and before[0] == "trunc":
        return before
    if plain == "where" and len(args) == 3:
        return COMPUTED
    return None
