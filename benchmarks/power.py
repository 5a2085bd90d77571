"""How often planted errors are caught, beside the smallest error that the report prints.

    python benchmarks/power.py [--runs 100] [--seed 0] [--quick]

For each defect and size the rule is asked about a sound draw first: `detectable` is what a report would print. Then
the defect is planted at a half, once and one and a half times that size, and the share of draws whose p-value is at
most alpha / 300 (the level of one test among 300 at alpha = 0.001) is printed. The promise is 0.9 at once the printed
size (1.0 for a cut and an outlier, whose tests are exact for the planted defect); a wrong family is a mixture whose
KS distance is known by quadrature. Exits 1 if a promise is broken beyond doubt (the 99% Clopper-Pearson interval lies
below 0.9, for sizes of 1,000 and more).
"""

from __future__ import annotations

import argparse
import importlib
import math
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import special

from embcheck.laws.families import Normal, Uniform
from embcheck.rules import RULES
from embcheck.runner import Context
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from embcheck.laws.law import Law
    from embcheck.results import Evidence

NORMAL, UNIFORM = Normal(0.0, 1.0), Uniform(-1.0, 1.0)
CONTEXT = Context()
SIZES = (1_000, 30_000, 1_000_000)
FACTORS = (0.5, 1.0, 1.5)


def matrix(n: int) -> tuple[int, int]:
    """The most square shape of about n elements."""
    side = math.isqrt(n)
    return side, n // side


def normals(n: int) -> torch.Tensor:
    return torch.randn(matrix(n))


def uniforms(n: int) -> torch.Tensor:
    return torch.rand(matrix(n)).mul_(2).sub_(1)


def cut_normals(n: int, mass: float) -> torch.Tensor:
    """Normals without the given mass in both tails together, by quantiles."""
    u = torch.rand(matrix(n), dtype=torch.float64) * (1 - mass) + mass / 2
    return torch.special.ndtri(u)


def short_uniforms(n: int, mass: float) -> torch.Tensor:
    """Uniforms on an interval that is shorter by the given share."""
    return uniforms(n).double() * (1 - mass)


