import torch
from torch import nn

RULE = "lost-on-meta"


class Rotary(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("inv_freq", 1e4 ** (-torch.arange(0, 16, 2) / 16), persistent=False)


class Filled(Rotary):
    def reset_parameters(self) -> None:
        self.inv_freq = 1e4 ** (-torch.arange(0, 16, 2) / 16)


def test_layers_that_fill_themselves_pass(failing) -> None:
    assert not failing(RULE, lambda: nn.Sequential(nn.Embedding(9, 8), nn.Linear(8, 8), Filled()))
    assert not failing(RULE, nn.Sequential(Rotary()))  # no factory: nothing can be built
    assert not failing(RULE, lambda: {"w": torch.randn(8)})


def test_buffer_that_only_the_constructor_computes_is_a_note(failing) -> None:
    (outcome,) = failing(RULE, lambda: nn.Sequential(Filled(), Rotary())).values()
    assert outcome.severity.value == "note"
    assert "1.inv_freq" in outcome.message
    assert outcome.measured == 1.0


def test_model_that_has_no_method_to_fill_itself_is_told_and_passes() -> None:
    from embcheck.commands.audit import audit

    (outcome,) = audit(lambda: nn.Sequential(nn.Linear(8, 8), Rotary()), select=[RULE]).outcomes
    assert outcome.status.value == "pass"
    assert "1.inv_freq" in outcome.message


def test_parameter_that_reset_parameters_leaves_out(failing) -> None:
    class Scale(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gain = nn.Parameter(torch.ones(8))
            self.shift = nn.Parameter(torch.zeros(8))

        def reset_parameters(self) -> None:
            nn.init.ones_(self.gain)

    (outcome,) = failing(RULE, Scale).values()
    assert "shift" in outcome.message and "gain" not in outcome.message


def test_a_factory_that_refuses_meta_is_skipped_with_the_reason() -> None:
    from embcheck.commands.audit import audit

    def build() -> nn.Module:
        net = nn.Linear(8, 8)
        assert net.weight.sum().item() != 7  # needs values
        return net

    (outcome,) = audit(build, select=[RULE]).outcomes
    assert outcome.status.value == "skip"
    assert "cannot be built on meta" in outcome.reason
