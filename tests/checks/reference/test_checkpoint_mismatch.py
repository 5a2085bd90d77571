import torch
from torch import nn

RULE = "checkpoint-mismatch"


def net() -> nn.Module:
    return nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8), nn.Linear(8, 4))


def test_loaded_model_passes_also_through_wrappers_and_in_bfloat16(failing) -> None:
    model = net()
    state = {k: v.clone() for k, v in model.state_dict().items()}
    assert not failing(RULE, model, reference=state)
    assert not failing(RULE, model, reference={f"module.{k}": v for k, v in state.items()})
    narrow = net().bfloat16()
    narrow.load_state_dict(state)
    assert not failing(RULE, narrow, reference=state)


def test_initialised_again_fails(failing) -> None:
    model = net()
    state = {k: v.clone() for k, v in model.state_dict().items()}
    model[2].reset_parameters()
    found = failing(RULE, model, reference=state)
    assert set(found) == {"2.weight", "2.bias"}
    assert found["2.weight"].measured == 1.0


def test_one_element_is_enough(failing) -> None:
    model = net()
    state = {k: v.clone() for k, v in model.state_dict().items()}
    with torch.no_grad():
        model[0].weight[3, 3] += 1e-6
    assert failing(RULE, model, reference=state)["0.weight"].measured == 1 / 64


def test_missing_and_renamed_tensors(failing) -> None:
    model = net()
    state = {k: v.clone() for k, v in model.state_dict().items()}
    state["head.weight"] = state.pop("2.weight")
    found = failing(RULE, model, reference=state)
    assert "freshly drawn" not in found["2.weight"].message or found["2.weight"].severity.value == "error"
    assert "2.weight" in found["head.weight"].message  # its values stand in the model under that name


def test_tied_tensors_count_under_either_name(failing) -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.emb, self.head = nn.Embedding(10, 4), nn.Linear(4, 10, bias=False)
            self.head.weight = self.emb.weight

    model = Tied()
    assert not failing(RULE, model, reference={"head.weight": model.emb.weight.detach().clone()})


def test_a_tied_tensor_is_held_against_each_name(failing) -> None:
    model = nn.ModuleDict({"emb": nn.Embedding(9, 4), "head": nn.Linear(4, 9, bias=False)})
    model["head"].weight = model["emb"].weight
    table = model["emb"].weight.detach().clone()
    assert not failing(RULE, model, reference={"emb.weight": table, "head.weight": table.clone()})
    assert not failing(RULE, model, reference={"head.weight": table})
    found = failing(RULE, model, reference={"emb.weight": table, "head.weight": torch.randn(9, 4)})
    assert set(found) == {"head.weight"}


def test_both_spellings_of_weight_norm_are_one(failing) -> None:
    model = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(6, 5)))
    new = {k: v.clone() for k, v in model.state_dict().items()}
    g, v = "0.parametrizations.weight.original0", "0.parametrizations.weight.original1"
    old = {"0.bias": new["0.bias"], "0.weight_g": new[g], "0.weight_v": new[v]}
    assert not failing(RULE, model, reference=new)
    assert not failing(RULE, model, reference=old)
    assert failing(RULE, model, reference={**old, "0.weight_v": torch.randn(5, 6)})
