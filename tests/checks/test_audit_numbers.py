"""What the rules of `audit` say in numbers, beside scipy, a closed form or a direct computation."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

import embcheck
from embcheck.results import Status
from embcheck.runner import Context
from embcheck.subjects.inventory.held import from_tensors
from embcheck.subjects.inventory.reading import Reading


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(11)


def look(rule: str, target, **given):
    """All outcomes of one rule, by subject."""
    outcomes = embcheck.audit(target, select=[rule], **given).outcomes
    assert all(o.status is not Status.ERROR for o in outcomes)
    return {o.subject: o for o in outcomes}


@pytest.fixture
def rows(ask):
    """The evidence of outlier-row about one matrix, without an audit around it."""

    def rows(w: torch.Tensor, padding: frozenset[int] = frozenset()):
        held = from_tensors({"w": w})[0]
        return ask("outlier-row", w, facts={"reading": Reading(held, w), "padding": padding, "held": held})

    return rows


def chance_of_row(w: torch.Tensor) -> tuple[int, float]:
    """The most extreme row and its p-value, from the definition."""
    power = (w.double() ** 2).mean(1).numpy()
    m = w.shape[1]
    x = power / (np.median(power) / stats.chi2.median(m))
    each = np.minimum(stats.chi2.sf(x, m), stats.chi2.cdf(x, m))
    return int(each.argmin()), min(1.0, 2 * len(x) * each.min())


@pytest.mark.parametrize("shape", [(200, 64), (1000, 16), (64, 512)])
@pytest.mark.parametrize("factor", [1.0, 1.5, 0.5])
def test_outlier_row_has_the_p_value_of_chi_square(rows, shape, factor) -> None:
    w = torch.randn(shape) * 0.02
    w[5] *= factor
    (evidence,) = rows(w)
    row, p = chance_of_row(w)
    assert evidence.message.startswith(f"row {row} ")
    assert evidence.p_value == pytest.approx(p, rel=1e-3)


def test_outlier_row_catches_what_its_page_says(rows) -> None:
    # 1,000 rows of 64: a factor of 1.8 nine times of ten (power 0.935: at least 30 of 40 but for 1e-4), 2.5 always
    caught = {1.8: 0, 2.5: 0}
    for factor in caught:
        for _ in range(40):
            w = torch.randn(1000, 64)
            w[3] *= factor
            (evidence,) = rows(w)
            caught[factor] += evidence.p_value <= Context().alpha_each
    assert caught[1.8] >= 30
    assert caught[2.5] == 40


@pytest.mark.parametrize("draw", [torch.rand, lambda *s: torch.randn(*s).bfloat16(), lambda *s: torch.randn(*s).half()])
def test_outlier_row_seldom_raises_a_false_alarm(rows, draw) -> None:
    hits = 0
    for _ in range(150):
        w = draw(64, 32)
        found = rows(w - 0.5 if draw is torch.rand else w)
        hits += bool(found) and found[0].p_value <= 0.05
    assert hits <= stats.binom.isf(1e-4, 150, 0.05)


def test_outlier_row_leaves_padding_and_views_alone(rows) -> None:
    w = torch.randn(40, 300).t()
    w[7] = 9.0
    assert rows(w)[0].p_value < Context().alpha_each
    assert rows(w, frozenset({7}))[0].p_value > 1e-3


def test_garbage_has_room_on_both_sides_of_its_threshold() -> None:
    tiny, largest = torch.finfo(torch.float32).tiny, torch.finfo(torch.float32).max
    assert 2 * tiny * stats.norm.pdf(0) / 1e-12 < 1e-25  # a draw below the smallest normal number
    assert math.sqrt(largest) > 1e12
    for size, wrong in ((0.99e12, False), (1.01e12, True)):
        w = torch.randn(1000, 100)
        w[3, 4] = -size
        outcome = look("garbage-values", {"w": w})["w"]
        assert (outcome.status is Status.FAIL) == wrong
        assert outcome.n == 100_000
    w[w > 1e12] = w[w < -1e12] = 0
    for count, wrong in ((100, False), (101, True)):
        w.view(-1)[:count] = 1e-41
        outcome = look("garbage-values", {"w": w})["w"]
        assert outcome.measured == (count / 100_000)
        assert (outcome.status is Status.FAIL) == wrong


@pytest.mark.parametrize(("dtype", "error"), [(torch.bfloat16, 8.0), (torch.float16, 1.0)])
def test_rotary_error_is_a_bound_on_the_phase(dtype, error) -> None:
    net = nn.Module()
    exact = 10_000.0 ** -(torch.arange(0, 64, 2, dtype=torch.float64) / 64)
    net.w = nn.Parameter(torch.randn(2, 2))
    net.register_buffer("inv_freq", exact.to(dtype))
    outcome = look("buffer-precision", net)["inv_freq"]
    assert outcome.measured == error
    actual = float((4096 * (exact.to(dtype).double() - exact).abs()).max())
    assert outcome.allowed < actual <= outcome.measured
    net.register_buffer("inv_freq", exact.float())
    assert look("buffer-precision", net) == {}


@pytest.mark.parametrize(("dtype", "last"), [(torch.bfloat16, 256), (torch.float16, 2048)])
def test_positions_collapse_where_the_integers_end(dtype, last) -> None:
    for count, wrong in ((last + 1, False), (last + 2, True)):
        net = nn.Linear(2, 2)
        net.register_buffer("positions", torch.arange(count).to(dtype))
        assert (net.positions.unique().numel() < count) == wrong
        assert ("positions" in look("buffer-precision", net)) == wrong


@pytest.mark.parametrize(("role", "values", "wrong"), [
    ("mask", [0.0, -math.inf, torch.finfo(torch.float32).min], False), ("table", [3e13, 1.0, 2.0, -1.0], True),
    ("running_var", [1.0, -1e-3], True), ("running_var", [1.0, 0.0], False), ("inv_freq", [1.0, 0.01], False),
    ("inv_freq", [1.0, 0.0], True), ("inv_freq", [1.01, 0.5], True), ("x", [math.nan, 0.0], True), ("x", [], False),
])  # fmt: skip
def test_buffers_beside_their_bounds(role, values, wrong) -> None:
    net = nn.Linear(2, 2)
    net.register_buffer(role, torch.tensor(values))
    assert (
        look("buffer-garbage", net).get(role) is not None and look("buffer-garbage", net)[role].status is Status.FAIL
    ) == wrong


def test_copied_layers_are_told_once() -> None:
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
    net = nn.ModuleDict({"encoder": nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)})
    (outcome,) = look("identical-parameters", net).values()
    varied = [p for p in layer.parameters() if p.numel() >= 16 and p.std() > 0]
    assert outcome.subject == "encoder.layers.0"
    assert outcome.message.startswith(f"encoder.layers.0..3 are copies: {len(varied)} tensors each")
    assert outcome.n == sum(p.numel() for p in varied)
    assert outcome.measured == 4
    assert "model.encoder.layers[1:]" in outcome.fix
    exec(outcome.fix, {"model": net, "nn": nn})  # the line must run, and mend
    assert all(o.status is Status.PASS for o in look("identical-parameters", net).values())


@pytest.mark.parametrize(("n", "wrong"), [(15, False), (16, True)])
def test_copies_of_fewer_than_sixteen_are_not_told(n, wrong) -> None:
    w = torch.randn(n)
    found = look("identical-parameters", {"a.w": w, "b.c.w": w.clone(), "d": torch.randn(40)})
    assert any(o.status is Status.FAIL for o in found.values()) == wrong


def test_one_different_element_is_no_copy() -> None:
    w = torch.randn(50, 50)
    other = w.clone()
    other[-1, -1] += 1e-6
    assert all(o.status is Status.PASS for o in look("identical-parameters", {"a.0.w": w, "a.1.w": other}).values())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_zeros_are_counted(dtype) -> None:
    w = torch.randn(300, 40).to(dtype)
    w[w == 0] = 1
    w[[4, 250]] = 0
    assert look("zero-rows", {"w": w})["w"].measured == int((w == 0).all(1).sum()) == 2
    v = w.t().contiguous().t()  # another layout of the same values
    assert look("zero-rows", {"w": v})["w"].measured == 2
    assert look("zero-columns", {"w": w.t()})["w"].measured == 2
    w[[4, 250]] = 1
    w[8:16, 8:16] = 0
    outcome = look("zero-slice", {"w": w})["w"]
    assert (outcome.status, outcome.measured) == (Status.FAIL, 64)
    assert "[8:16, 8:16]" in outcome.message


def test_false_alarms_of_certain_rules() -> None:
    draws = {f"l{i}.weight": torch.randn(24, 16) for i in range(150)} | {
        f"h{i}.weight": (torch.randn(24, 16) * 0.02).bfloat16() for i in range(150)
    }
    rules = ["zero-rows", "zero-columns", "zero-slice", "garbage-values", "identical-parameters", "all-zero"]
    assert embcheck.audit(draws, select=rules).failed == ()


@pytest.mark.parametrize(("kind", "gates"), [(nn.LSTM, 4), (nn.GRU, 3)])
def test_gate_by_gate_and_fused_orthogonal_matrices(kind, gates) -> None:
    for seed in range(6):
        torch.manual_seed(seed)
        rnn = kind(8, 8 + seed, bias=False)
        for gate in rnn.weight_hh_l0.data.chunk(gates):
            nn.init.orthogonal_(gate)
        meant = rnn.weight_hh_l0.detach().std()
        assert look("wrong-gate-init", rnn)["weight_hh_l0"].status is Status.PASS
        nn.init.orthogonal_(rnn.weight_hh_l0)
        outcome = look("wrong-gate-init", rnn)["weight_hh_l0"]
        assert outcome.status is Status.FAIL
        assert outcome.measured == pytest.approx(float(rnn.weight_hh_l0.detach().std() / meant), rel=0.05)


def test_rounding_explains_every_orthogonal_draw_and_no_random_one() -> None:
    for dtype in (torch.float32, torch.float64):
        for seed, side in enumerate([8, 33, 100]):
            torch.manual_seed(seed)
            w = nn.init.orthogonal_(torch.empty(3 * side, side, dtype=dtype))
            allowed = 64 * torch.finfo(dtype).eps * (3 * side) ** 0.5
            assert float((w.T.double() @ w.double() - torch.eye(side)).abs().max()) <= allowed / 10
            random = torch.randn(side, side, dtype=torch.float64) / side**0.5
            assert float((random @ random.T - torch.eye(side)).abs().max()) > 100 * allowed


def test_first_loss_is_the_cross_entropy() -> None:
    net = nn.Sequential(nn.Embedding(300, 64), nn.LayerNorm(64), nn.Linear(64, 300, bias=False))
    net[2].weight = net[0].weight
    ids = torch.randint(0, 300, (4, 50))
    outcome = next(iter(look("logit-scale", net, inputs=(ids,)).values()))
    logits = net(ids).detach().double().reshape(-1, 300)
    losses = [nn.functional.cross_entropy(logits, torch.full((200,), c)) for c in range(300)]  # every label alike
    assert outcome.measured == pytest.approx(float(torch.stack(losses).mean()), rel=1e-4)
    assert (outcome.status, outcome.allowed) == (Status.FAIL, pytest.approx(2 * math.log(300)))
    nn.init.normal_(net[0].weight, std=64**-0.5)
    assert next(iter(look("logit-scale", net, inputs=(ids,)).values())).status is Status.PASS


def test_loss_expected_from_a_table_is_that_of_independent_logits() -> None:
    net = nn.Module()
    net.emb, net.head = nn.Embedding(2000, 64), nn.Linear(64, 2000, bias=False)
    for scale in (1.0, 0.4, 64**-0.5):
        nn.init.normal_(net.emb.weight, std=scale)
        net.head.weight = net.emb.weight
        (outcome,) = look("logit-scale", net).values()
        hidden = nn.functional.layer_norm(torch.randn(200, 64), (64,))
        logits = hidden @ net.emb.weight.detach().T
        assert outcome.measured == pytest.approx(float(logits.std()), rel=0.05)
        loss = float((logits.logsumexp(1) - logits.mean(1)).mean())
        assert (outcome.status is Status.FAIL) == (loss > 1.9 * math.log(2000))
    s = math.sqrt(768) * torch.randn(20, 50257)  # GPT-2's sizes: "about 120" where chance is 10.8
    assert float(s.logsumexp(1).mean()) == pytest.approx(120, rel=0.05)
