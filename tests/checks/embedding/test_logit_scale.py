import math

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
