"""The table of declarations: patterns, layouts, blocks, slices."""

from contextlib import suppress

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from embcheck.errors import UsageError
from embcheck.laws.expectations import read
from embcheck.laws.families import Constant, Normal, Orthogonal, Uniform

EXAMPLE = {
    "*.emb.weight": "normal(0, 0.02)",
    "h.*.c_proj.weight": "normal(0, 0.02/sqrt(2*12))",
    "*.attn.W": {"law": "xavier_uniform(gain=1.414)", "layout": "in,out"},
    "experts.w1": {"law": "kaiming_uniform(nonlinearity='relu')", "layout": "e,in,out"},
    "weight_hh_l0": {"law": "orthogonal()", "blocks": 4},
    "bias_hh_l*": {"law": "constant(3.0)", "slice": "[h:2h]"},
    "*.bias": "zeros()",
}


def test_the_first_match_wins():
    rows = read(EXAMPLE)
    assert [str(row.law) for row in rows.of("h.3.attn.c_proj.weight")] == ["normal(0, 0.02/sqrt(2*12))"]
    assert rows.of("bias_hh_l1")[0].slice == "[h:2h]"
    assert str(rows.of("h.3.ln.bias")[0].law) == "zeros()"
    assert rows.of("ln.weight") == ()


def test_a_pattern_that_decides_nothing_is_an_error():
    rows = read({"h.*.weight": "zeros()", "h.0.weight": "ones()", "hh.bias": "zeros()"})
    with pytest.raises(UsageError, match=r"'h.0.weight' never applies: 'h.\*.weight' before it claims"):
        rows.require(["h.0.weight", "h.bias"])
    with pytest.raises(UsageError, match=r"'hh\.bias' matches no tensor; did you mean h\.bias"):
        read({"hh.bias": "zeros()"}).require(["h.bias"])
    read({"*.bias": "zeros()"}).require(["h.bias"])


def test_layouts():
    tensor = torch.randn(8, 100)
    (part,) = read(EXAMPLE).of("a.attn.W")[0].parts(tensor.shape)
    assert part.law.support[1] == pytest.approx(1.414 * (6 / 108) ** 0.5)
    assert torch.equal(part.of(tensor), tensor.T)
    (part,) = read(EXAMPLE).of("experts.w1")[0].parts((3, 50, 7))
    assert part.law.support[1] == pytest.approx((6 / 50) ** 0.5)
    assert part.of(torch.empty(3, 50, 7)).shape == (3, 7, 50)


def test_blocks_and_experts_one_by_one():
    tensor = torch.arange(32.0).view(16, 2)
    parts = list(read(EXAMPLE).of("weight_hh_l0")[0].parts(tensor.shape))
    assert [p.label for p in parts] == ["[block 0]", "[block 1]", "[block 2]", "[block 3]"]
    assert all(p.law == Orthogonal(1, 4, 2) for p in parts)
    assert torch.equal(parts[2].of(tensor), tensor[8:12])
    stack = read({"w": {"law": "orthogonal()", "layout": "e,in,out", "blocks": 2}})[0]
    tensor = torch.arange(60.0).view(2, 3, 10)
    parts = list(stack.parts(tensor.shape))
    assert [p.label for p in parts] == ["[e 0][block 0]", "[e 0][block 1]", "[e 1][block 0]", "[e 1][block 1]"]
    assert torch.equal(parts[3].of(tensor), tensor[1, :, 5:].T)
    assert parts[0].law == Orthogonal(1, 5, 3)


def test_slices_of_a_gate():
    lstm = nn.LSTM(3, 5)
    (part,) = read(EXAMPLE).of("bias_hh_l0")[0].parts(lstm.bias_hh_l0.shape, lstm, "bias_hh_l0")
    assert part.label == "[h:2h]"
    assert part.law == Constant(3)
    assert torch.equal(part.of(torch.arange(20)), torch.arange(5, 10))


def test_several_slices_of_one_tensor():
    rows = read({"b": [{"law": "zeros()", "slice": "[:2]"}, {"law": "ones()", "slice": "[2:]"}]})
    assert [p.law for row in rows.of("b") for p in row.parts((4,))] == [Constant(0), Constant(1)]


