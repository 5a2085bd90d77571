"""Which of the tensors in a saved mapping are weights, and what they are called."""

from __future__ import annotations

import pytest
import torch

from embcheck.errors import UsageError
from embcheck.subjects.files.nesting import bare, weights_of

W = {"a.weight": torch.ones(2), "b": torch.zeros(3)}
ADAM = {"state": {0: {"step": torch.ones(1), "exp_avg": torch.ones(2)}}, "param_groups": [{"lr": 1e-3}]}


@pytest.mark.parametrize(
    "saved",
    [
        W,
        {"state_dict": W, "optimizer": ADAM, "epoch": 3},
        {"model": W, "optim": ADAM, "scaler": {"scale": torch.ones(1)}},
        {"module": W, "optimizer_states": [ADAM], "loops": {"x": torch.ones(1)}},
        {"model": {"state_dict": W}, "rng_state": [torch.ones(4)]},
        {"model_state_dict": W, "random_states": {"cuda": torch.ones(4)}, "lr_scheduler": {"last": torch.ones(1)}},
    ],
)
def test_wrappers_are_taken_off(saved) -> None:
    found, left = weights_of(saved)
    assert set(found) == set(W)
    assert not left


def test_another_model_beside_the_wrapper_is_named() -> None:
    found, left = weights_of({"state_dict": W, "ema": dict(W), "optimizer": ADAM})
    assert set(found) == set(W)
    assert set(left) == {"ema"}
    assert "state_dict" in left["ema"]


def test_several_models_without_a_wrapper_keep_their_names() -> None:
    assert set(weights_of({"generator": W, "critic": W})[0]) == {f"{m}.{k}" for m in ("generator", "critic") for k in W}


def test_a_plain_state_dict_whose_parts_are_called_so() -> None:
    saved = {"model.layers.0.w": torch.ones(2), "optimus.w": torch.ones(2), "scheduler_embedding": torch.ones(2)}
    assert set(weights_of(saved)[0]) == set(saved)


def test_keys_that_spell_alike() -> None:
    found, _ = weights_of({0: torch.zeros(1), "0": torch.ones(2), (1, 2): torch.ones(3)})
    assert {n: t.numel() for n, t in found.items()} == {"0": 1, "0#2": 2, "(1, 2)": 3}


def test_the_state_of_an_optimizer_is_no_model() -> None:
    with pytest.raises(UsageError, match="optimizer"):
        weights_of(ADAM)


def test_mapping_that_contains_itself() -> None:
    saved: dict[str, object] = {"w": torch.ones(2)}
    saved["self"] = saved
    assert "w" in weights_of(saved)[0]


def test_flat_names() -> None:
    assert bare(["model.a", "model.b", "optim.state.a.exp_avg"]) == {"model.a": "a", "model.b": "b"}
    assert bare(["app.model.a", "app.optim.a"]) == {"app.model.a": "a"}
    assert bare(["model.a", "model.b"]) == {"model.a": "model.a", "model.b": "model.b"}
    assert bare(["optim.a"]) == {"optim.a": "optim.a"}
