"""How often sound tensors fail: the family-wise rate beside alpha, and each test's rate beside its nominal level.

    python benchmarks/calibration.py [--runs 12000] [--seed 0] [--jobs 1] [--quick]

A run is one sound tensor: a law, a dtype, a size from 64 to 1e7 and a shape. Every rule on one tensor asks its
question, and Holm judges the p-values of the run, as `embcheck` does. Normals and uniforms come from torch in the
dtype itself for float32 and float64, from torch's float32 rounded to nearest for 16-bit dtypes; truncated normals are
quantiles of float64 uniforms. Intervals are 95% Clopper-Pearson. Exits 1 if the family-wise rate is above alpha
beyond doubt (its whole interval lies above).
"""

from __future__ import annotations

import argparse
import importlib
import math
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import torch
from scipy import special

from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.results import Evidence
from embcheck.rules import RULES
from embcheck.runner import Context
from embcheck.seeds import stable_seed
from embcheck.stats.correction import holm
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.laws.law import Law

LAWS: dict[str, Law] = {
    "normal(0, 0.02)": Normal(0.0, 0.02),
    "normal(3, 0.1)": Normal(3.0, 0.1),
    "rand()": Uniform(0.0, 1.0, open_right=True),
    "uniform(-0.0765, 0.0765)": Uniform(-0.0765, 0.0765),
    "trunc_normal(0, 1, -2, 2)": TruncatedNormal(0.0, 1.0, -2.0, 2.0),
    "trunc_normal(0, 0.02, -2, 2)": TruncatedNormal(0.0, 0.02, -2.0, 2.0),
    "trunc_normal(0, 1, -0.5, 3)": TruncatedNormal(0.0, 1.0, -0.5, 3.0),
}
DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
# how many of 12,000 runs have which size
SIZES = {64: 2600, 256: 2600, 1024: 2600, 4096: 2400, 32_768: 1500, 131_072: 240, 1_048_576: 48, 10_000_000: 12}
LEVELS = (0.1, 0.01, 0.001, 0.0001)
ALPHAS = (0.05, 0.01, 0.001)


