"""Memory beyond the tensor itself, while it is summarised and compared with its law.

    python benchmarks/ks_memory.py [--n 100000000]

Claim: below 64 MB at n = 1e8 float32, and no more at ten times the size. Each row is a fresh process that warms up on a
small tensor, so that libraries and thread stacks are not counted, then resets the kernel's high-water mark (Linux).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

CHILD = """
import sys, torch
from embcheck.laws.families import Normal
from embcheck.stats.ks.one_sample import kolmogorov
from embcheck.stats.summary import summarize
n, dtype, work = int(sys.argv[1]), getattr(torch, sys.argv[2]), sys.argv[3]
law = Normal(0, 0.02)
act = {"kolmogorov": lambda x: kolmogorov(x, law), "summarize": summarize}[work]
def peak():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]) / 1024
act(torch.randn(1000).to(dtype))
x = torch.empty(n, dtype=dtype)
for part in x.split(10**7):
    part.copy_(torch.randn(part.numel()).mul_(0.02))
open("/proc/self/clear_refs", "w").write("5")
before = peak()
act(x)
print(f"{peak() - before:.1f}")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=10**8)
    args = parser.parse_args()
    if not Path("/proc/self/clear_refs").exists():
        sys.exit("This benchmark reads the kernel's high-water mark and needs Linux.")
    for n in (args.n // 10, args.n):
        for dtype in ("float32", "bfloat16"):
            for work in ("summarize", "kolmogorov"):
                done = subprocess.run(
                    [sys.executable, "-c", CHILD, str(n), dtype, work], capture_output=True, text=True, check=True
                )
                size = n * (4 if dtype == "float32" else 2) / 2**20
                print(
                    f"{work:12s} {dtype:9s} n = {n:>13,} ({size:6.0f} MB): {float(done.stdout):6.1f} MB extra",
                    flush=True,
                )


if __name__ == "__main__":
    main()
