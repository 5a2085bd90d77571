import pytest
import torch
from torch import nn

RULE = "lookup-mismatch"


def look_up(ids: torch.Tensor):
    layer = nn.Embedding(6, 3)
    return layer(ids), {"ids": ids, "weight": layer.weight}


@pytest.mark.parametrize(
    "ids", [torch.tensor(2), torch.tensor([1, 1]), torch.arange(6).reshape(2, 3), torch.tensor([])]
)
def test_torchs_own_lookup_is_exact(ask, ids) -> None:
    vectors, facts = look_up(ids.long())
    evidence = ask(RULE, vectors, "lookup", facts=facts)
    assert [e.part for e in evidence] == [" shape", " rows", " one-hot"]
    assert all(e.holds for e in evidence)


def test_swapped_rows_are_counted(ask) -> None:
    vectors, facts = look_up(torch.tensor([0, 1, 2, 3]))
    _, rows, one_hot = ask(RULE, vectors[[1, 0, 2, 3]], "lookup", facts=facts)
    assert rows.holds is False
    assert rows.measured == 2
    assert one_hot.holds is False
    expected = (facts["weight"][0] - facts["weight"][1]).detach().abs().max()
    assert one_hot.measured == pytest.approx(float(expected), rel=1e-6)


def test_wrong_shape_ends_the_questions(ask) -> None:
    vectors, facts = look_up(torch.tensor([[0, 1], [2, 3]]))
    (shape,) = ask(RULE, vectors.flatten(0, 1), "lookup", facts=facts)
    assert shape.holds is False
