"""Claim: what `--write-expect` writes of a fresh model holds for the next build of it: at most 1 false alarm in 1,000 tensors.

Each sound model is built with one seed and audited, its laws are written down as `--write-expect` would, and a build
with another seed is audited against them. Counted are the outcomes above a note that the declaration adds.

    python benchmarks/round_trip.py [--seeds K] [NAME or FAMILY ...]
"""

from __future__ import annotations

import argparse
import collections
import sys
from typing import TYPE_CHECKING, Any

import torch
from zoo import models, quiet

from embcheck.commands.audit import audit
from embcheck.commands.declaration import declaration
from embcheck.errors import UsageError
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from zoo import Sound

    from embcheck.results import Report

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def main() -> int:
    """Write, build again, compare; 1 if more than one tensor in a thousand fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1, help="how many other builds are held against one declaration")
    parser.add_argument("wanted", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    totals: collections.Counter[str] = collections.Counter()
    rules: collections.Counter[str] = collections.Counter()
    for sound in models(options.wanted):
        try:
            first = _built(sound, 0)
        except Exception as error:  # noqa: BLE001 - reported by sound_models.py
            print(f"{sound.name}: not built ({type(error).__name__})")
            continue
        text = declaration(audit(first, seed=0))
        expect = tomllib.loads(text)["tool"]["embcheck"]["expect"]
        for seed in range(1, options.seeds + 1):
            other = _built(sound, seed)
            before = _failed(audit(other, seed=seed))
            try:
                report = audit(other, expect=expect, seed=seed)
            except UsageError as error:
                totals["refused"] += 1
                print(f"{sound.name}: the declaration is refused: {error}")
                break
            added = {k: v for k, v in _failed(report).items() if k not in before}
            hit = {name for _, name in added}
            totals.update(models=1, tensors=len(report.tables["tensors"]), declared=len(expect), alarms=len(hit))
            rules.update(rule for rule, _ in added)
            for (rule, name), o in added.items():
                print(f"{sound.name} seed {seed}: {o.severity} {rule} {name}: {o.message[:200]}", flush=True)
    share = totals["alarms"] / max(totals["tensors"], 1)
    print(f"\n{dict(totals)} {dict(rules)}: {share:.3%} of tensors alarmed")
    return int(share > 1e-3 or totals["refused"] > 0)


def _built(sound: Sound, seed: int) -> torch.nn.Module:
    with quiet():
        torch.manual_seed(seed)
        return sound.build()


def _failed(report: Report) -> dict[tuple[str, str], Any]:
    return {(o.rule, o.subject): o for o in report.outcomes
            if o.status is Status.ERROR or (o.status is Status.FAIL and o.severity is not Severity.NOTE)}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
