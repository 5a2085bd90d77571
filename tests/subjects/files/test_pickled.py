"""Objects beside the tensors: data is passed over, code is refused, and neither is ever run."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import pathlib
from collections import OrderedDict
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.files.pickled import read_pickled

W = {"a.weight": torch.randn(4, 4), "b": torch.ones(3)}
NEW = pytest.mark.skipif(
    tuple(int(n) for n in torch.__version__.split("+")[0].split(".")[:2]) < (2, 6), reason="needs named safe globals"
)


class Watched:
    """Stands for a class that is allowed by name: unpickled, it would say so."""

    calls: ClassVar[list[object]] = []

    def __init__(self, *args: object) -> None:
        Watched.calls.append(args)


@NEW
@pytest.mark.parametrize(
    "beside",
    [
        argparse.Namespace(lr=1.0, betas=(0.9, 0.95)), SimpleNamespace(a=1), np.float64(3.0), np.arange(3),
        np.dtype("float32"), pathlib.PurePosixPath("/x"), dt.datetime(2024, 1, 1), {"deep": [np.int64(4)]},
    ],
)  # fmt: skip
def test_data_beside_the_weights_is_passed_over(tmp_path, beside) -> None:
    torch.save({"model": W, "args": beside}, tmp_path / "m.pt")
    assert {s.name for s in read_pickled(tmp_path / "m.pt")} == set(W)


@NEW
def test_what_is_let_through_is_never_called(tmp_path, monkeypatch) -> None:
    torch.save({"model": W, "args": argparse.Namespace(lr=1.0)}, tmp_path / "m.pt")
    monkeypatch.setattr(argparse, "Namespace", Watched)
    read_pickled(tmp_path / "m.pt")
    assert Watched.calls == []


@pytest.mark.parametrize("command", ["builtins.eval", "builtins.exec", "os.system", "posix.system", "builtins.getattr"])
def test_code_is_refused_by_name(tmp_path, command) -> None:
    module, name = command.split(".")
    trap = tmp_path / "sprung"
    raw = f"c{module}\n{name}\n(V__import__('os').mkdir({str(trap)!r})\ntR.".encode()
    (tmp_path / "m.bin").write_bytes(raw)
    with pytest.raises(UsageError):
        read_pickled(tmp_path / "m.bin")
    assert not trap.exists()


def test_a_whole_module_is_refused_with_its_class(tmp_path) -> None:
    torch.save(nn.Linear(2, 2), tmp_path / "m.pt")
    with pytest.raises(UsageError, match=r"torch\.nn\.modules\.linear\.Linear"):
        read_pickled(tmp_path / "m.pt")


class Reduced:
    def __init__(self, *reduction: object) -> None:
        self.reduction = reduction

    def __reduce__(self):
        return self.reduction


def test_an_allowed_name_cannot_be_used_to_call_another(tmp_path) -> None:
    trap = tmp_path / "sprung"
    state = Reduced(argparse.Namespace, (Reduced(os.mkdir, (str(trap),)),))
    torch.save({"w": torch.ones(2), "x": state}, tmp_path / "m.pt")
    with pytest.raises(UsageError):
        read_pickled(tmp_path / "m.pt")
    assert not trap.exists()


@pytest.mark.parametrize(
    ("saved", "said"),
    [({"epoch": 3}, "no tensors"), ([1, 2], "no tensors"), (7, "a int"), (OrderedDict(), "no tensors")],
)
def test_files_without_tensors(tmp_path, saved, said) -> None:
    torch.save(saved, tmp_path / "m.pt")
    with pytest.raises(UsageError, match=said):
        read_pickled(tmp_path / "m.pt")


def test_torchscript_is_named(tmp_path) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(nn.Linear(2, 2)).save(str(tmp_path / "m.pt"))
    with pytest.raises(UsageError, match="TorchScript"):
        read_pickled(tmp_path / "m.pt")


def test_tensors_of_every_kind_are_listed(tmp_path) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        saved = {
            "sparse": torch.eye(9).to_sparse(), "meta": torch.empty(9, device="meta"), "view": torch.randn(99)[9:50],
            "quantized": torch.quantize_per_tensor(torch.randn(9, 9), 0.1, 0, torch.qint8),
            "own": nn.Parameter(torch.ones(2)),
        }  # fmt: skip
        torch.save(saved, tmp_path / "m.pt")
    found = {s.name: s for s in read_pickled(tmp_path / "m.pt")}
    assert set(found) == set(saved)
    assert torch.equal(found["view"].read(), saved["view"])
