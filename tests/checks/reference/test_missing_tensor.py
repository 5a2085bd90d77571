import torch

from embcheck.commands.compare import compare


def failed(a, b) -> set[str]:
    return {o.subject for o in compare(a, b).outcomes if o.rule == "missing-tensor" and o.status.value == "fail"}


def test_same_names_and_shapes_pass() -> None:
    assert not failed({"a": torch.ones(3), "b": torch.ones(2, 2)}, {"a": torch.zeros(3), "b": torch.ones(2, 2)})


def test_missing_on_either_side_and_other_shapes_fail() -> None:
    assert failed({"a": torch.ones(3), "b": torch.ones(2)}, {"a": torch.ones(4), "c": torch.ones(5)}) == {"a", "b", "c"}


def test_prefixes_of_wrappers_are_taken_off() -> None:
    assert not failed({"w": torch.ones(3)}, {"module.w": torch.ones(3)})
    assert not failed({"module.w": torch.ones(3)}, {"w": torch.ones(3)})