def one_outlier(n: int, size: float) -> torch.Tensor:
    x = normals(n)
    x.view(-1)[n // 3] = size * 1.000001
    return x


def mixture_distance() -> float:
    """Largest distance between N(0, 1) and the uniform of the same std."""
    x = np.linspace(-2, 2, 400_001)
    bound = math.sqrt(3)
    return float(np.abs(special.ndtr(x) - np.clip((x + bound) / (2 * bound), 0, 1)).max())


FURTHEST = mixture_distance()


def mixed(n: int, distance: float) -> torch.Tensor:
    """Normals of which a share is uniform with the same std, so that the KS distance is as asked; None beyond reach."""
    share = distance / FURTHEST
    x = normals(n)
    other = uniforms(n) * math.sqrt(3)
    return torch.where(torch.rand(x.shape) < share, other, x)


def moving_average(n: int, correlation: float) -> torch.Tensor:
    """Neighbours in memory with the given correlation: x + b y with b/(1 + b^2) = correlation."""
    b = (1 - math.sqrt(max(0.0, 1 - 4 * correlation**2))) / (2 * correlation)
    rows, columns = matrix(n)
    x = torch.randn(rows * columns + 1)
    return ((x[1:] + b * x[:-1]) / math.sqrt(1 + b * b)).view(rows, columns)


def repeated_column(n: int, _: float) -> torch.Tensor:
    x = normals(n)
    x[:, 1] = x[:, 0]
    return x


def repeated_row(n: int, _: float) -> torch.Tensor:
    x = normals(n)
    x[1] = x[0]
    return x


def generator_restarts(n: int, share: float) -> torch.Tensor:
    """The last elements are the first again."""
    rows, columns = matrix(n)
    x = torch.randn(rows * columns)
    again = max(1, int(share * x.numel() * 0.1))
    x[-again:] = x[:again]
    return x.view(rows, columns)


# what is planted, the rule that names it, the law, and how; sizes are in the units that the rule prints
DEFECTS: tuple[tuple[str, str, Law, Callable[[int, float], torch.Tensor]], ...] = (
    ("std too large, normal", "scale-too-large", NORMAL, lambda n, e: normals(n) * (1 + e)),
    ("std too small, normal", "scale-too-small", NORMAL, lambda n, e: normals(n) * (1 - e)),
    ("std too large, uniform", "scale-too-large", UNIFORM, lambda n, e: uniforms(n) * (1 + e)),
    ("std too small, uniform", "scale-too-small", UNIFORM, lambda n, e: uniforms(n) * (1 - e)),
    ("mean shifted, normal", "mean-not-zero", NORMAL, lambda n, e: normals(n) + e),
    ("mean shifted, uniform", "mean-not-zero", UNIFORM, lambda n, e: uniforms(n) + e * UNIFORM_STD),
    ("uniforms among normals", "wrong-distribution", NORMAL, mixed),
    ("tails cut, normal", "missing-tails", NORMAL, cut_normals),
    ("ends cut, uniform", "missing-tails", UNIFORM, short_uniforms),
    ("one value far out", "outliers", NORMAL, one_outlier),
    ("neighbours correlated", "correlated-weights", NORMAL, moving_average),
    ("one column repeated", "repeated-slices", NORMAL, repeated_column),
    ("one row repeated", "duplicate-rows", NORMAL, repeated_row),
    ("generator restarts (10% x size)", "repeated-slices", NORMAL, generator_restarts),
)
UNIFORM_STD = 1 / math.sqrt(3)
UNITS = {"wrong-distribution": "D", "missing-tails": "of mass", "outliers": "std", "mean-not-zero": "std",
         "correlated-weights": "r", "scale-too-large": "of std", "scale-too-small": "of std"}  # fmt: skip


def ask(rule: str, x: torch.Tensor, law: Law) -> Evidence:
    check = importlib.import_module(next(r.module for r in RULES if r.name == rule))
    (answer,) = check.evidence(Subject("w", "tensor", x, law=law, shape=tuple(x.shape)), CONTEXT)
    return answer


def interval(hits: int, of: int) -> tuple[float, float]:
    """99% Clopper-Pearson."""
    low = 0.0 if hits == 0 else float(special.betaincinv(hits, of - hits + 1, 0.005))
    high = 1.0 if hits == of else float(special.betaincinv(hits + 1, of - hits, 0.995))
    return low, high


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="20 runs, none above 30,000 elements")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    broken, start = 0, time.perf_counter()
    print(f"level {CONTEXT.alpha_each:.2g}; caught at 0.5, 1 and 1.5 times the size that the report prints\n")
    print(f"{'defect':32s} {'rule':19s} {'n':>9s} {'printed size':>18s} {'x 0.5':>7s} {'x 1':>7s} {'x 1.5':>7s}")
    for name, rule, law, plant in DEFECTS:
        for n in SIZES[:2] if arguments.quick else SIZES:
            sound = normals(n) if law is NORMAL else uniforms(n)
            printed = float(ask(rule, sound, law).detectable or 0.0)
            runs = 20 if arguments.quick else arguments.runs if n < 10**6 else max(20, arguments.runs // 3)
            cells = []
            for factor in FACTORS:
                error = factor * printed
                if (rule == "wrong-distribution" and error > FURTHEST) or (rule == "missing-tails" and error >= 1):
                    cells.append(f"{'-':>7s}")  # the family is not that far away
                    continue
                hits = sum((ask(rule, plant(n, error), law).p_value or 0.0) <= CONTEXT.alpha_each for _ in range(runs))
                cells.append(f"{hits / runs:7.2f}")
                broken += factor == 1.0 and interval(hits, runs)[1] < 0.9
            size = f"{printed:.4g} {UNITS.get(rule, '')}" if rule in UNITS else "any"
            print(f"{name:32s} {rule:19s} {n:>9,} {size:>18s} {' '.join(cells)}", flush=True)
    print(f"\n{time.perf_counter() - start:.0f} s, torch {torch.__version__}; promises broken: {broken}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
