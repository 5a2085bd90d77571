"""Claim: trained weights are sound: no error, and each is called trained; fresh weights are called fresh.

Trains small models of several architectures to convergence (a few minutes on one core), saves what people save of them
and audits the files. A trained weight of 1,000 elements or more must follow no initializer's law, the same weight
before training must follow the one it was drawn from; `--trained` must fail for the fresh file and not for the trained.
A weight that training moved by less than half its standard deviation is counted apart: a normal law that moves by
independent amounts stays normal, and no test of values can tell (`embcheck explain looks-untrained`).

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
_MOVED = 0.5


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
            moved = {
                k: float((v - fresh[k]).float().std() / fresh[k].float().std()) for k, v in state.items() if v.dim() > 1
            }
            print(f"{task.name}: loss {losses[0]:.3g} to {sum(losses[-20:]) / 20:.3g}", flush=True)
            path = Path(folder) / f"{task.name}.safetensors"
            save_file(fresh, path)
            total.update(_told("fresh", audit(str(path)), fresh, {}))
            total["fresh file passes --trained"] += not _failed(audit(str(path), trained=True), "looks-untrained")
            for name, kept in variants(state, average, optimizer):
                if options.plain and name != "as it is":
                    continue
                path = Path(folder) / f"{task.name}.pt"
                torch.save(kept, path)
                total.update(_told(name, audit(str(path)), state, moved))
                if name == "as it is":
                    blamed = _failed(audit(str(path), trained=True), "looks-untrained")
                    total["trained weights failing --trained"] += sum(moved[o.subject] > _MOVED for o in blamed)
                    path = path.with_suffix(".safetensors")
                    save_file(state, path)
                    _told(name, audit(str(path)), state, moved)
    print(f"\n{dict(total)}")
    return int(any(total[k] for k in ("errors", "trained called fresh", "fresh called trained", "fresh file passes --trained",
                                      "trained weight fails --trained")))  # fmt: skip


def _failed(report: Report, rule: str) -> list[Any]:
    return [o for o in report.outcomes if o.rule == rule and o.status is Status.FAIL]


def _told(
    name: str, report: Report, state: dict[str, torch.Tensor], moved: dict[str, float]
) -> collections.Counter[str]:
    """Count what was said of one file (`moved` is empty before training), and print what should not have been."""
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
        own = row["name"].removeprefix("model.")
        fitted, none = "fitted" in row["law"], row["law"].startswith("none")
        called = "trained" if none else "fitted" if fitted else "fresh"
        was = "fresh" if not moved else "trained" if moved[own] > _MOVED else "hardly moved"
        key = f"{was} called {called}"
        found[key] += 1
        if called not in {was, "trained"} or key == "fresh called trained":
            print(f"    {name}: {key}: {own} {row['shape']} {row['law']}, moved by {moved.get(own, 0.0):.2g} std")
    return found


if __name__ == "__main__":
    sys.exit(main())
