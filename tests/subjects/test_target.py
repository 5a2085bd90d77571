"""What TARGET may be, and one sentence for what it may not."""

from __future__ import annotations

import sys

import pytest
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.target import resolve


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "user_net.py").write_text(
        "import torch\nfrom torch import nn\n"
        "def make(d=4):\n    return nn.Linear(d, d)\n"
        "class Box:\n    make = staticmethod(make)\n"
        "MODEL = make()\nNUMBER = 3\n"
    )
    (tmp_path / "user_exits.py").write_text("import sys\nsys.exit(4)\n")
    (tmp_path / "user_breaks.py").write_text("1 / 0\n")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in ("user_net", "user_exits", "user_breaks"):
        sys.modules.pop(name, None)


def test_modules_mappings_tensors_and_callables() -> None:
    net = nn.Linear(2, 2)
    assert resolve(net).module is net
    assert set(resolve({"a": torch.ones(1), "nested": {"b": torch.ones(2)}, "n": 3}).tensors) == {"a", "nested.b"}
    assert resolve(torch.ones(3)).tensors is not None
    assert isinstance(resolve(lambda: net).factory(), nn.Linear)
    assert isinstance(resolve(nn.ReLU).factory(), nn.ReLU)


def test_names_in_the_working_directory(project) -> None:
    before = list(sys.path)
    assert resolve("user_net:make", {"d": 7}).factory().weight.shape == (7, 7)
    assert resolve("user_net:Box.make").factory is not None
    assert isinstance(resolve("user_net:MODEL").module, nn.Linear)
    assert sys.path == before
    assert resolve("user_net:make").location.line == 3


@pytest.mark.parametrize(
    ("target", "kwargs", "said"),
    [
        ("user_gone:make", None, "no module 'user_gone'"),
        ("user_net:mkae", None, "did you mean 'make'"),
        ("user_net:NUMBER", None, "int"),
        ("user_net:make", {"depth": 2}, "--kwargs"),
        ("user_net:MODEL", {"d": 2}, "takes none"),
        (torch.ones(2), {"d": 2}, "takes none"),
        ("user_exits:make", None, "sys.exit(4)"),
        ("user_breaks:make", None, "ZeroDivisionError"),
        ("gone.safetensors", None, "neither a file"),
        ("", None, "empty"),
        (7, None, "int"),
        ({}, None, "no tensors"),
        ({"a": 3}, None, "no tensors"),
    ],
)
def test_one_sentence_for_the_rest(project, target, kwargs, said) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(target, kwargs)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_is_not_there_lists_what_is(project) -> None:
    with pytest.raises(UsageError, match=r"'user_net' has no 'zzz': it has make, Box\.$"):
        resolve("user_net:zzz")
    with pytest.raises(UsageError, match=r"has no 'mak': did you mean 'make'\?$"):
        resolve("user_net:mak")


def test_a_mistyped_module_names_the_nearest(project) -> None:
    with pytest.raises(UsageError, match=r"there is no module 'user_ent' in .*: did you mean 'user_net'\?$"):
        resolve("user_ent:make")


def test_a_method_of_an_object_is_no_factory() -> None:
    with pytest.raises(UsageError, match="is a method of an object: name a function, a class or a classmethod"):
        resolve(nn.Linear.reset_parameters)


def test_a_python_file_is_answered_with_its_module(project) -> None:
    with pytest.raises(UsageError, match=r"give user_net:make\.$"):
        resolve("user_net.py:make")


def test_where_it_raised_is_said(project) -> None:
    with pytest.raises(UsageError, match=r"ZeroDivisionError: division by zero \(at user_breaks.py:1\)\.$"):
        resolve("user_breaks:make")
