"""What declarations mean for the tensors that their patterns match."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.errors import UsageError


def network() -> nn.Module:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.Conv2d(16, 16, 3))
    for layer in (net[0], net[2]):
        nn.init.kaiming_normal_(layer.weight)
    return net


def test_a_pattern_with_a_law_of_fans_means_matrices() -> None:
    net = network()
    assert not audit(net, expect={"*.weight": "kaiming_normal()"}).failed
    nn.init.kaiming_uniform_(net[2].weight, a=5**0.5)
    assert {o.subject for o in audit(net, expect={"*.weight": "kaiming_normal()"}).failed} == {"2.weight"}
    nn.init.normal_(net[1].weight, std=0.02)  # not declared thereby: asked as the gain of a norm
    assert "1.weight" in {o.subject for o in audit(net, expect={"*.weight": "kaiming_normal()"}).failed}


def test_a_tensor_that_is_named_must_fit_its_law() -> None:
    with pytest.raises(UsageError, match=r"^1\.weight: "):
        audit(network(), expect={"1.weight": "kaiming_normal()"})
    with pytest.raises(UsageError, match=r"^0\.bias: "):
        audit(network(), expect={"*.bias": "kaiming_normal()"})
