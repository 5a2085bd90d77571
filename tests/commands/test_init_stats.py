"""`init-stats` end to end: what is drawn, what is said, what is refused."""

from __future__ import annotations

import pytest
import torch

from embcheck.commands.init_stats import init_stats
from embcheck.errors import UsageError
from embcheck.results import Severity, Status


@pytest.fixture(scope="module")
def report():
    return init_stats()


def test_default_run_holds(report) -> None:
    assert report.exit_code == 0
    # what torch does otherwise than its documentation says, without harm to a first value, is a note
    assert {o.code[:3] for o in report.failed} <= {"EMB"}
    assert {o.severity for o in report.failed} <= {Severity.NOTE}
    assert report.reproduce == "embcheck init-stats --device cpu --dtype float32 --seed 0 --alpha 0.001"


def test_table_has_the_five_groups_and_the_public_columns(report) -> None:
    rows = report.tables["draws"]
    assert {row["group"] for row in rows} == {"embeddings", "torch.nn.init", "layers", "constructors", "randomness"}
    public = {"group", "subject", "law", "n", "mean", "std", "min", "max", "d", "p_value", "verdict"}
    assert all(public <= set(row) for row in rows)
    assert {row["verdict"] for row in rows} == {"pass"}
    assert len({row["subject"] for row in rows}) == len(rows)


def test_numbers_of_the_table_are_torchs(report) -> None:
    row = next(r for r in report.tables["draws"] if r["subject"] == "Embedding(5, 10000).weight")
    assert row["n"] == 50_000
    assert abs(row["mean"]) < 5 / 50_000**0.5  # five standard errors
    assert abs(row["std"] - 1) < 5 / 100_000**0.5
    assert row["variance"] == pytest.approx(row["std"] ** 2)


def test_every_initializer_and_every_gain_is_asked(report) -> None:
    subjects = {outcome.subject for outcome in report.outcomes}
    public = [
        n[:-1]
        for n in dir(torch.nn.init)
        if n.endswith("_") and not n.startswith("_") and callable(getattr(torch.nn.init, n))
    ]
    assert len(public) >= 14
    missing = [n for n in public if not any(s.startswith(f"{n}_(") for s in subjects)]
    assert not missing
    skipped = {o.subject for o in report.outcomes if o.status is Status.SKIP and o.rule == "wrong-gain"}
    assert skipped == {f"calculate_gain({name!r})" for name in ("gelu", "elu", "silu")}


def test_outcomes_are_unique_by_code_and_subject(report) -> None:
    keys = [(o.code, o.subject) for o in report.outcomes]
    assert len(set(keys)) == len(keys)


def test_same_seed_same_report_and_select_changes_no_draw(report) -> None:
    again = init_stats()
    assert again.tables == report.tables
    alone = init_stats(select=["scale-too-large"])
    theirs = {o.subject: o.measured for o in report.outcomes if o.rule == "scale-too-large"}
    assert {o.subject: o.measured for o in alone.outcomes} == theirs


def test_other_seed_other_draws(report) -> None:
    other = {r["subject"]: r["mean"] for r in init_stats(seed=1, init=["normal"]).tables["draws"]}
    mine = {r["subject"]: r["mean"] for r in report.tables["draws"]}
    assert all(mine[name] != mean for name, mean in other.items())


def test_global_state_is_as_before() -> None:
    torch.manual_seed(11)
    due = torch.rand(4)
    torch.manual_seed(11)
    init_stats(init=["eye"])
    assert torch.equal(torch.rand(4), due)


def test_classic_experiment_prints_each_row() -> None:
    rows = init_stats(num_embeddings=3, embedding_dim=50_000, select=["INI101"]).tables["draws"]
    names = [r["subject"] for r in rows if r["group"] == "embeddings"]
    assert [n for n in names if n.startswith("Embedding(3, 50000).weight")] == [
        "Embedding(3, 50000).weight", *(f"Embedding(3, 50000).weight[{i}]" for i in range(3)),
    ]  # fmt: skip


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_other_dtypes_hold_and_skip_with_a_reason(dtype) -> None:
    report = init_stats(dtype=dtype)
    assert report.exit_code == 0, [o.message for o in report.failed]
    reasons = {o.reason for o in report.outcomes if o.status is Status.SKIP and o.rule == "draw-failed"}
    assert (dtype == "float64") == (reasons == set())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"device": "gpu"}, "this machine has cpu"),
        ({"device": "meta"}, "no values"),
        ({"dtype": "int8"}, "no real random draws"),
        ({"num_embeddings": 0}, "at least 1"),
        ({"embedding_dim": -3}, "at least 1"),
        ({"num_embeddings": 4, "padding_idx": 4}, "padding_idx 4 names no row"),
        ({"padding_idx": -6}, "padding_idx -6 names no row"),
        ({"shape": (3, 0)}, "sizes of at least 1"),
        ({"alpha": 1.5}, "between 0 and 1"),
        ({"init": ["normals"]}, "Unknown initializer 'normals'"),
        ({"select": ["EMB999"]}, "EMB999"),
        ({"dtype": "float8_e4m3fn", "init": ["normal"]}, "Nothing to check"),
        ({"select": ["EMB101"], "init": ["normal"]}, "Nothing to check"),
    ],
)
def test_bad_input_is_one_sentence(arguments, message) -> None:
    with pytest.raises(UsageError, match=message):
        init_stats(**arguments)
