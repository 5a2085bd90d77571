"""Claim: trained weights are sound: no error, and each is called trained; fresh weights are called fresh.

Trains small models of several architectures to convergence (a few minutes on one core), saves what people save of them
and audits the files. A trained weight of 1,000 elements or more must follow no initializer's law, the same weight
before training must follow the one it was drawn from; `--trained` must fail for the fresh file and not for the trained.

    python benchmarks/trained_models.py [--seed S] [--plain] [NAME ...]
"""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save_file
from training import tasks, train
from training.variants import variants

from embcheck.commands.audit import audit
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from embcheck.results import Report

_FEWEST = 1000


def main() -> int:
    """Train, save, audit; 1 if anything is called what it is not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain", action="store_true", help="only the checkpoint as it is")
    parser.add_argument("wanted", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    total: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for task in tasks():
            if options.wanted and task.name not in options.wanted:
                continue
            torch.manual_seed(options.seed)
            model = task.make()
            fresh = {k: v.clone() for k, v in model.state_dict().items()}
            average: dict[str, torch.Tensor] = {}
            losses, optimizer = train(task, model, average)
            state = {k: v.detach().clone() for k, v in model.state_dict().items()}
            print(f"{task.name}: loss {losses[0]:.3g} to {sum(losses[-20:]) / 20:.3g}", flush=True)
            path = Path(folder) / f"{task.name}.safetensors"
            save_file(fresh, path)
            total.update(_told("fresh", audit(str(path)), fresh, before=True))
            total["fresh file passes --trained"] += not _failed(audit(str(path), trained=True), "looks-untrained")
            for name, kept in variants(state, average, optimizer):
                if options.plain and name != "as it is":
                    continue
                path = Path(folder) / f"{task.name}.pt"
                torch.save(kept, path)
                total.update(_told(name, audit(str(path)), state, before=False))
                if name == "as it is":
                    total["trained file fails --trained"] += bool(
                        _failed(audit(str(path), trained=True), "looks-untrained")
                    )
                    path = path.with_suffix(".safetensors")
                    save_file(state, path)
                    _told(name, audit(str(path)), state, before=False)
    print(f"\n{dict(total)}")
    return int(any(total[k] for k in ("errors", "trained called fresh", "fresh called trained", "fresh file passes --trained",
                                      "trained file fails --trained")))  # fmt: skip


def _failed(report: Report, rule: str) -> list[Any]:
    return [o for o in report.outcomes if o.rule == rule and o.status is Status.FAIL]


def _told(name: str, report: Report, state: dict[str, torch.Tensor], before: bool) -> collections.Counter[str]:
    """Count what was said of one file, and print what should not have been."""
    found: collections.Counter[str] = collections.Counter(files=1)
    for o in report.outcomes:
        if o.status is Status.ERROR or (o.status is Status.FAIL and o.severity is not Severity.NOTE):
            found["warnings" if o.severity is Severity.WARNING else "errors"] += 1
            print(f"    {name}: {o.severity} {o.rule} {o.subject}: {o.message[:200]}")
    for row in report.tables["tensors"]:
        if row["n"] < _FEWEST or len(row["shape"]) < 2 or row["kind"] == "buffer" or "lora" in row["name"]:
            continue
        if row["name"].removeprefix("model.") not in state:
            continue
        fresh = not row["law"].startswith("none") and "fitted" not in row["law"]
        fitted = "fitted" in row["law"]
        key = ("fresh called fresh" if fresh else "fresh called trained") if before else (
            "trained called fresh" if fresh else "trained called fitted" if fitted else "trained called trained")  # fmt: skip
        found[key] += 1
        if key in {"fresh called trained", "trained called fresh", "trained called fitted"}:
            print(f"    {name}: {key}: {row['name']} {row['shape']} {row['law']} p {row['p_value']:.2g}")
    print(f"    {name}: {report.notes[0] if report.notes else ''}")
    return found


if __name__ == "__main__":
    sys.exit(main())
