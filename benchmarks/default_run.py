"""The default `embcheck init-stats` as a whole process beside `import torch`: at most one second more.

    python benchmarks/default_run.py --runs 11

Prints the median and the least of each, and of the pairwise differences. The two run in turn, so that a machine whose speed
drifts does not favour one.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "embcheck init-stats": [sys.executable, "-m", "embcheck", "init-stats", "-qq"],
    "import torch": [sys.executable, "-c", "import torch"],
}


def seconds(command: list[str]) -> float:
    """Wall time of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Run the two in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    for command in COMMANDS.values():
        seconds(command)  # warm the disk's cache
    measured = [[seconds(command) for command in COMMANDS.values()] for _ in range(runs)]
    rows = dict(zip(COMMANDS, zip(*measured, strict=True), strict=True))
    rows["difference"] = tuple(whole - torch for whole, torch in measured)
    for name, values in rows.items():
        print(
            f"{name:20} median {statistics.median(values):.2f} s, least {min(values):.2f} s, most {max(values):.2f} s"
        )


if __name__ == "__main__":
    main()
