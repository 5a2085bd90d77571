"""Classes 9 and 10 of the documented bugs: what only running the operation shows, each for its own cause."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

import embcheck
from embcheck.results import Outcome, Severity, Status

CASES = Path(__file__).parent / "cases"
# case -> the rule of its cause
CONVERSIONS = {
    "c81_numpy_requires_grad": "requires-grad",
    "c82_numpy_off_cpu": "off-cpu",
    "c85_from_numpy_alias": "shared-memory",
    "c87_float64_table": "mixed-dtype",
    "c88_numpy2_array_copy_kw": "array-copy-keyword",
    "c91_lazy_conj_numpy": "lazy-bits",
}
TRAINING = {
    "c93_sparse_weight_decay": "sparse-optimizer",
    "c94_adam_moves_unseen_rows": "unseen-rows-updated",
    "c95_max_norm_inplace": "max-norm-violated",
}


MORE = CASES.parent / "more" / "cases"


def load(name: str):
    folder = CASES if (CASES / f"{name}.py").exists() else MORE
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def look(name: str, build: str, seed: int) -> list[Outcome]:
    """What fails above a note."""
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reproduction itself warns of is not the question
        built = getattr(load(name), build)()
        report = embcheck.conversions(built) if name in CONVERSIONS else embcheck.audit(built)
    crashed = [o.reason for o in report.outcomes if o.status is Status.ERROR]
    assert not crashed, crashed[0]
    return [o for o in report.failed if o.severity is not Severity.NOTE]


@pytest.mark.parametrize("name", [*CONVERSIONS, *TRAINING])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_caught_for_its_cause_and_silent_when_mended(name: str, seed: int) -> None:
    rule = {**CONVERSIONS, **TRAINING}[name]
    takes_copy = "copy" in torch.Tensor.__array__.__code__.co_varnames
    if rule == "array-copy-keyword" and (numpy_version() < (2, 1) or takes_copy):
        pytest.skip("numpy passes copy= since 2.1, to __array__, and this torch may take it")
    assert rule in {o.rule for o in look(name, "build", seed)}
    mended = look(name, "build_fixed", seed)
    assert rule not in {o.rule for o in mended}
    assert not [o for o in mended if o.severity is Severity.ERROR]


OPERATIONS = [p.stem for p in sorted(MORE.glob("*.py")) if load(p.stem).META["level"] == "X"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_of_more_bugs(name: str) -> None:
    case = load(name)
    due = {rule.replace("_", "-") for rule in case.META["expect"]}
    found, mended = (_outcomes(case, build) for build in ("build", "build_fixed"))
    assert due & {o.rule for o in found}
    assert not [o for o in mended if o.rule in due or o.severity is Severity.ERROR]


def _outcomes(case, build: str) -> list[Outcome]:
    """What fails above a note: at the border for class 9, in the audit of a model for class 10."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reproduction itself warns of is not the question
        built = getattr(case, build)()
        inputs = case.example_input() if hasattr(case, "example_input") else None
        report = embcheck.conversions(built) if case.META["cls"] == 9 else embcheck.audit(built, inputs=inputs)
    assert not [o.reason for o in report.outcomes if o.status is Status.ERROR]
    return [o for o in report.failed if o.severity is not Severity.NOTE]


def numpy_version() -> tuple[int, ...]:
    return tuple(int(part) for part in np.__version__.split(".")[:2])
