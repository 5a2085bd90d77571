"""Rules of `audit` and `compare` on two sides of one model: their numbers beside scipy and direct computation."""

from __future__ import annotations

import copy
import math
import warnings

import pytest
import torch
from scipy import stats
from torch import nn

import embcheck
from embcheck.results import Status


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(11)


def look(rule: str, target, **given):
    """All outcomes of one rule, by subject."""
    outcomes = embcheck.audit(target, select=[rule], **given).outcomes
    assert all(o.status is not Status.ERROR for o in outcomes)
    return {o.subject: o for o in outcomes}


def test_checkpoint_differences_are_counted_and_measured() -> None:
    net = nn.Linear(8, 8).bfloat16()
    state = {k: v.float().clone() for k, v in net.state_dict().items()}
    state["weight"][0, :3] += torch.tensor([0.5, -2.0, 0.25])
    outcome = look("checkpoint-mismatch", net, reference=state)["weight"]
    gap = (net.weight.detach().double() - state["weight"].bfloat16().double()).abs().max()
    assert (outcome.measured, outcome.n) == (3 / 64, 64)
    assert f"up to {float(gap):.3g}" in outcome.message
    unread = {"a": torch.tensor([1.0, math.nan]), "b": torch.zeros(0), "c": torch.tensor(2.0)}
    equal = look("checkpoint-mismatch", unread, reference={k: v.clone() for k, v in unread.items()})
    assert {o.status for o in equal.values()} == {Status.PASS}


def test_rows_out_of_order_are_counted() -> None:
    table = torch.randn(40, 6)
    for moved in (19, 20, 21):
        order = torch.arange(40)
        order[:moved] = order[:moved].roll(1)
        outcome = look("row-order", {"emb.weight": table[order]}, reference={"emb.weight": table})["emb.weight"]
        assert outcome.measured == moved / 40
        assert (outcome.status is Status.FAIL) == (moved >= 20)


def test_two_laws_beside_scipy_and_at_the_size_that_the_page_names() -> None:
    a, b = torch.randn(500, 20), torch.randn(500, 20) + 0.05
    (outcome,) = embcheck.compare({"w": a}, {"w": b}, select=["different-law"]).outcomes
    due = stats.ks_2samp(a.double().view(-1), b.double().view(-1))
    assert outcome.measured == pytest.approx(due.statistic, abs=1e-12)
    assert outcome.p_value == pytest.approx(due.pvalue, rel=0.05)
    grid = torch.arange(10_000, dtype=torch.float64)
    (outcome,) = embcheck.compare({"w": grid}, {"w": grid + 400}, select=["different-law"]).outcomes
    assert outcome.measured == pytest.approx(0.04)
    assert outcome.status is Status.FAIL
    assert outcome.allowed < 0.04


def test_noise_that_a_fresh_law_survives() -> None:
    def seen(draw, amount: float) -> int:
        count = 0
        for _ in range(20):
            w = draw()
            w += amount * w.std() * torch.randn(w.shape)
            found = look("looks-untrained", {"a.weight": w}, trained=True)
            count += all(o.status is Status.PASS for o in found.values())
        return count

    def uniform() -> torch.Tensor:
        return (torch.rand(20, 50) * 2 - 1) / 50**0.5

    def normal() -> torch.Tensor:
        return torch.randn(20, 50) * 0.02

    assert seen(uniform, 0.1) >= 18
    assert seen(normal, 0.1) <= 2
    assert seen(normal, 0.5) >= 10


def test_weights_that_the_next_forward_replaces() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch deprecates these hooks; models that use them are audited all the same
        layer = nn.utils.weight_norm(nn.Linear(6, 5))
        other = nn.utils.spectral_norm(nn.Linear(6, 5))
    assert {o.status for o in look("init-lost-after-forward", layer).values()} == {Status.PASS}
    assert {o.status for o in look("init-lost-after-forward", other).values()} == {Status.PASS}
    with torch.no_grad():
        layer.weight.add_(0.3)
    shown = layer.weight.detach().clone()
    outcome = look("init-lost-after-forward", layer)["weight"]
    layer(torch.zeros(1, 6))  # the forward itself says what comes
    off = ((shown - layer.weight).abs().max() / layer.weight.abs().max()).detach()
    assert outcome.status is Status.FAIL
    assert outcome.measured == pytest.approx(float(off), rel=1e-4)
    exec(outcome.fix, {"model": layer, "nn": nn, "torch": torch})  # v is drawn, g follows: the next forward gives v
    layer(torch.zeros(1, 6))
    torch.testing.assert_close(layer.weight, layer.weight_v)
    nn.init.normal_(layer.weight_v)  # the parts are written: the weight shown is old, and nothing is lost
    assert look("init-lost-after-forward", layer)["weight"].status is Status.PASS


def test_counts_of_what_is_held_shared_and_stepped() -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    net.hidden = [nn.Linear(3, 3), nn.Linear(3, 3)]
    assert look("unregistered", net)["hidden[0]"].measured == sum(p.numel() for p in net.hidden[0].parameters())
    layer = nn.Linear(4, 4)
    stack = nn.ModuleList([layer, layer, layer])
    outcome = look("shared-module", stack)["0"]
    assert (outcome.measured, outcome.n) == (3, 20)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    net[1] = nn.Linear(4, 2)
    (outcome,) = look("stale-optimizer", net, optimizer=opt).values()
    assert (outcome.measured, outcome.n) == (2, 4)
    assert "2 trainable parameters are in no optimizer" in outcome.message


@pytest.mark.parametrize(("n", "wrong"), [(63, False), (64, True)])
def test_seed_is_asked_of_sixty_four_elements(n, wrong) -> None:
    def factory() -> dict[str, torch.Tensor]:
        torch.manual_seed(3)
        return {"w": torch.randn(n), "v": torch.zeros(80)}

    failed = {s for s, o in look("seed-ignored", factory).items() if o.status is Status.FAIL}
    assert failed == ({"w"} if wrong else set())


def test_draws_in_another_order_are_told_from_other_draws() -> None:
    reference = {"w": torch.randn(30, 30)}
    for own, words in ((reference["w"].t(), "transposed"), (reference["w"].flip(0), "in another order")):
        assert words in look("not-reproducible", {"w": own.contiguous()}, reference=reference)["w"].message
    assert look("not-reproducible", copy.deepcopy(reference), reference=reference)["w"].status is Status.PASS
