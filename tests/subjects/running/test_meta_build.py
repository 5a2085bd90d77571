"""A model built on meta: what its own methods fill again, and what they do not."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.meta_build import emptied


class Rotary(nn.Module):
    def __init__(self, again: bool) -> None:
        super().__init__()
        self.register_buffer("inv_freq", self.frequencies(), persistent=False)
        if again:
            self.reset_parameters = lambda: setattr(self, "inv_freq", self.frequencies())

    @staticmethod
    def frequencies() -> torch.Tensor:
        return 1e4 ** (-torch.arange(0, 16, 2) / 16)


class Scale(nn.Module):
    """Its reset method leaves one parameter out."""

    def __init__(self) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(8))
        self.shift = nn.Parameter(torch.zeros(8))

    def reset_parameters(self) -> None:
        nn.init.ones_(self.gain)


def test_torch_layers_fill_themselves() -> None:
    found = emptied(
        lambda: nn.Sequential(
            nn.Embedding(9, 4), nn.LSTM(4, 4), nn.BatchNorm1d(4), nn.LayerNorm(4), nn.Conv1d(4, 4, 3)
        ),
        0,
    )
    assert found is not None
    assert (found.lost, found.forgotten, found.stored) == ((), (), ())
    assert found.looked_at == 1 + 4 + 5 + 2 + 2


@pytest.mark.parametrize(("again", "lost"), [(False, ("0.inv_freq",)), (True, ())])
def test_buffers_without_a_method_are_lost(again, lost) -> None:
    found = emptied(lambda: nn.Sequential(Rotary(again), nn.Linear(16, 4)), 0)
    assert found is not None and found.lost == lost


def test_parameters_that_a_reset_leaves_out() -> None:
    found = emptied(lambda: nn.Sequential(Scale()), 0)
    assert found is not None and found.forgotten == ("0.shift",)


def test_parameters_without_any_reset_are_left_to_a_checkpoint() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.token = nn.Parameter(torch.zeros(1, 1, 8))

    found = emptied(Net, 0)
    assert found is not None and found.stored == ("token",)


def test_a_rule_for_every_layer_and_an_error_in_it() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.token = nn.Parameter(torch.zeros(8))

        def _init_weights(self, module: nn.Module) -> None:
            if isinstance(module, Net):
                nn.init.zeros_(module.token)

    class Broken(Net):
        def _init_weights(self, module: nn.Module) -> None:
            raise KeyError("no config")

    assert emptied(Net, 0).stored == ()
    found = emptied(Broken, 0)
    assert found.stored == ("token",)
    assert "no config" in found.failed


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (lambda: nn.LazyLinear(4), "lazy"),
        (lambda: nn.Linear(4, 4).to(torch.empty(0, device="cpu").device), "on meta|to_empty|Cannot copy"),
        (lambda: torch.nn.ParameterList([nn.Parameter(torch.empty(3, device="cpu"))]), "device of its own"),
    ],
)
def test_what_does_not_allow_meta_is_refused_with_the_reason(factory, said) -> None:
    with pytest.raises(UsageError, match=said):
        emptied(factory, 0)


def test_a_mapping_is_not_asked() -> None:
    assert emptied(lambda: {"w": torch.zeros(3)}, 0) is None
