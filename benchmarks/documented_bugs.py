"""Claim: documented bugs of real projects are caught, their mended versions and sound look-alikes pass, on three seeds.

One line for each class of bug: how many cases hold on all seeds; the names of those that do not.

    python benchmarks/documented_bugs.py [NAME ...]
"""

from __future__ import annotations

import collections
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "bugs"))
import test_bugs as bugs


def main() -> int:
    """Run every case and control, or the names given; 1 if any does not hold that should."""
    torch.set_num_threads(1)
    wanted = sys.argv[1:]
    held: collections.Counter[str] = collections.Counter()
    asked: collections.Counter[str] = collections.Counter()
    failed: dict[str, list[str]] = collections.defaultdict(list)
    for path in [*bugs.CASES, *bugs.MORE_CASES, *bugs.CONTROLS, *bugs.MORE_CONTROLS]:
        if wanted and not any(path.stem.startswith(name) for name in wanted):
            continue
        kind = str(bugs.load(path).META["cls"])
        test = bugs.test_control_is_silent if kind == "control" else bugs.test_bug_is_caught_and_mended_version_passes
        asked[kind] += 1
        try:
            test(path, bugs.SEEDS)
            held[kind] += 1
        except AssertionError as error:
            failed[kind].append(path.stem)
            print(f"{path.stem}: {str(error).splitlines()[0][:300]}", flush=True)
    for kind in sorted(asked, key=lambda k: (not k.isdigit(), k.zfill(2))):
        print(f"{kind:8} {held[kind]:3} of {asked[kind]:3}  {' '.join(failed[kind])}")
    return int(any(name not in bugs.NOT_YET for names in failed.values() for name in names))


if __name__ == "__main__":
    sys.exit(main())
