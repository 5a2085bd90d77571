import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from embcheck.commands.audit import audit
from embcheck.subjects.inventory.effective import effective
from embcheck.subjects.inventory.model import inventory

pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm.*deprecated:FutureWarning")


def _wrapped(how: str) -> nn.Module:
    layer = nn.Linear(24, 16)
    if how == "weight_norm":
        return nn.utils.parametrizations.weight_norm(layer)
    if how == "spectral_norm":
        return nn.utils.parametrizations.spectral_norm(layer)
    if how == "old weight_norm":
        return nn.utils.weight_norm(layer)
    if how == "old spectral_norm":
        return nn.utils.spectral_norm(layer)
    prune.ln_structured(layer, "weight", amount=0.25, n=2, dim=0)
    return layer


@pytest.mark.parametrize("how", ["weight_norm", "spectral_norm", "old weight_norm", "old spectral_norm", "prune"])
def test_computed_weights_are_what_the_forward_uses(how: str) -> None:
    layer = _wrapped(how)
    before = {k: v.clone() for k, v in layer.state_dict().items()}
    (held,) = effective(inventory(nn.Sequential(layer)))
    assert (held.name, held.shape, held.kind) == ("0.weight", (16, 24), "computed")
    assert held.read is not None
    found = held.read()
    assert all(torch.equal(v, before[k]) for k, v in layer.state_dict().items())
    assert all(m.training for m in layer.modules())
    x = torch.randn(5, 24)
    torch.testing.assert_close(layer.eval()(x), nn.functional.linear(x, found, layer.bias))


def test_a_declaration_may_name_a_computed_weight() -> None:
    for order in ("before", "after"):
        layer = nn.Conv1d(32, 32, 5)
        if order == "before":
            layer.weight.data.normal_(0, 0.01)
        net = nn.Sequential(nn.utils.parametrizations.weight_norm(layer))
        if order == "after":
            net[0].weight.data.normal_(0, 0.01)  # a temporary
        report = audit(net, expect={"0.weight": "normal(0, 0.01)"})
        failed = {o.rule for o in report.outcomes if o.status.value == "fail" and o.subject == "0.weight"}
        assert bool(failed) == (order == "after")


def test_a_reference_lacks_no_computed_weight() -> None:
    net = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(8, 8)))
    state = {k: v.clone() for k, v in net.state_dict().items()}
    report = audit(net, reference=state, expect={"0.weight": "any()"}, select=["REF101"])
    assert not [o for o in report.outcomes if o.status.value == "fail"]
