"""`compare`: presence, equality and laws of two targets."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.commands.compare import compare
from embcheck.errors import UsageError


def test_equal_targets(tmp_path) -> None:
    net = nn.Linear(8, 8)
    torch.save(net.state_dict(), tmp_path / "m.pt")
    report = compare(net, tmp_path / "m.pt", exact=True)
    assert report.exit_code == 0
    assert [r["equal"] for r in report.tables["pairs"]] == [True, True]


def test_two_seeds_share_their_law_and_not_their_values() -> None:
    report = compare(lambda: nn.Linear(64, 64), lambda: nn.Linear(64, 64), seed_b=1)
    assert report.exit_code == 0
    assert [r["equal"] for r in report.tables["pairs"]] == [False, False]
    assert compare(lambda: nn.Linear(64, 64), lambda: nn.Linear(64, 64), seed_b=1, exact=True).exit_code == 1


def test_dtypes_are_cast() -> None:
    w = torch.randn(50, 50)
    assert compare({"w": w.bfloat16()}, {"w": w}).tables["pairs"][0]["equal"]


def test_nothing_selected() -> None:
    with pytest.raises(UsageError):
        compare({"w": torch.ones(2)}, {"w": torch.ones(2)}, select=["EMB101"])


def verdicts(report) -> dict[str, str]:
    return {row["name"]: row["verdict"] for row in report.tables["pairs"]}


def test_equal_up_to_rounding_in_either_direction_is_equal() -> None:
    torch.manual_seed(0)
    w = torch.randn(50, 50)
    for a, b in ((w, w.bfloat16()), (w.bfloat16(), w), (w.double(), w.half()), (w.half().float(), w.half())):
        report = compare({"w": a}, {"w": b}, exact=True)
        assert report.exit_code == 0
        assert "rounded to the coarser dtype" in report.notes[0]
    nudged = w.clone()
    nudged[3, 4] *= 1.5
    report = compare({"w": w.bfloat16()}, {"w": nudged}, exact=True)
    assert report.exit_code == 1
    assert report.failed[0].measured == 1 / 2500


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_rounding_alone_is_no_other_law(dtype) -> None:
    hits = 0
    for seed in range(20):
        torch.manual_seed(seed)
        report = compare({"w": torch.randn(100_000)}, {"w": torch.randn(100_000).to(dtype)}, alpha=0.05)
        hits += report.exit_code
    assert hits <= 4  # 20 runs at 5%: more than four have a chance of 0.3%


def test_missing_extra_renamed_and_transposed() -> None:
    torch.manual_seed(0)
    shared = {"a.weight": torch.randn(6, 9), "b.weight": torch.randn(7, 7), "c.weight": torch.randn(8, 8)}
    theirs = {
        "a.weight": shared["a.weight"].t(), "b.weight": shared["b.weight"].t(),
        "c.other": shared["c.weight"].bfloat16(), "extra": torch.randn(3),
    }  # fmt: skip
    report = compare(shared, theirs, exact=True)
    said = {o.subject: o.message for o in report.failed}
    assert set(said) == {"a.weight", "b.weight", "c.weight", "c.other", "extra"}
    assert "transposed" in said["a.weight"] and "transposed" in said["b.weight"]
    # what stands there in fewer bits is not the other's values; the other way round it is, rounded
    turned = {o.subject: o.message for o in compare(theirs, shared).failed}
    assert "its values stand there as c.other" in turned["c.weight"]
    assert compare(shared, theirs, exact=True).exit_code == 1


def test_what_cannot_be_compared_is_skipped_with_the_reason() -> None:
    w = torch.randn(9, 9)
    report = compare({"w": w, "s": w, "m": w.to("meta")}, {"w": w, "s": w.to_sparse(), "m": w}, exact=True)
    reasons = {o.subject: o.reason for o in report.outcomes if o.status.value == "skip"}
    assert "in the reference, its layout is torch.sparse_coo" in reasons["s"]
    assert reasons["m"].startswith("it cannot be compared: it is on the meta device")
    assert verdicts(report) == {"w": "pass", "s": "skip", "m": "skip"}
    assert report.exit_code == 0
    assert "2 were not compared" in report.notes[0]


def test_verdict_is_that_of_the_exit_code() -> None:
    a, b = {"w": torch.zeros(100), "x": torch.ones(3)}, {"w": torch.ones(100), "x": torch.ones(3)}
    assert verdicts(compare(a, b, exact=True)) == {"w": "fail", "x": "pass"}
