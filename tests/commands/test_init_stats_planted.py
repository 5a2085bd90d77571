"""Faults planted into torch itself: `init-stats` catches each by the rule that names it."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from embcheck.commands.init_stats import init_stats

fresh = {
    "normal_": nn.init.normal_, "uniform_": nn.init.uniform_, "rand": torch.rand, "randn": torch.randn,
    "fans": nn.init._calculate_fan_in_and_fan_out,
}  # fmt: skip


def failing(**arguments) -> set[str]:
    report = init_stats(**arguments)
    caught = {outcome.rule for outcome in report.failed if report.counts(outcome)}
    assert report.exit_code == (1 if caught else 0)
    return caught


def cut_normals(limit: float):
    """normal_ whose draws beyond `limit` standard deviations are drawn again."""

    def normal_(tensor, mean=0.0, std=1.0, generator=None):
        fresh["normal_"](tensor, mean, std)
        while (far := (tensor.detach() - mean).abs() > limit * std).any():
            with torch.no_grad():
                tensor[far] = torch.empty_like(tensor[far]).normal_(mean, std)
        return tensor

    return normal_


def test_nothing_planted_nothing_caught() -> None:
    assert failing() == set()


def test_normals_cut_at_3_3_sigma_in_float16(monkeypatch) -> None:
    monkeypatch.setattr(nn.init, "normal_", cut_normals(3.3))
    assert "missing-tails" in failing(dtype="float16")


def test_normals_cut_at_3_9_sigma_at_four_million(monkeypatch) -> None:
    monkeypatch.setattr(nn.init, "normal_", cut_normals(3.9))
    assert "missing-tails" in failing(shape=(5, 800_000), init=["normal"])


def test_256_level_bfloat16_uniforms(monkeypatch) -> None:
    def uniform_(tensor, a=0.0, b=1.0, generator=None):
        with torch.no_grad():
            return tensor.copy_(a + (b - a) * torch.randint(0, 256, tensor.shape) / 256)

    monkeypatch.setattr(nn.init, "uniform_", uniform_)
    assert "low-resolution" in failing(dtype="bfloat16")


@pytest.mark.parametrize(("factor", "rule"), [(1.02, "scale-too-large"), (0.98, "scale-too-small")])
def test_std_2_percent_off_at_a_million(monkeypatch, factor, rule) -> None:
    monkeypatch.setattr(nn.init, "normal_", lambda t, mean=0.0, std=1.0: fresh["normal_"](t, mean, std * factor))
    assert rule in failing(shape=(1000, 1000), init=["normal"])


@pytest.mark.parametrize(("factor", "rule"), [(1.05, "scale-too-large"), (0.95, "scale-too-small")])
def test_std_5_percent_off_at_thirty_thousand(monkeypatch, factor, rule) -> None:
    monkeypatch.setattr(nn.init, "normal_", lambda t, mean=0.0, std=1.0: fresh["normal_"](t, mean, std * factor))
    assert rule in failing(shape=(200, 150), init=["normal"])
    assert rule in failing()


def test_xavier_from_fan_out_alone(monkeypatch) -> None:
    def xavier_uniform_(tensor, gain=1.0, generator=None):
        _, fan_out = fresh["fans"](tensor)
        bound = gain * math.sqrt(6 / (2 * fan_out))
        return fresh["uniform_"](tensor, -bound, bound)

    monkeypatch.setattr(nn.init, "xavier_uniform_", xavier_uniform_)
    assert {"scale-too-small", "wrong-distribution"} <= failing(shape=(240, 160), init=["xavier_uniform"])
    assert {"scale-too-large", "out-of-bounds"} <= failing(shape=(160, 240), init=["xavier_uniform"])
    assert "scale-too-small" in failing()


def test_padding_row_off_by_one(monkeypatch) -> None:
    def fill(layer) -> None:
        if layer.padding_idx is not None:
            with torch.no_grad():
                layer.weight[(layer.padding_idx + 1) % layer.num_embeddings].fill_(0)

    monkeypatch.setattr(nn.Embedding, "_fill_padding_idx_with_zero", fill)
    assert {"padding-row-not-zero", "unexpected-zero-row"} <= failing()


def test_second_draw_equals_the_first(monkeypatch) -> None:
    def randn(*size, **keywords):
        with torch.random.fork_rng():
            return fresh["randn"](*size, **keywords)

    monkeypatch.setattr(torch, "randn", randn)
    assert "repeated-draw" in failing()


def test_slices_of_five_dimensions_repeat(monkeypatch) -> None:
    def randn(*size, **keywords):
        tensor = fresh["randn"](*size, **keywords)
        if tensor.ndim == 5:
            tensor[:, :, :, 1::2] = tensor[:, :, :, ::2]
        return tensor

    monkeypatch.setattr(torch, "randn", randn)
    assert "repeated-slices" in failing()


def test_one_nan_in_ten_million(monkeypatch) -> None:
    def normal_(tensor, mean=0.0, std=1.0, generator=None):
        fresh["normal_"](tensor, mean, std)
        tensor.view(-1)[7_654_321] = math.nan
        return tensor

    monkeypatch.setattr(nn.init, "normal_", normal_)
    assert "not-finite" in failing(shape=(2500, 4000), init=["normal"])


def test_rand_returns_one(monkeypatch) -> None:
    def rand(*size, **keywords):
        tensor = fresh["rand"](*size, **keywords)
        tensor.view(-1)[3] = 1.0
        return tensor

    monkeypatch.setattr(torch, "rand", rand)
    assert "out-of-bounds" in failing()


def test_init_lost_on_a_view(monkeypatch) -> None:
    def normal_(tensor, mean=0.0, std=1.0, generator=None):
        return fresh["normal_"](tensor.contiguous(), mean, std)

    monkeypatch.setattr(nn.init, "normal_", normal_)
    assert "init-not-applied" in failing()


def test_fans_swapped(monkeypatch) -> None:
    monkeypatch.setattr(nn.init, "_calculate_fan_in_and_fan_out", lambda t: fresh["fans"](t)[::-1])
    monkeypatch.setattr(nn.init, "_calculate_correct_fan", lambda t, mode: fresh["fans"](t)[mode == "fan_in"])
    assert {"scale-too-small", "scale-too-large"} <= failing()
