"""Documented bugs of real projects: each is caught for the right reason, each mended version and control is silent.

The criterion is the README's: at least one expected rule fails on `build()` as a warning or error; none of them, and
nothing at severity error, fails on `build_fixed()`; a control fails nothing above a note.
"""

from __future__ import annotations

import importlib.util
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

from embcheck.commands.audit import audit
from embcheck.commands.conversions import conversions
from embcheck.results import Outcome, Severity, Status

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
NAMES = {
    "nan_inf": {"not-finite"},
    "all_zero_param": {"all-zero"},
    "all_zero_slice": {"zero-slice"},
    "identical_params": {"identical-parameters"},
    "var_collapse": {"variance-collapse", "vanishing-activations"},
    "ckpt_mismatch": {"checkpoint-mismatch"},
    "dtype_mix": {"mixed-dtype"},
    "padding_row_nonzero": {"padding-row-not-zero"},
}
SEEDS = (0, 1, 2)


@cache
def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


declaration = load(HERE / "declarations.py").declaration
CASES = [p for p in sorted((HERE / "cases").glob("c*.py")) if load(p).META["level"] in "WMFSR"]
CONTROLS = sorted((HERE / "controls").glob("k*.py"))
MORE_CASES = [p for p in sorted((HERE / "more" / "cases").glob("*.py")) if load(p).META["level"] in "WMFSR"]
MORE_CONTROLS = sorted((HERE / "more" / "controls").glob("*.py"))
NOT_YET = {
    "m08_rgcn_bases_fan": "a third of the power a layer over three layers is within what sound networks lose",
    "n52_two_zero_convs_in_row": "a branch of its own input that ends in a zero convolution is taken for the network",
    "q18_fixup_blocks": "one layer that keeps torch's default on purpose looks like one that was forgotten",
    "s53_frozen_batch_norm_from_scratch": "one network of 16 channels is too narrow for its interval to exclude chance",
    "t01_bart_positions_padding_idx": "positions that run over the padding row look like tokens that are padded",
    "tk01_rtmdet_shared_convs_separate_norms": "layers shared by parallel levels look like ones shared along depth",
    "tk03_codebook_waits_for_kmeans": "a codebook that the first training batch fills is zero in evaluation mode",
    "tk04_frozen_vectors_kept_out_of_the_file": "a layer kept in a list on purpose looks like one forgotten there",
}


def look(case: ModuleType, build: str, seed: int) -> list[Outcome]:
    """Everything that fails, notes aside."""
    torch.manual_seed(seed)
    built: Any = getattr(case, build)()
    reference = case.reference_state() if hasattr(case, "reference_state") else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reproductions themselves warn of is not the question
        report = audit(
            built,
            inputs=case.example_input() if hasattr(case, "example_input") else None,
            expect=declaration(case.META["spec"]),
            reference=reference,
            seed=seed,
        )
        outcomes = list(report.outcomes)
        if case.META["cls"] == 9:
            outcomes += conversions(built).outcomes
    crashed = [o for o in outcomes if o.status is Status.ERROR]
    assert not crashed, crashed[0].reason
    return [o for o in outcomes if o.status is Status.FAIL and o.severity is not Severity.NOTE]


def due(case: ModuleType) -> set[str]:
    return {rule for name in case.META["expect"] for rule in NAMES.get(name, {name.replace("_", "-")})}


def once(paths: list[Path]) -> list[Any]:
    """One seed of each (`benchmarks/documented_bugs.py` runs three), what is known not to hold marked as such."""
    return [
        pytest.param(p, (0,), id=p.stem, marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[p.stem])])
        if p.stem in NOT_YET
        else pytest.param(p, (0,), id=p.stem)
        for p in paths
    ]


@pytest.mark.parametrize(("path", "seeds"), [*(pytest.param(p, SEEDS, id=p.stem) for p in CASES), *once(MORE_CASES)])
def test_bug_is_caught_and_mended_version_passes(path: Path, seeds: tuple[int, ...]) -> None:
    case = load(path)
    for seed in seeds:
        found = {o.rule for o in look(case, "build", seed)}
        assert found & due(case), f"seed {seed}: wanted one of {due(case)}, found {found or 'nothing'}"
        left = look(case, "build_fixed", seed)
        loud = [(o.rule, o.subject, o.message) for o in left if o.rule in due(case) or o.severity is Severity.ERROR]
        assert not loud, f"seed {seed}: on the mended version {loud}"


@pytest.mark.parametrize(
    ("path", "seeds"), [*(pytest.param(p, SEEDS, id=p.stem) for p in CONTROLS), *once(MORE_CONTROLS)]
)
def test_control_is_silent(path: Path, seeds: tuple[int, ...]) -> None:
    for seed in seeds:
        found = [(o.rule, o.subject, o.message) for o in look(load(path), "build", seed)]
        assert not found, f"seed {seed}: {found}"
