"""Claim: `audit` is silent on sound models: those of torch.nn and of a dozen libraries, random weights, no downloads.

One line a model: errors, warnings (by rule), how many tensors of 1,000 elements or more were identified. Libraries that
are not installed are named and left out (`benchmarks/zoo` says which there are). With `--inputs` the model is also run
once, for the rules on signals; with `--factory` it is built again as for `package.module:factory`. Errors that are
defects of the library itself are named (`zoo/defects.py`), and every warning is explained in one sentence
(`zoo/reasons.py`): the table at the end has them all. An error without a name, or a warning without a sentence, is an
exit of 1.

    python benchmarks/sound_models.py [--factory] [--inputs] [--seed S] [--details] [NAME or FAMILY ...]
"""

from __future__ import annotations

import argparse
import collections
import re
import sys
import time
from importlib import metadata
from typing import TYPE_CHECKING, Any

import torch
from zoo import models, quiet
from zoo.defects import known as known_defect
from zoo.reasons import reason

from embcheck.commands.audit import audit
from embcheck.errors import UsageError
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from zoo import Sound

    from embcheck.results import Report

_LARGEST_FORWARD = 16_000_000


def main() -> int:
    """Audit everything, or the names given; 1 if anything is an error, or a warning that nobody has read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--factory", action="store_true")
    parser.add_argument("--inputs", action="store_true")
    parser.add_argument("--details", action="store_true", help="print every warning and what was not identified")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("wanted", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    totals: collections.Counter[str] = collections.Counter()
    rules: collections.Counter[str] = collections.Counter()
    libraries: dict[str, int] = {}
    told: dict[tuple[str, str, str], set[str]] = {}
    begun = time.perf_counter()
    for sound in models(options.wanted):
        start = time.perf_counter()
        try:
            with quiet():
                torch.manual_seed(options.seed)
                model = sound.build()
        except Exception as error:  # noqa: BLE001 - an architecture that this version cannot make so small
            print(f"{sound.name:34} not built: {type(error).__name__}: {' '.join(str(error).split())[:90]}")
            totals["not built"] += 1
            continue
        libraries[sound.library] = libraries.get(sound.library, 0) + 1
        report, fed = _audited(sound, model, options)
        bad, soft, big, known = _counted(report)
        real = [o for o in bad if known_defect(sound.name, o.rule)]
        bad = [o for o in bad if o not in real]
        totals.update(models=1, errors=len(bad), warnings=len(soft), large=len(big), identified=len(known), fed=fed)
        totals["with a warning"] += bool(soft)
        totals["errors that are defects of the library"] += len(real)
        counts = collections.Counter(o.rule for o in bad + soft)
        rules.update(counts)
        for o in [*bad, *real, *soft]:
            why = reason(sound.name, o.rule) if o in soft else known_defect(sound.name, o.rule)
            told.setdefault((o.rule, o.severity.value, why), set()).add(sound.name)
        print(f"{sound.name:34} {time.perf_counter() - start:5.1f} s  {'fed' if fed else '   '}  errors {len(bad)}  "
              f"warnings {len(soft)}  identified {len(known)}/{len(big)}  {dict(counts) or ''}", flush=True)  # fmt: skip
        for o in [*bad, *soft] if options.details else bad[:4]:
            print(f"      {o.severity.value} {o.rule} {o.subject}: {o.message[:230]}")
        for o in real:
            print(f"      defect {o.rule} {o.subject}: {known_defect(sound.name, o.rule)}")
        if options.details:
            _unidentified(big)
    print(f"\n{dict(totals)}\nrules: {dict(rules)}\nlibraries: {_versions(libraries)}; torch {torch.__version__}; "
          f"{time.perf_counter() - begun:.0f} s on one thread\n")  # fmt: skip
    return int(not _table(told))


def _table(told: dict[tuple[str, str, str], set[str]]) -> bool:
    """Print rule, severity, models and the sentence, what nobody has read first; whether everything was read."""
    for (rule, severity, why), names in sorted(told.items(), key=lambda row: (row[0][2] != "", row[0])):
        models = ", ".join(sorted(names)[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        word = "a defect of the library: " if severity == "error" and why else ""
        print(f"{rule:26} {severity:8} {len(names):3}  {models}\n{'':40}{word}{why or 'UNREAD'}")
    return all(why for _, _, why in told)


def _versions(libraries: dict[str, int]) -> str:
    named = []
    for name, count in libraries.items():
        try:
            named.append(f"{name} {metadata.version(name.replace('_', '-'))} ({count})")
        except metadata.PackageNotFoundError:
            named.append(f"{name} ({count})")
    return ", ".join(named)


def _audited(sound: Sound, model: torch.nn.Module, options: argparse.Namespace) -> tuple[Report, bool]:
    inputs = None
    small = sum(p.numel() for p in model.parameters()) < _LARGEST_FORWARD
    if options.inputs and sound.inputs is not None and small:
        torch.manual_seed(options.seed)
        inputs = _fitting(sound, model)
    with quiet():
        try:
            return audit(
                sound.build if options.factory else model, inputs=inputs, seed=options.seed
            ), inputs is not None
        except UsageError as error:
            print(f"      refused: {error}", file=sys.__stdout__)
            return audit(model, seed=options.seed), False


def _fitting(sound: Sound, model: torch.nn.Module) -> Any:
    """Inputs that the model accepts; None where those at hand do not suit it (it wants boxes, other lengths)."""
    assert sound.inputs is not None
    inputs = sound.inputs(model)
    try:
        with quiet(), torch.no_grad():
            model(**inputs) if isinstance(inputs, dict) else model(*inputs)
    except Exception as error:  # noqa: BLE001 - not what is measured here
        print(f"      not fed: {type(error).__name__}: {' '.join(str(error).split())[:90]}")
        return None
    return inputs


def _counted(report: Report) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    failed = [o for o in report.outcomes if o.status in {Status.FAIL, Status.ERROR}]
    bad = [o for o in failed if o.severity is Severity.ERROR or o.status is Status.ERROR]
    soft = [o for o in failed if o not in bad and o.severity is Severity.WARNING]
    big = [r for r in report.tables["tensors"] if r["n"] >= 1000 and r["kind"] == "parameter"]
    return bad, soft, big, [r for r in big if not r["law"].startswith("none")]


def _unidentified(rows: list[Any]) -> None:
    told = collections.Counter()
    for r in rows:
        if r["law"].startswith("none") or "fitted" in r["law"]:
            stack = re.sub(r"\d+", "*", r["name"]), r["law"], tuple(r["shape"])
            told[stack] += 1
            if told[stack] == 1:
                print("      name:", r["name"], r["shape"], r["law"], f"std {r['std']:.4g} mean {r['mean']:.3g}")


if __name__ == "__main__":
    sys.exit(main())
