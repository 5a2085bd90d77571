import sys

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.commands.declaration import declaration, grouped

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read(text: str) -> dict[str, str]:
    return tomllib.loads(text)["tool"]["embcheck"]["expect"]


class Plain(nn.Module):
    """Layers of several shapes in one list, a head of one output, a scale of nobody's, a vector with its own bounds."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(40, 64), nn.Linear(64, 64), nn.Linear(64, 64)])
        self.head = nn.Linear(64, 1)
        self.odd = nn.Parameter(torch.randn(200, 100) * 0.07312)
        self.vector = nn.Parameter(torch.empty(400).uniform_(-0.1, 0.1))
        self.table = nn.Parameter(nn.init.orthogonal_(torch.empty(40, 40), gain=1.0 + 0.1 * float(torch.rand(()))))


@pytest.fixture
def text() -> str:
    torch.manual_seed(0)
    return declaration(audit(Plain()))


def test_the_next_build_follows_what_this_one_declares(text) -> None:
    for seed in range(1, 6):
        torch.manual_seed(seed)
        assert audit(Plain(), expect=read(text), seed=seed).exit_code == 0


def test_layers_of_unequal_shapes_are_named_one_by_one(text) -> None:
    declared = read(text)
    assert declared["layers.0.weight"] == declared["layers.1.weight"] == "default()"
    assert not any("..." in name for name in declared)


def test_layers_of_one_shape_share_a_line() -> None:
    declared = read(declaration(audit(nn.ModuleList([nn.Linear(64, 64) for _ in range(4)]))))
    assert declared["*.weight"] == "default()"


@pytest.mark.parametrize("name", ["odd", "head.bias", "vector", "table"])
def test_what_one_draw_cannot_tell_is_only_suggested(text, name) -> None:
    assert name not in read(text)
    assert f'# "{name}" = ' in text


def test_constants_that_somebody_typed_are_declared() -> None:
    layer = nn.Linear(64, 1)
    nn.init.constant_(layer.bias, -1.5)
    assert read(declaration(audit(layer)))["bias"] == "constant(-1.5)"


@pytest.mark.parametrize(("fail_on", "verdict"), [("error", "warning"), ("warning", "fail")])
def test_a_row_of_several_layers_shows_the_worst_that_was_said_of_one(fail_on, verdict) -> None:
    layer = nn.Linear(64, 64)
    model = nn.ModuleList([layer, *(nn.Linear(64, 64) for _ in range(2)), nn.Linear(64, 64)])
    model[3].load_state_dict(layer.state_dict())  # a copy of the first
    report = audit(model, fail_on=fail_on, select=["WGT108"])
    severities = {str(o.severity) for o in report.failed}
    (row,) = [r for r in grouped(report).tables["tensors"] if str(r["name"]).startswith("*.weight")]
    assert row["verdict"] == (verdict if severities == {"warning"} else "fail")
