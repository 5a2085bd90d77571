"""Exact KS on a GPU beside copying the tensor within its memory.

    python benchmarks/ks_cuda.py [--n 1000000000]

Target (an H200 as the reference): at n = 1e9 float32 a third or more of the device-to-device copy bandwidth, counting
the bytes of the tensor once for KS and twice (read and written) for the copy. Without a CUDA device it says so and
exits.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

import torch

from embcheck.laws.families import Normal
from embcheck.stats.ks.one_sample import kolmogorov
from embcheck.stats.summary import summarize

if TYPE_CHECKING:
    from collections.abc import Callable


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Shortest wall time of several repeats, the queue drained before and after."""
    shortest = float("inf")
    for _ in range(repeats):
        torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        torch.cuda.synchronize()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=10**9)
    args = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("No CUDA device: nothing was measured.")
    print(f"{torch.cuda.get_device_name()}, n = {args.n:,}, torch {torch.__version__}\n")
    law = Normal(0, 0.02)
    for dtype in (torch.float32, torch.bfloat16):
        x = torch.empty(args.n, dtype=dtype, device="cuda").normal_(0, 0.02)
        y = torch.empty_like(x)
        size = x.numel() * x.element_size()
        copy = best(lambda x=x, y=y: y.copy_(x))
        bandwidth = 2 * size / copy
        del y
        print(f"{dtype}: device-to-device copy {copy * 1e3:.2f} ms, {bandwidth / 1e9:.0f} GB/s")
        for name, work in (("kolmogorov", lambda x=x: kolmogorov(x, law)), ("summarize", lambda x=x: summarize(x))):
            torch.cuda.reset_peak_memory_stats()
            held = torch.cuda.memory_allocated()
            seconds = best(work, 3)
            extra = (torch.cuda.max_memory_allocated() - held) / 2**20
            share = size / seconds / bandwidth
            print(f"  {name:12s}{seconds * 1e3:9.2f} ms, {share:.3f} of the copy bandwidth, {extra:.0f} MB extra")


if __name__ == "__main__":
    main()
