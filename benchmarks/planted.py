"""Claim: every defect planted in a GPT-2-style model is caught on every seed; sound builds give next to no false alarm.

Run: python benchmarks/planted.py [SEEDS] [SOUND_BUILDS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import gpt2_style

from embcheck.commands.audit import audit
from embcheck.results import Severity, Status


def failing(model: torch.nn.Module, declared: bool) -> tuple[set[str], set[str]]:
    """Rules that failed as errors, and those as errors or warnings."""
    report = audit(model, expect=gpt2_style.expect() if declared else None)
    failed = [o for o in report.outcomes if o.status in {Status.FAIL, Status.ERROR}]
    return (
        {o.rule for o in failed if o.severity is Severity.ERROR},
        {o.rule for o in failed if o.severity is not Severity.NOTE},
    )


def main() -> None:
    """Plant each defect on each seed; then count false alarms over sound builds."""
    torch.set_num_threads(1)
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    sound = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    print(f"{'planted':30} {'declared: error':>16} {'right rule':>11} {'undeclared: any':>16}   rules")
    for plant, (_, due) in gpt2_style.PLANTS.items():
        hits, right, alone, seen = 0, 0, 0, set()
        for seed in range(seeds):
            model = gpt2_style.build(plant, seed)
            errors, every = failing(model, declared=True)
            hits += bool(errors)
            right += bool(every & set(due))
            seen |= every
            alone += bool(failing(model, declared=False)[1])
        print(
            f"{plant:30} {hits:>10}/{seeds:<5} {right:>7}/{seeds:<3} {alone:>12}/{seeds:<3}   {', '.join(sorted(seen))}",
            flush=True,
        )
    start, alarms, undeclared = time.perf_counter(), 0, 0
    for seed in range(sound):
        model = gpt2_style.build(None, 10_000 + seed, layers=3, d=48)
        report = audit(model, expect=gpt2_style.expect(3), seed=seed)
        bad = [
            o for o in report.outcomes if o.status in {Status.FAIL, Status.ERROR} and o.severity is not Severity.NOTE
        ]
        alarms += bool(bad)
        for o in bad:
            print(f"  seed {seed}: {o.rule} {o.subject}: {o.message[:120]}")
        bad = [o for o in audit(model).outcomes if o.status is Status.FAIL and o.severity is not Severity.NOTE]
        undeclared += bool(bad)
        for o in bad:
            print(f"  seed {seed} undeclared: {o.rule} {o.subject}: {o.message[:120]}", flush=True)
    print(f"{alarms} false alarms with a declaration and {undeclared} without, in {sound} sound builds "
          f"({time.perf_counter() - start:.0f} s)")  # fmt: skip


if __name__ == "__main__":
    main()
