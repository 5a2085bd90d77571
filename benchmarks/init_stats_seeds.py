"""False alarms of `embcheck init-stats` on this torch: how many of many seeds fail.

The budget is alpha = 0.001 a run, so about one run in a thousand may fail if every p-value is exact, fewer if some are
conservative. Prints one line a dtype: runs, failing runs, Clopper-Pearson 95% interval, which rules fired.

    python benchmarks/init_stats_seeds.py --runs 1000 --dtype float32 --dtype float64
"""

from __future__ import annotations

import argparse
import collections
import time
from concurrent.futures import ProcessPoolExecutor

from scipy.special import betaincinv


def one(job: tuple[str, int]) -> list[tuple[str, str, float | None]]:
    """The failures of one run."""
    from embcheck import init_stats

    dtype, seed = job
    report = init_stats(dtype=dtype, seed=seed)
    return [(o.code, o.subject, o.p_value) for o in report.failed if report.counts(o)]


def main() -> None:
    """Run every seed and print the count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--dtype", action="append")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    for dtype in arguments.dtype or ["float32", "float64"]:
        start = time.perf_counter()
        seeds = range(arguments.first, arguments.first + arguments.runs)
        with ProcessPoolExecutor(arguments.processes) as pool:
            results = list(pool.map(one, [(dtype, seed) for seed in seeds], chunksize=10))
        failing = [(seed, found) for seed, found in zip(seeds, results, strict=True) if found]
        k, n = len(failing), arguments.runs
        low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, 0.025))
        high = float(betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0
        seconds = time.perf_counter() - start
        print(f"{dtype}: {k} of {n} runs fail ({k / n:.4f}, 95% interval {low:.4f} to {high:.4f}); {seconds:.0f} s")
        for rule, count in collections.Counter(code for _, found in failing for code, _, _ in found).items():
            print(f"  {rule}: {count}")
        for seed, found in failing[:10]:
            print(f"  seed {seed}: " + "; ".join(f"{code} {subject} p={p:.2g}" for code, subject, p in found if p))


if __name__ == "__main__":
    main()
