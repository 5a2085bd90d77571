import ast

import pytest
import torch
from torch import nn

import embcheck
from embcheck.checks.mechanisms.spelling import drawing, spelled
from embcheck.results import Status
from embcheck.subjects.inventory.held import from_model, from_tensors
from embcheck.subjects.inventory.model import inventory


@pytest.mark.parametrize(("name", "written"), [
    ("weight", "model.weight"), ("layers.0.attn.weight", "model.layers[0].attn.weight"), ("", "model"),
    ("blocks.a-b.w", 'model.blocks["a-b"].w'),
])  # fmt: skip
def test_names_are_written_as_python(name, written) -> None:
    assert spelled(name) == written
    assert spelled("a.0", live=False) == 'state["a.0"]'


def test_every_tensor_of_a_model_is_reached_and_drawn() -> None:
    model = nn.ModuleDict({
        "emb": nn.Embedding(7, 6), "layers": nn.Sequential(nn.Linear(6, 6), nn.LayerNorm(6)),
        "odd-name": nn.Linear(6, 2),
        "more": nn.ParameterList([nn.Parameter(torch.zeros(5)), nn.Parameter(torch.zeros(3, 4))]),
    })  # fmt: skip
    for held in from_model(inventory(model)):
        tensor = eval(spelled(held.name), {"model": model})
        assert tensor is model.get_parameter(held.name)
        tensor.data.fill_(torch.nan)
        for std in (None, 0.1):
            exec(drawing(held, std), {"model": model, "nn": nn})  # xavier raises on vectors
            assert tensor.isfinite().all()


def test_drawing_of_a_file() -> None:
    (held,) = from_tensors({"ln.weight": torch.zeros(4)})
    assert drawing(held) == 'nn.init.ones_(state["ln.weight"])'


class Broken(nn.Module):
    """Many defects whose mending is one line each."""

    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(50, 16)
        self.layers = nn.ModuleList(nn.Linear(16, 16) for _ in range(6))
        self.norm = nn.LayerNorm(16)
        self.rnn = nn.LSTM(16, 16)
        self.score = nn.Parameter(torch.full((6,), 1e31))
        with torch.no_grad():
            self.emb.weight[3] *= 40
            self.layers[0].weight[2] = 0
            self.layers[1].weight[:, 2] = 0
            self.layers[2].weight[4:9, 4:9] = 0
            self.layers[3].weight.zero_()
            self.layers[4].double()
            self.norm.weight.zero_()
            self.norm.bias.fill_(1)
            nn.init.orthogonal_(self.rnn.weight_hh_l0)


MENDED = {
    "outlier-row", "zero-rows", "zero-columns", "zero-slice", "all-zero", "mixed-dtype", "norm-gain-wrong",
    "wrong-gate-init", "garbage-values",
}  # fmt: skip


def test_fixes_run_and_mend() -> None:
    torch.manual_seed(1)
    model = Broken()
    select = sorted(MENDED)
    failed = embcheck.audit(model, select=select).failed
    assert {o.rule for o in failed} == MENDED
    for outcome in failed:
        ast.parse(outcome.fix)
        exec(outcome.fix, {"model": model, "nn": nn, "torch": torch})
    left = [(o.rule, o.subject) for o in embcheck.audit(model, select=select).outcomes if o.status is not Status.PASS]
    assert left == []
