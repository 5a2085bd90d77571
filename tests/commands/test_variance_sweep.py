"""`variance_sweep` as a function: tables as documented, notes, bad input, and what it leaves alone."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import torch

from embcheck.commands.find_gain import find_gain
from embcheck.commands.variance_sweep import variance_sweep
from embcheck.commands.width_scan import width_scan
from embcheck.errors import UsageError
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = {
    "activation", "init", "gain", "bias", "architecture", "depth", "width", "dtype", "seeds", "sigma_w2", "sigma_b2",
    "q_star", "chi_1", "chi_q", "xi_c", "xi_q", "log_q", "log_q_theory", "log_s", "log_s_theory", "log_g",
    "log_g_theory", "verdict_forward", "verdict_signal", "verdict_gradient",
}  # fmt: skip
LAYER = {"configuration", "layer", "name", "q", "q_theory", "s", "s_theory", "g", "g_theory", "dead", "saturated"}


def test_tables_are_the_documented_ones() -> None:
    report = variance_sweep(12, 64, ["kaiming_normal", "xavier_normal"], ["relu", "tanh"])
    rows, layers = report.tables["configurations"], report.tables["layers"]
    assert len(rows) == 4
    assert len(layers) == 4 * 12
    assert all(set(row) == CONFIGURATION for row in rows)
    assert all(set(row) == LAYER for row in layers)
    first = next(r for r in rows if r["activation"] == "relu" and r["init"] == "kaiming_normal")
    assert first["sigma_w2"] == pytest.approx(2.0)
    assert first["chi_1"] == pytest.approx(1.0)
    assert first["gain"] == pytest.approx(math.sqrt(2))
    assert layers[0]["q_theory"] == pytest.approx(2.0)
    assert {row["configuration"] for row in layers} == {o.subject.removesuffix(" (drift)") for o in report.outcomes}


def test_the_default_network_is_sound() -> None:
    report = variance_sweep(depth=20, width=128)
    assert report.exit_code == 0
    assert {o.status for o in report.outcomes} == {Status.PASS}
    assert report.reproduce.startswith("embcheck variance-sweep")


def test_a_defect_fails_the_run_and_a_drift_is_a_note() -> None:
    assert variance_sweep(30, 64, init="xavier_normal").exit_code == 1
    report = variance_sweep(50, 256, gain=1.05 * math.sqrt(2))
    assert report.exit_code == 0
    assert {(o.code, o.severity) for o in report.failed} == {("VAR102", Severity.NOTE), ("VAR104", Severity.NOTE)}
    assert variance_sweep(50, 256, gain=1.05 * math.sqrt(2), fail_on="note").exit_code == 1


def test_a_lottery_is_noted() -> None:
    report = variance_sweep(40, 32)
    assert any("a lottery" in note for note in report.notes)
    assert not variance_sweep(10, 256).notes


def test_weights_without_a_mean_field_say_so() -> None:
    report = variance_sweep(4, 16, init="eye")
    assert any("no theory" in note for note in report.notes)
    assert report.tables["configurations"][0]["log_q_theory"] is None


def test_rules_can_be_selected() -> None:
    report = variance_sweep(5, 16, select=["VAR109"])
    assert {o.code for o in report.outcomes} == {"VAR109"}


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ({"depth": 0}, "depth"),
        ({"width": 1}, "width"),
        ({"activation": "rleu"}, "relu"),
        ({"init": "kaimin_normal"}, "kaiming_normal"),
        ({"seeds": 0}, "seeds"),
        ({"dtype": "int8"}, "float32"),
        ({"limit": -1.0}, "limit"),
        ({"backward": "both"}, "tangent"),
        ({"select": ["EMB"]}, "VAR rules"),
        ({"select": ["XYZ999"]}, "XYZ999"),
        ({"device": "nonsense"}, "nonsense"),
        ({"plot": "x.bmp"}, ".png"),
        ({"plot": "/no/such/folder/x.png"}, "folder"),
    ],
)
def test_bad_input_is_one_sentence(wanted: dict[str, object], part: str) -> None:
    with pytest.raises(UsageError, match=part) as caught:
        variance_sweep(**({"depth": 3, "width": 8} | wanted))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_it_is_reproducible_and_leaves_the_process_alone() -> None:
    torch.manual_seed(9)
    before, threads, grad = torch.get_rng_state(), torch.get_num_threads(), torch.is_grad_enabled()
    a = variance_sweep(6, 32, ["kaiming_normal", "orthogonal"], ["relu", "gelu"], seed=5)
    b = variance_sweep(6, 32, ["kaiming_normal", "orthogonal"], ["relu", "gelu"], seed=5)
    assert a.tables == b.tables
    assert torch.equal(before, torch.get_rng_state())
    assert torch.get_num_threads() == threads
    assert torch.is_grad_enabled() == grad
    assert variance_sweep(6, 32, seed=6).tables != variance_sweep(6, 32, seed=5).tables


def test_the_choice_of_companions_changes_no_draw() -> None:
    alone = variance_sweep(6, 32, "kaiming_normal", "tanh").tables["configurations"][0]
    among = variance_sweep(6, 32, ["orthogonal", "kaiming_normal"], ["relu", "tanh", "gelu"]).tables["configurations"]
    other = next(r for r in among if r["activation"] == "tanh" and r["init"] == "kaiming_normal")
    assert alone["log_q"] == pytest.approx(other["log_q"], abs=1e-5)


def test_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    variance_sweep(3, 16, ["kaiming_normal", "orthogonal"], seeds=2, observe=lambda a, b: seen.append((a, b)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_plots(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"x.{suffix}"
    variance_sweep(5, 16, activation=["relu", "tanhshrink"], plot=path)
    start = path.read_bytes()[:5]
    assert start.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix])


def test_find_gain_reports_every_channel() -> None:
    report = find_gain(20, activation=["relu", "tanh"])
    rows = report.tables["gains"]
    assert [r["channel"] for r in rows[:4]] == ["forward", "signal", "gradient", "all three"]
    assert rows[0]["gain"] == pytest.approx(math.sqrt(2), rel=1e-6)
    assert len(report.outcomes) == 8
    assert {o.code for o in report.outcomes} == {"VAR112"}
    assert report.exit_code == 0
    assert "no theory" in find_gain(5, init="ones").outcomes[0].reason


def test_no_gain_fails_the_run() -> None:
    report = find_gain(120, activation="gelu", limit=2.0)
    assert report.exit_code == 1
    assert report.tables["gains"][-1]["verdict"] == "none"
    with pytest.raises(UsageError, match="transformers"):
        find_gain(3, architecture="transformer")
    with pytest.raises(UsageError, match="VAR112"):
        find_gain(3, select=["VAR101"])
    with pytest.raises(UsageError, match="positive"):
        find_gain(3, limit=math.nan)


def test_find_gain_draws_nothing_and_needs_no_torch() -> None:
    script = (
        "import sys\nfrom embcheck.commands.find_gain import find_gain\nfind_gain(5, architecture=['mlp', 'conv'])\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_biases_and_dtypes_are_swept() -> None:
    rows = variance_sweep(3, 16, bias=[0, "0.3"], dtype=["float32", "bfloat16"], seeds=3).tables["configurations"]
    assert [(r["bias"], r["dtype"]) for r in rows] == [
        ("0", "float32"), ("0", "bfloat16"), ("0.3", "float32"), ("0.3", "bfloat16"),
    ]  # fmt: skip


def test_tokens_have_a_cosine() -> None:
    report = variance_sweep(2, 32, architecture=["mlp", "transformer"], tokens=8, seeds=3)
    rows = report.tables["layers"]
    assert [("cosine" in r) for r in rows] == [False, False, True, True]
    assert rows[3]["cosine"] == pytest.approx(rows[3]["cosine_theory"], abs=0.1)
    assert any("mean cosine" in note for note in report.notes)
    assert "--tokens 8" in report.reproduce


def test_width_scan_fails_the_standard_parametrization() -> None:
    report = width_scan("32,64,128,256", steps=1, seeds=4)
    assert report.exit_code == 1
    assert {o.code for o in report.outcomes} == {"VAR111"}
    assert {row["layer"] for row in report.tables["exponents"]} == {"hidden 1", "hidden 2", "hidden 3", "output"}


@pytest.mark.parametrize("widths", ["64", "64,64,64", "a,b,c", (1, 2, 3)])
def test_width_scans_need_three_widths(widths: object) -> None:
    with pytest.raises(UsageError, match="widths"):
        width_scan(widths)  # type: ignore[arg-type]


def test_singular_values_are_probed_beside_a_true_backward_pass() -> None:
    (row,) = variance_sweep(5, 64, backward="exact", seeds=8).tables["configurations"]
    assert row["isometry_theory"] == pytest.approx(8.0)  # Pennington et al. 2017: 2 a layer
    assert row["isometry"] == pytest.approx(8.0, rel=0.5)
    assert "isometry" not in variance_sweep(5, 64).tables["configurations"][0]


def test_a_sampled_band_knows_the_signals_drift() -> None:
    """Finite width inflates the signal of ReLU networks: 10^-1.20 beside 10^-1.60 at L/n = 0.1."""
    (row,) = variance_sweep(50, 512, theory="sampled", seeds=1).tables["configurations"]
    (field,) = variance_sweep(50, 512, seeds=1).tables["configurations"]
    assert row["log_s_theory"] > field["log_s_theory"] + 0.4
    assert row["log_q_theory"] == pytest.approx(field["log_q_theory"], abs=0.3)