def test_padding_row_and_plain_facts():
    row = read({"emb": {"law": "normal()", "padding_idx": -1, "trainable": False, "tied": "head"}})[0]
    zero, others = row.parts((10, 4))
    assert (zero.label, zero.law) == ("[9]", Constant(0))
    assert (others.label, others.law) == ("[:9]", Normal())
    assert others.of(torch.empty(10, 4)).shape == (9, 4)
    parts = list(read({"emb": "padded(normal(), 3)"})[0].parts((10, 4)))
    assert [p.label for p in parts] == ["[3]", "[:3]", "[4:]"]
    assert (row.trainable, row.tied) == (False, "head")
    assert str(read({"emb": {"trainable": True}})[0].law) == "any()"


@pytest.mark.parametrize(
    ("layer", "gates"), [(torch.nn.LSTM(5, 8), 4), (torch.nn.GRU(5, 8), 3), (torch.nn.RNN(5, 8), 1)]
)
def test_gates_are_counted(layer, gates):
    row = read({"*": {"law": "orthogonal()", "blocks": "gates"}})[0]
    for role in ("weight_hh_l0", "weight_ih_l0"):
        weight = getattr(layer, role)
        parts = list(row.parts(tuple(weight.shape), layer, role))
        assert [tuple(part.of(weight).shape) for part in parts] == [(8, weight.shape[1])] * gates


def test_gates_outside_of_a_recurrent_layer():
    row = read({"*": {"law": "orthogonal()", "blocks": "gates"}})[0]
    assert len(list(row.parts((32, 8), None, "cell.W"))) == 4
    with pytest.raises(UsageError, match="do not divide into gates"):
        list(row.parts((30, 8), None, "cell.W"))


def test_a_law_object_serves_too():
    (part,) = read({"w": Uniform(0, 2)})[0].parts((3,))
    assert part.law == Uniform(0, 2)
    assert part.label == ""


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"w": {"lwa": "zeros()"}}, "unknown key 'lwa'"),
        ({"w": {"law": "zeros()", "blocks": "4"}}, "blocks must be int"),
        ({"w": {"law": "zeros()", "padding_idx": True}}, "padding_idx must be int"),
        ({"w": {"law": "zeros()", "blocks": 0}}, "at least 1"),
        ({"w": 3}, "law must be text"),
        ({"w": "zeroes()"}, "expect 'w'.*did you mean zeros"),
    ],
)
def test_tables_that_are_refused(declared, says):
    with pytest.raises(UsageError, match=says):
        read(declared)


@pytest.mark.parametrize(
    ("row", "shape", "says"),
    [
        ({"law": "zeros()", "blocks": 3}, (4, 2), "do not divide"),
        ({"law": "zeros()", "slice": "[9:]"}, (4,), "no element"),
        ({"law": "zeros()", "slice": "[1:,1:]"}, (4,), "2 dimensions"),
        ({"law": "zeros()", "slice": "[1:]", "blocks": 2}, (4,), "cannot be combined"),
        ({"law": "zeros()", "layout": "in,out"}, (4,), "at least 2"),
        ({"law": "zeros()", "padding_idx": 4}, (4, 2), "not a row"),
        ({"law": "zeros()", "slice": "[h:]"}, (4,), "hidden size"),
    ],
)
def test_rows_that_do_not_fit_a_tensor(row, shape, says):
    with pytest.raises(UsageError, match=says) as caught:
        list(read({"w": row})[0].parts(shape, name="m.w"))
    assert str(caught.value).startswith("m.w: ")


entries = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(["zeros()", "[1:]", "in,out"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["law", "layout", "blocks", "slice", "padding_idx", "tied", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.text(max_size=5), entries, max_size=3), st.sampled_from([(), (4,), (4, 2), (2, 3, 4)]))
def test_no_table_crashes(declared, shape):
    """Anything is read, or refused as a usage error."""
    with suppress(UsageError):
        rows = read(declared)
        rows.require(["a", "b.weight"])
        for row in rows:
            for part in row.parts(shape, name="b.weight"):
                part.of(torch.zeros(shape))
