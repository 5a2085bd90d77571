import math

import pytest
import torch
from torch import nn

RULE = "logit-scale"
IDS = (torch.randint(0, 500, (8, 16), generator=torch.Generator().manual_seed(1)),)


class LM(nn.Module):
    def __init__(self, std: float | None, d: int = 256) -> None:
        super().__init__()
        self.emb, self.norm, self.head = nn.Embedding(500, d), nn.LayerNorm(d), nn.Linear(d, 500, bias=False)
        if std is not None:
            nn.init.normal_(self.emb.weight, std=std)
        self.head.weight = self.emb.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.norm(self.emb(ids)))


def test_small_tables_pass_with_and_without_inputs(failing) -> None:
    assert not failing(RULE, LM(0.02))
    assert not failing(RULE, LM(0.02), inputs=IDS)


def test_default_table_tied_to_the_head_fails(failing) -> None:
    (outcome,) = failing(RULE, LM(None), inputs=IDS).values()
    assert outcome.severity.value == "warning"
    assert outcome.allowed == 2 * math.log(500)
    assert abs(outcome.measured / 256 - 1) < 0.2  # the logit of a token's own row is sqrt(d) |row| = d


def test_measured_loss_is_the_cross_entropy(failing) -> None:
    model = LM(None)
    labels = torch.arange(500).repeat(8, 16, 1)  # every label once: the mean over random ones
    logits = model(*IDS)[:, :, None].expand(8, 16, 500, 500)
    loss = nn.functional.cross_entropy(logits.reshape(-1, 500), labels.reshape(-1)).item()
    (outcome,) = failing(RULE, model, inputs=IDS).values()
    assert abs(outcome.measured - loss) < 1e-3 * loss


def test_without_inputs_it_is_a_warning(failing) -> None:
    (outcome,) = failing(RULE, LM(None)).values()
    assert outcome.severity.value == "warning"
    assert abs(outcome.measured / 16 - 1) < 0.05  # sqrt(256) times 1


class Contrast(nn.Module):
    """Two towers, whose cosines a learned number multiplies."""

    def __init__(self, start: float, way: str) -> None:
        super().__init__()
        self.a, self.b, self.way = nn.Linear(24, 16), nn.Linear(12, 16), way
        self.scale = nn.Parameter(torch.tensor(start))

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        x, y = (nn.functional.normalize(t, dim=-1) for t in (self.a(x), self.b(y)))
        if self.way == "exp":
            return self.scale.exp() * x @ y.T
        return (x @ y.T) / self.scale if self.way == "temperature" else (x @ y.T) * self.scale


PAIR = (torch.randn(12, 24), torch.randn(12, 12))


@pytest.mark.parametrize(("start", "way"), [(1 / 0.07, "exp"), (0.001, "temperature"), (500.0, "times")])
def test_a_learned_temperature_beyond_clips_bound_fails(failing, start: float, way: str) -> None:
    found = failing(RULE, Contrast(start, way), inputs=PAIR)
    assert found["scale"].severity.value == "warning"
    assert found["scale"].allowed == 100
    factor = {"exp": math.exp(start), "temperature": 1 / start, "times": start}[way]
    assert abs(found["scale"].measured / factor - 1) < 1e-5


@pytest.mark.parametrize(
    ("start", "way"), [(math.log(1 / 0.07), "exp"), (math.log(100), "exp"), (0.07, "temperature"), (64.0, "times")]
)
def test_temperatures_that_are_in_use_pass(failing, start: float, way: str) -> None:
    assert "scale" not in failing(RULE, Contrast(start, way), inputs=PAIR)


def test_a_learned_scale_of_what_is_no_cosine_passes(failing) -> None:
    class Regression(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc, self.scale = nn.Linear(24, 3), nn.Parameter(torch.tensor(500.0))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.fc(5 * x) * self.scale

    assert not failing(RULE, Regression(), inputs=(torch.randn(12, 24),))
