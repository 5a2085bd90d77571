"""What the scan of source files finds in other people's code: how many lines, how fast, and each warning to be judged.

    python benchmarks/source_scan.py site-packages/some_package ...

Prints a line for each warning; whether it is a false alarm is for a person to say. Judged so on 2026-11-21, torch users
from PyPI (latest wheels): on 20 packages that no rule was tuned on (transformers, espnet, catalyst, asteroid, nnunetv2,
open_clip, ignite, ...; 5,986 files) there were 7 warnings, 5 right and 2 wrong. Over all 61 packages (16,154 files), of
which 41 had a part in finding the scanner's mistakes, see the table in docs/decisions.md.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from embcheck.subjects.source.files import files
from embcheck.subjects.source.scan import scan


def main(paths: list[str]) -> None:
    start = time.perf_counter()
    counted: Counter[tuple[str, str]] = Counter()
    warnings, unread, lines = [], [], 0
    found = list(files(paths))
    for path in found:
        subject = scan(path)
        lines += path.read_bytes().count(b"\n")
        if subject.facts["reason"]:
            unread.append(f"{path}: {subject.facts['reason']}")
        for hit in subject.value:
            counted["sound" if hit.sound else hit.severity, hit.rule] += 1
            if not hit.sound and hit.severity != "note":
                warnings.append(f"{hit.path}:{hit.line}: {hit.rule}: {hit.message}")
    seconds = time.perf_counter() - start
    for warning in warnings:
        print(warning)
    for (severity, rule), number in sorted(counted.items()):
        print(f"{severity:8} {rule:20} {number:6,d}")
    speed = f"{lines / seconds:,.0f} lines/s"
    print(f"{len(found):,} files, {lines:,} lines, {len(unread)} not read, in {seconds:.1f} s: {speed}")
    for reason in unread[:5]:
        print(f"not read: {reason}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python benchmarks/source_scan.py PATH [PATH ...]")
    main(sys.argv[1:])
