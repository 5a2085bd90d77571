"""What scale_grad_by_freq divides by."""

from __future__ import annotations

import pytest
import torch


def test_torch_keeps_its_promises_but_for_those_known(kept) -> None:
    assert kept("wrong-frequency-scale") == [
        'EmbeddingBag(mode="sum", scale_grad_by_freq=True): bags [1, 1] and [2, 1]',
        'EmbeddingBag(mode="mean", scale_grad_by_freq=True): bags [1, 1] and [2, 1]',
    ]


def test_the_known_defect_shown_without_embcheck() -> None:
    """In the bags [1, 1] and [2, 1] id 2 occurs once; its gradient of 1 is divided by 3, the count of id 1."""
    bag = torch.nn.EmbeddingBag(4, 2, mode="sum", scale_grad_by_freq=True)
    plain = torch.nn.Embedding(4, 2, scale_grad_by_freq=True)
    ids = torch.tensor([[1, 1], [2, 1]])
    bag(ids).sum().backward()
    plain(ids).sum(1).sum().backward()
    assert plain.weight.grad[2].tolist() == [1.0, 1.0]
    assert bag.weight.grad[2].tolist() == pytest.approx([1 / 3, 1 / 3])


@pytest.mark.parametrize("mode", ["sum", "mean"])
def test_a_models_own_bag_is_held_against_embedding(failing, mode: str) -> None:
    """Whether this torch has the defect is asked of torch itself; the rule must say the same."""
    bag = torch.nn.EmbeddingBag(30, 6, mode=mode, scale_grad_by_freq=True)
    ids = torch.tensor([[1, 1], [2, 1]])
    bag(ids).sum().backward()
    plain = torch.nn.Embedding(30, 6, scale_grad_by_freq=True)
    getattr(plain(ids), mode)(1).sum().backward()
    defective = not torch.allclose(bag.weight.grad, plain.weight.grad)
    bag.weight.grad = None
    found = failing("wrong-frequency-scale", torch.nn.Sequential(bag))
    assert bool(found) == defective
    assert all(o.severity.value == "warning" for o in found.values())
    assert bag.weight.grad is None


def test_bags_and_tables_without_the_defect_are_silent(failing) -> None:
    model = torch.nn.ModuleList(
        [
            torch.nn.EmbeddingBag(30, 6, mode="sum"),
            torch.nn.Embedding(30, 6, scale_grad_by_freq=True),
            torch.nn.EmbeddingBag(30, 6, mode="sum", scale_grad_by_freq=True, sparse=True),
        ]
    )
    assert not failing("wrong-frequency-scale", model)
