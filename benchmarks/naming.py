"""Claim: the name that `audit` gives a tensor of 1,000 elements or more is what the code drew it from, 99 times in 100.

The truth is recorded while the model is built (`benchmarks/draws.py`: a dispatch mode that embcheck knows nothing of)
and compared with the `law` of the audit's inventory, as distributions: laws that are mathematically equal for the shape
count as one. A fitted constant counts if the family is right and the constant within four standard errors; it is
counted apart. Tensors that were computed and not drawn (truth unknown) are counted apart too, and so are draws that
the generator spoiled: timm's `trunc_normal_` takes erfinv(-1) = -inf once in 2^24 and clamps it to the bound, 100
standard deviations out.

    python benchmarks/naming.py [--seed S] [--misses N] [NAME or FAMILY ...]
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import math
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from draws import Draws
from torch.nn import init
from zoo import models, quiet

from embcheck.commands.audit import audit
from embcheck.errors import UsageError
from embcheck.laws.declared import parse
from embcheck.laws.families import Constant, Normal, Orthogonal, Padded, TruncatedNormal, Uniform
from embcheck.subjects.inventory.model import inventory

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEWEST = 1000
_CLOSE = 1e-4
"""Typed constants have four digits or more: 0.018042 and 1/sqrt(3072) are one law."""


def main() -> int:
    """Count agreement over the models."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", type=int, default=60)
    parser.add_argument("wanted", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    counts: collections.Counter[str] = collections.Counter()
    misses: collections.Counter[str] = collections.Counter()
    for sound in models(options.wanted):
        draws = Draws()
        try:
            with quiet():
                sound.build()  # data sets are made on the first call, and need no recorder
            with quiet(), _truncated(draws), draws:
                torch.manual_seed(options.seed)
                model = sound.build()
        except Exception as error:  # noqa: BLE001 - reported by sound_models.py
            print(f"{sound.name}: not built ({type(error).__name__})")
            continue
        own: collections.Counter[str] = collections.Counter()
        with quiet():
            rows = {r["name"]: r for r in audit(model, select=["WGT101"]).tables["tensors"]}
        for entry in inventory(model).entries:
            tensor = entry.tensor.detach()
            if entry.kind != "parameter" or tensor.numel() < _FEWEST or not tensor.is_floating_point():
                continue
            truth = draws.law(tensor)
            found = [
                n for text in (rows[entry.name]["law"], *rows[entry.name]["alternatives"]) if (n := named(text, entry))
            ]
            word = "spoiled" if _spoiled(truth, tensor) else verdict(truth, found, tensor.numel())
            own[word] += 1
            if word in {"wrong", "missed", "among", "computed, named", "parts, named"}:
                misses[f"{word}: {sound.name.partition('/')[0]} {_stack(entry.name)} {tuple(tensor.shape)} drawn {_shown(truth)} "
                       f"-> {rows[entry.name]['law']}"[:330]] += 1  # fmt: skip
        counts.update(own)
        print(f"{sound.name:34} {dict(own)}", flush=True)
    for text, times in sorted(misses.items())[: options.misses]:
        print(f"  {times} x {text}")
    drawn = sum(counts[w] for w in ("named", "fitted", "among", "wrong", "missed"))
    agree = counts["named"] + counts["fitted"]
    print(f"\n{dict(counts)}\nof {drawn} tensors that one law was drawn for: {counts['named'] / drawn:.2%} named exactly, "
          f"{counts['fitted'] / drawn:.2%} family named and constant fitted: {agree / drawn:.2%} agree")  # fmt: skip
    return int(agree < 0.99 * drawn)


@contextlib.contextmanager
def _truncated(draws: Draws) -> Iterator[None]:
    """`trunc_normal_` draws by rejection: its law is taken from its arguments."""
    before = init._no_grad_trunc_normal_

    def drawn(
        tensor: torch.Tensor, mean: float, std: float, a: float, b: float, *rest: Any, **more: Any
    ) -> torch.Tensor:
        out = before(tensor, mean, std, a, b, *rest, **more)
        draws._write(tensor, ("trunc", float(mean), float(std), float(a), float(b)))  # noqa: SLF001
        return out

    init._no_grad_trunc_normal_ = drawn
    try:
        yield
    finally:
        init._no_grad_trunc_normal_ = before


@dataclass(frozen=True)
class Named:
    """A name of the inventory, as a law."""

    law: Any
    fitted: bool


def named(text: str, entry: Any) -> Named | None:
    """The law that a name stands for in a tensor's shape; None for "none of these" and what cannot be written."""
    if text.startswith("none of"):
        return None
    bare = re.sub(r"(, layout [a-z,]+|, \d+ blocks)+$", "", text.partition(" (")[0])
    layout, blocks = re.search(r"layout ([a-z,]+[a-z])", text), re.search(r"(\d+) blocks", text)
    shape = list(entry.tensor.shape)
    if blocks:
        shape[0] //= int(blocks.group(1))
    try:
        law = parse(bare).law(shape, entry.module, entry.role, layout.group(1) if layout else "")
    except UsageError:
        return None
    return Named(law, "fitted" in text)


def verdict(truth: tuple[Any, ...], found: list[Named], n: int) -> str:
    """named, fitted, among (a listed alternative), wrong, missed; or what was no single draw, named or not."""
    if truth[0] in {"computed", "unfilled", "parts"}:
        return f"{truth[0]}, {'named' if found and not found[0].fitted else 'not named'}"
    if not found:
        return "missed"
    best = found[0]
    if same(truth, best.law):
        return "named"
    law, drawn = getattr(best.law, "base", best.law), truth[1] if truth[0] == "padded" else truth
    if best.fitted and _family(drawn) is type(law) and abs(law.std / _std(drawn) - 1) < 4 * _error(law, n):
        return "fitted"
    return "among" if any(same(truth, c.law) for c in found) else "wrong"


def _spoiled(truth: tuple[Any, ...], tensor: torch.Tensor) -> bool:
    """Whether an untruncated normal holds a value that it gives once in 1e18."""
    return truth[0] == "trunc" and _family(truth) is Normal and float((tensor - truth[1]).abs().max()) > 9 * truth[2]


def same(truth: tuple[Any, ...], law: Any) -> bool:
    """Whether a recorded law and an identified one are one distribution."""
    if truth[0] == "padded":
        rows = truth[2]
        if isinstance(law, Padded):
            return rows == (law.padding_idx,) and same(truth[1], law.base)
        return len(rows) > 1 and same(truth[1], law)
    if isinstance(law, Orthogonal):
        return truth[0] == "orthogonal" and math.isclose(truth[1], law.gain, rel_tol=1e-4)
    if isinstance(law, Constant):
        return truth[0] == "constant" and math.isclose(truth[1], law.value, rel_tol=_CLOSE, abs_tol=1e-12)
    if _family(truth) is not type(law):
        return False
    own = {Normal: lambda: (law.mean, law.std), Uniform: lambda: (law.low, law.high),
           TruncatedNormal: lambda: (law.loc, law.scale, law.a, law.b)}[type(law)]()  # fmt: skip
    theirs = truth[1:3] if type(law) is Normal else truth[1:]
    scale = max(abs(x) for x in own)
    return all(math.isclose(a, b, rel_tol=_CLOSE, abs_tol=_CLOSE * scale) for a, b in zip(own, theirs, strict=True))


def _family(truth: tuple[Any, ...]) -> type | None:
    """A normal cut beyond seven sigma is a normal."""
    if truth[0] == "trunc":
        cut = min(truth[4] - truth[1], truth[1] - truth[3]) / truth[2]
        return Normal if cut > 7 else TruncatedNormal
    return {"normal": Normal, "uniform": Uniform, "padded": Padded}.get(truth[0])


def _std(truth: tuple[Any, ...]) -> float:
    if truth[0] == "normal":
        return float(truth[2])
    if truth[0] == "uniform":
        return float((truth[2] - truth[1]) / math.sqrt(12))
    if truth[0] == "trunc":
        return float(truth[2]) if _family(truth) is Normal else TruncatedNormal(*truth[1:]).std
    return math.nan


def _error(law: Any, n: int) -> float:
    return math.sqrt((law.kurtosis - 1) / (4 * n))


def _stack(name: str) -> str:
    return ".".join("*" if part.isdigit() else part for part in name.split("."))


def _shown(truth: tuple[Any, ...]) -> str:
    return " ".join(f"{x:.6g}" if isinstance(x, float) else str(x) for x in truth)


if __name__ == "__main__":
    sys.exit(main())
