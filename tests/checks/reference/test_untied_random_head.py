from types import SimpleNamespace

import torch
from torch import nn

RULE = "untied-random-head"


class LM(nn.Module):
    def __init__(self, tie: bool, said: bool | None = None) -> None:
        super().__init__()
        self.emb, self.lm_head = nn.Embedding(120, 32), nn.Linear(32, 120, bias=False)
        nn.init.normal_(self.emb.weight, std=0.02)
        nn.init.normal_(self.lm_head.weight, std=0.02)
        if tie:
            self.lm_head.weight = self.emb.weight
        if said is not None:
            self.config = SimpleNamespace(tie_word_embeddings=said, vocab_size=120)


def test_tied_and_untied_on_purpose_pass(failing) -> None:
    assert not failing(RULE, LM(tie=True, said=True))
    assert not failing(RULE, LM(tie=False, said=False))
    assert not failing(RULE, LM(tie=False))


def test_configuration_says_tied(failing) -> None:
    assert set(failing(RULE, LM(tie=False, said=True))) == {"lm_head.weight"}


def test_reference_without_a_head(failing) -> None:
    model = LM(tie=False)
    state = {"emb.weight": model.emb.weight.detach().clone()}
    assert set(failing(RULE, model, reference=state)) == {"lm_head.weight"}
    full = {**state, "lm_head.weight": torch.randn(120, 32)}
    assert not failing(RULE, LM(tie=False), reference=full)


def test_trained_table_beside_a_fresh_head_is_a_warning(failing) -> None:
    model = LM(tie=False)
    with torch.no_grad():
        model.emb.weight.copy_(torch.randn(120, 32) ** 3 + 0.2)
    assert failing(RULE, model)["lm_head.weight"].severity.value == "warning"


def test_declared_ties(failing) -> None:
    expect = {"lm_head.weight": {"tied": "emb.weight"}}
    assert not failing(RULE, LM(tie=True), expect=expect)
    assert set(failing(RULE, LM(tie=False), expect=expect)) == {"lm_head.weight"}
    copied = LM(tie=False)
    copied.lm_head.weight.data.copy_(copied.emb.weight.data)
    (outcome,) = failing(RULE, copied, expect=expect).values()
    assert "copy" in outcome.message


def test_declared_ties_of_a_file_are_equal_values(failing) -> None:
    expect = {"lm_head.weight": {"tied": "emb.weight"}}
    table = torch.randn(120, 32)
    assert not failing(RULE, {"emb.weight": table, "lm_head.weight": table.clone()}, expect=expect)
    assert failing(RULE, {"emb.weight": table, "lm_head.weight": torch.randn(120, 32)}, expect=expect)


def test_a_copy_of_the_table_is_a_warning(failing) -> None:
    model = LM(tie=True)
    model.lm_head.weight = nn.Parameter(model.emb.weight.detach().clone())
    (outcome,) = failing(RULE, model).values()
    assert (outcome.subject, outcome.severity.value) == ("lm_head.weight", "warning")
    model.emb.weight.requires_grad_(False)
    assert not failing(RULE, model)
