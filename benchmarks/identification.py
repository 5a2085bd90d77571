"""How often `embcheck.identify` names what a tensor was drawn from, and how often it takes a trained one for fresh.

    python benchmarks/identification.py [--repeats 3] [--largest 4194304]

*Named*: the best candidate is the very distribution that was drawn (names that are mathematically equal for the shape
are one). *Among ties*: it is at least among the candidates returned. The parameters of the first table are torch's
defaults and the documented gains that differ by more than 1%; those that differ by less are the second table. Shapes
from 32 x 32 to 4096 x 1024, matrices, convolutions and layers with their modules, in four dtypes. The third table:
tensors that no initializer leaves (heavy tails, low rank, shifts, correlated or rescaled rows, pruning, ...), which
must never be named.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
import time
import warnings
from collections import defaultdict

import torch
from torch import nn
from torch.nn import init

from embcheck.laws.families import Padded
from embcheck.laws.identification.identify import equal, identify
from embcheck.laws.initializers import law_of
from embcheck.laws.layers import promises

DTYPES = (torch.float32, torch.float64, torch.bfloat16, torch.float16)
MATRICES = [(32, 32), (48, 32), (64, 96), (100, 100), (256, 100), (128, 512), (320, 320), (512, 256), (768, 768),
            (1024, 512), (3072, 768), (2304, 768), (1000, 2048), (4096, 1024), (1024, 4096)]  # fmt: skip
KERNELS = [
    (32, 16, 3),
    (64, 32, 3, 3),
    (128, 128, 3, 3),
    (256, 128, 3, 3),
    (64, 3, 7, 7),
    (64, 64, 3, 3, 3),
    (512, 512, 3),
]

SQRT2 = math.sqrt(2)
INITIALIZERS = [
    *(("uniform", {"a": -b, "b": b}) for b in (0.1, 0.05, 1.0)),
    ("uniform", {}),
    *(("normal", {"std": s}) for s in (1.0, 0.02, 0.01, 0.1)),
    ("normal", {"std": 0.02 / math.sqrt(24)}),
    ("trunc_normal", {}),
    *(("trunc_normal", {"std": s, "a": -2 * s, "b": 2 * s}) for s in (0.02, 0.01)),
    *(("constant", {"val": v}) for v in (0.0, 1.0, 0.3)),
    *((f"xavier_{k}", {"gain": g}) for k in ("uniform", "normal") for g in (1.0, SQRT2, 5 / 3, 0.75)),
    *(
        (f"kaiming_{k}", {"mode": m, "nonlinearity": f})
        for k in ("uniform", "normal")
        for m in ("fan_in", "fan_out")
        for f in ("relu", "linear", "tanh", "selu")
    ),
    *((f"kaiming_{k}", {"a": a}) for k in ("uniform", "normal") for a in (math.sqrt(5), 0.2)),
    *(("orthogonal", {"gain": g}) for g in (1.0, SQRT2, 0.01)),
]
FLAT_ONLY = [("eye", {}), ("sparse", {"sparsity": 0.1}), ("sparse", {"sparsity": 0.9, "std": 0.1})]
KERNEL_ONLY = [("dirac", {})]
CLOSE = [
    (f"xavier_{k}", {"gain": g}) for k in ("uniform", "normal") for g in (1.414, init.calculate_gain("leaky_relu"))
]


def layers():
    yield nn.Linear(256, 512)
    yield nn.Linear(768, 3072)
    yield nn.Embedding(1000, 128)
    yield nn.Embedding(5000, 64, padding_idx=3)
    yield nn.EmbeddingBag(2000, 100, padding_idx=0)
    yield nn.Bilinear(40, 50, 60)
    yield nn.Conv1d(64, 256, 5)
    yield nn.Conv2d(64, 256, 3, groups=2)
    yield nn.Conv3d(32, 64, 3)
    yield nn.ConvTranspose2d(64, 256, 4, groups=4)
    yield nn.LSTM(200, 300, 2)
    yield nn.GRU(100, 256, bidirectional=True)
    yield nn.RNNCell(128, 512)
    yield nn.MultiheadAttention(256, 4, add_bias_kv=True)
    yield nn.MultiheadAttention(256, 4, kdim=128, vdim=64)
    yield nn.TransformerEncoderLayer(256, 4, 1024)
    yield nn.BatchNorm2d(64)
    yield nn.GroupNorm(4, 64)
    yield nn.RMSNorm(64)
    yield nn.PReLU(64)


def fresh(name: str, kwargs: dict, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    tensor = torch.empty(shape, dtype=torch.float32 if name in ("orthogonal", "sparse") else dtype)
    return getattr(init, name + "_")(tensor, **kwargs).to(dtype)


def trained(shape: tuple[int, int], scale: float):
    """Matrices that no initializer leaves: what training, a wrong draw or surgery would."""
    r, c = shape
    noise = lambda: torch.randn(r, c) * scale  # noqa: E731
    student = torch.distributions.StudentT
    yield "student t, 3 degrees", student(3.0).sample(shape) * scale
    yield "student t, 6 degrees", student(6.0).sample(shape) * scale
    yield "Laplace", torch.distributions.Laplace(0.0, scale).sample(shape)
    yield (
        "logistic",
        torch.randn(r, c).sigmoid().logit().mul(scale) + torch.distributions.Gumbel(0.0, scale).sample(shape),
    )
    yield "two scales by element", noise() * torch.where(torch.rand(r, c) < 0.1, 3.0, 1.0)
    rank = max(1, min(r, c) // 16)
    yield "low rank", torch.randn(r, rank) @ torch.randn(rank, c) * (scale / rank**0.5)
    half = max(1, min(r, c) // 2)
    yield "half rank", torch.randn(r, half) @ torch.randn(half, c) * (scale / half**0.5)
    yield "normal plus rank 4", noise() + torch.randn(r, 4) @ torch.randn(4, c) * (0.25 * scale)
    yield "normal shifted by 0.3 std", noise() + 0.3 * scale
    yield "uniform shifted by 0.3 std", (torch.rand(r, c) * 2 - 1) * scale + 0.3 * scale
    yield "rows share a mean", noise() + 0.5 * scale * torch.randn(r, 1)
    yield "columns share a mean", noise() + 0.5 * scale * torch.randn(1, c)
    yield "rows rescaled", noise() * torch.exp(0.4 * torch.randn(r, 1))
    yield "columns rescaled", noise() * torch.exp(0.4 * torch.randn(1, c))
    yield "rows normalised", nn.functional.normalize(torch.randn(r, c)) * scale
    x = noise()
    for i in range(1, r):
        x[i] = 0.5 * x[i - 1] + math.sqrt(0.75) * x[i]
    yield "rows correlated 0.5", x
    yield "neighbours correlated", nn.functional.avg_pool1d(noise()[None], 3, 1, 1)[0]
    x = noise()
    x[r // 2 :] = x[: r - r // 2]
    yield "half repeated", x
    yield "pruned by size", torch.where((x := noise()).abs() < scale, torch.zeros(()), x)
    yield "pruned at random", noise() * (torch.rand(r, c) < 0.5)
    yield "sorted rows", noise().sort(1).values
    yield "clipped at 1.5 std", noise().clamp(-1.5 * scale, 1.5 * scale)
    yield "one element in a hundred large", noise() * torch.where(torch.rand(r, c) < 0.01, 5.0, 1.0)
    yield "skewed", (torch.randn(r, c).exp() - 1.6487) * scale
    yield "sine table", torch.sin(torch.arange(r)[:, None] / 10000 ** (torch.arange(c)[None] / c))


def size_class(n: int) -> str:
    return next(
        name for least, name in ((1e6, ">= 1e6"), (1e5, "1e5 .. 1e6"), (1e4, "1e4 .. 1e5"), (0, "< 1e4")) if n >= least
    )


def judged(found, law) -> tuple[bool, bool]:
    laws = [candidate.law for candidate in found]
    if isinstance(law, Padded):
        same = [isinstance(x, Padded) and x.padding_idx == law.padding_idx and equal(x.base, law.base) for x in laws]
    else:
        same = [equal(x, law) or str(x) == str(law) for x in laws]
    return bool(same and same[0]), any(same)


class Table:
    """Hits by size and dtype."""

    def __init__(self) -> None:
        self.cells = defaultdict(lambda: [0, 0, 0])
        self.wrong: list[str] = []
        self.refused = 0

    def add(self, row: str, column: str, label: str, found, law) -> None:
        """Count one answer."""
        first, among = judged(found, law)
        cell = self.cells[row, column]
        cell[0] += first
        cell[1] += among
        cell[2] += 1
        self.refused += not found
        if not first:
            self.wrong.append(f"{row:11s} {column:9s} {label} -> {found}")

    def print(self, title: str) -> None:
        """Show the counts, and the share from 1e5 elements."""
        rows = sorted({r for r, _ in self.cells}, key=["< 1e4", "1e4 .. 1e5", "1e5 .. 1e6", ">= 1e6"].index)
        columns = list(dict.fromkeys(c for _, c in self.cells))
        print(f"\n{title}\n{'elements':12s}" + "".join(f"{c:>24s}" for c in columns))
        for row in rows:
            texts = []
            for column in columns:
                first, among, n = self.cells[row, column]
                texts.append(f"{first / n:8.2%} ({among / n:7.2%}) {n:5d}" if n else "")
            print(f"{row:12s}" + "".join(f"{t:>24s}" for t in texts))
        large = [v for (row, _), v in self.cells.items() if row in ("1e5 .. 1e6", ">= 1e6")]
        if large:
            first, among, n = (sum(v[i] for v in large) for i in range(3))
            print(f"from 1e5 elements: {first / n:.3%} named, {among / n:.3%} among ties, of {n}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--largest", type=int, default=4_194_304)
    parser.add_argument("--wrong", type=int, default=20, help="how many misses to print")
    parser.add_argument("--dtypes", nargs="+", default=[str(d)[6:] for d in DTYPES])
    options = parser.parse_args()
    dtypes = [getattr(torch, name) for name in options.dtypes]
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    main_table, close_table, start = Table(), Table(), time.perf_counter()
    for seed in range(options.repeats):
        torch.manual_seed(seed)
        for shape, dtype in itertools.product(MATRICES + KERNELS, dtypes):
            if math.prod(shape) > options.largest:
                continue
            extra = FLAT_ONLY if len(shape) == 2 else KERNEL_ONLY
            for name, kwargs in INITIALIZERS + extra:
                law = law_of(name, shape, **kwargs)
                found = identify(fresh(name, kwargs, shape, dtype))
                label = f"{name}({kwargs}) {shape}"
                main_table.add(size_class(math.prod(shape)), str(dtype)[6:], label, found, law)
            for name, kwargs in CLOSE:
                found = identify(fresh(name, kwargs, shape, dtype))
                label = f"{name}({kwargs}) {shape}"
                close_table.add(
                    size_class(math.prod(shape)), str(dtype)[6:], label, found, law_of(name, shape, **kwargs)
                )
        for layer, dtype in itertools.product(layers(), dtypes):
            for name, law in promises(layer).items():
                module = layer.get_submodule(name.rpartition(".")[0])
                tensor = layer.get_parameter(name) if name in dict(layer.named_parameters()) else layer.get_buffer(name)
                tensor = tensor.detach().to(dtype) if tensor.is_floating_point() else tensor
                found = identify(tensor, module=module, name=name)
                label = f"{type(layer).__name__}.{name} {tuple(tensor.shape)}"
                main_table.add(size_class(tensor.numel()), str(dtype)[6:], label, found, law)
    main_table.print("Initializers and layer defaults: named (among ties) of how many")
    close_table.print("Parameters less than 1% from another's")
    sound = sum(cell[2] for table in (main_table, close_table) for cell in table.cells.values())
    refused = main_table.refused + close_table.refused
    print(f"\nsound tensors called none of these: {refused} of {sound} ({refused / sound:.3%}; 0.020% is stated)")
    for line in main_table.wrong[: options.wrong]:
        print("  missed:", line)

    counts = defaultdict(lambda: [0, 0, 0])
    named = []
    for seed in range(options.repeats):
        torch.manual_seed(1000 + seed)
        for shape, dtype in itertools.product(
            [(32, 32), (64, 96), (128, 128), (320, 320), (768, 768), (3072, 768)], dtypes
        ):
            for label, tensor in trained(shape, 0.02):
                found = identify(tensor.to(dtype))
                cell = counts[size_class(math.prod(shape))]
                cell[0] += found.fresh
                cell[1] += bool(found) and not found.fresh
                cell[2] += 1
                if found:
                    named.append(f"{label} {shape} {dtype} -> {found}")
    print("\nWhat no initializer leaves")
    for row, (as_fresh, fitted, n) in counts.items():
        print(f"{row:12s} named fresh {as_fresh:4d}   fitted constant {fitted:4d}   of {n}")
    for line in named[: options.wrong]:
        print("  named:", line)
    print(f"\n{time.perf_counter() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