def shape_of(n: int, kind: int) -> tuple[int, ...]:
    """About n elements as a vector, five long rows, a matrix, a convolution, or five dimensions."""
    side = max(2, math.isqrt(n))
    return (
        (n,),
        (5, max(1, n // 5)),
        (side, max(1, n // side)),
        (max(2, math.isqrt(n // 9)), max(1, n // 9 // max(2, math.isqrt(n // 9))), 3, 3),
        (2, 2, 2, 4, max(1, n // 32)),
    )[kind]


def draw(law: Law, dtype: torch.dtype, shape: tuple[int, ...], generator: torch.Generator) -> torch.Tensor:
    """A sound tensor of the law."""
    work = dtype if dtype.itemsize >= 4 else torch.float32
    if isinstance(law, Normal):
        x = torch.randn(shape, dtype=work, generator=generator).mul_(law.std).add_(law.mean)
    elif isinstance(law, Uniform):
        x = torch.rand(shape, dtype=work, generator=generator).mul_(law.high - law.low).add_(law.low)
    else:
        u = torch.rand(shape, dtype=torch.float64, generator=generator)
        parts = [torch.from_numpy(law.ppf(part.numpy())) for part in u.flatten().split(1 << 18)]
        x = torch.cat(parts).reshape(shape).to(work)
    x = x.to(dtype)
    if law.open_right:  # rounding rand up to 1 would be a defect
        x = torch.where(x < 1, x, torch.zeros_like(x))
    return x


def one_run(seed: int, n: int) -> tuple[str, str, int, list[tuple[str, float]]]:
    """Law, dtype, size and the p-values of one sound tensor; a certain failure counts as a p-value of 0."""
    generator = torch.Generator().manual_seed(seed)

    def pick(number: int) -> int:
        return int(torch.randint(number, (1,), generator=generator))

    name = list(LAWS)[pick(len(LAWS))]
    dtype = DTYPES[pick(len(DTYPES))]
    shape = shape_of(n, pick(5))
    law = LAWS[name]
    subject = Subject("w", "tensor", draw(law, dtype, shape, generator), law=law, shape=shape)
    found: list[tuple[str, float]] = []
    for rule in RULES:
        check = importlib.import_module(rule.module)
        if rule.code[:3] not in ("INI", "WGT") or "tensor" not in check.KINDS:
            continue
        for answer in check.evidence(subject, Context()):
            if isinstance(answer, Evidence):
                p = answer.p_value if answer.holds is None else float(answer.holds)
                if p is not None and (answer.holds is None or not answer.holds):
                    found.append((rule.name, p))
    return name, str(dtype).removeprefix("torch."), n, found


def batch(work: Sequence[tuple[int, int]]) -> list[tuple[str, str, int, list[tuple[str, float]]]]:
    """Some runs in one process, on one thread."""
    torch.set_num_threads(1)
    return [one_run(*item) for item in work]


def interval(hits: int, of: int) -> tuple[float, float]:
    """95% Clopper-Pearson."""
    low = 0.0 if hits == 0 else float(special.betaincinv(hits, of - hits + 1, 0.025))
    high = 1.0 if hits == of else float(special.betaincinv(hits + 1, of - hits, 0.975))
    return low, high


def shown(hits: int, of: int) -> str:
    low, high = interval(hits, of)
    return f"{hits / of:.5f} [{low:.5f}, {high:.5f}]"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="600 runs, none above 32,768 elements")
    arguments = parser.parse_args()
    runs = 600 if arguments.quick else arguments.runs
    sizes = {n: max(1, round(share * runs / 12_000)) for n, share in SIZES.items()
             if not arguments.quick or n <= 32_768}  # fmt: skip
    work = [(stable_seed(arguments.seed, n, i), n) for n, count in sizes.items() for i in range(count)]
    start = time.perf_counter()
    if arguments.jobs == 1:
        results = batch(work)
    else:
        with ProcessPoolExecutor(arguments.jobs) as pool:
            pieces = [work[i :: arguments.jobs * 8] for i in range(arguments.jobs * 8)]
            results = [run for piece in pool.map(batch, pieces) for run in piece]
    total = len(results)
    print(f"{total:,} sound runs, {len(LAWS)} laws, {len(DTYPES)} dtypes, torch {torch.__version__}, "
          f"{time.perf_counter() - start:.0f} s\n")  # fmt: skip

    print("runs by size: " + ", ".join(f"{n:,}: {count:,}" for n, count in sizes.items()) + "\n")
    least = [min(holm([p for _, p in run[3]]), default=1.0) for run in results]
    print("family-wise rate: runs with any failure after Holm")
    for alpha in ALPHAS:
        print(f"  alpha {alpha:<6g} {shown(sum(p <= alpha for p in least), total)}")
    for title, index in (("law", 0), ("dtype", 1), ("size", 2)):
        print(f"\n  at alpha 0.05 by {title}")
        for value in dict.fromkeys(run[index] for run in sorted(results, key=lambda run: str(run[index]).zfill(9))):
            chosen = [p for p, run in zip(least, results, strict=True) if run[index] == value]
            print(f"    {value!s:30s} {shown(sum(p <= 0.05 for p in chosen), len(chosen))}  of {len(chosen):,}")

    print("\nshare of p-values at or below the nominal level, and over it (at most 1 is sound)")
    print(f"  {'rule':22s} {'p-values':>9s}" + "".join(f"{level:>18g}" for level in LEVELS))
    every = Counter(name for run in results for name, _ in run[3])
    for name, count in every.items():
        values = [p for run in results for rule, p in run[3] if rule == name]
        cells = ""
        for level in LEVELS:
            hits = sum(p <= level for p in values)
            cells += f"{hits / count:>11.5f} {hits / count / level:>5.2f}x" if level * count >= 1 else f"{'-':>18s}"
        print(f"  {name:22s} {count:>9,}{cells}")
    return int(any(interval(sum(p <= alpha for p in least), total)[0] > alpha for alpha in ALPHAS))


if __name__ == "__main__":
    sys.exit(main())
