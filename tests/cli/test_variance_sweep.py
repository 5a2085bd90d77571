"""The command's flags, as a process would be given them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ("--depth", "8", "--width", "32", "--no-progress")


def test_repeatable_flags_make_a_grid(embcheck: Any) -> None:
    done = embcheck(
        "variance-sweep", *SMALL, "--init", "kaiming_normal", "--init", "orthogonal", "--activation", "relu",
        "--activation", "tanh", "-o", "json",
    )  # fmt: skip
    report = json.loads(done.out)
    assert report["command"] == "variance-sweep"
    assert len(report["tables"]["configurations"]) == 4
    assert len(report["tables"]["layers"]) == 32


def test_exit_codes(embcheck: Any) -> None:
    assert embcheck("variance-sweep", *SMALL).code == 0
    assert embcheck("variance-sweep", "--depth", "40", "--width", "32", "--init", "xavier_normal").code == 1
    for bad in (
        ("--depth", "0"), ("--width", "1"), ("--activation", "rleu"), ("--init", "kaimin"), ("--gain", "x"),
        ("--architecture", "mpl"), ("--seeds", "0"), ("--plot", "x.txt"), ("--depth", "x"), ("--widths", "3"),
    ):  # fmt: skip
        done = embcheck("variance-sweep", *bad)
        assert done.code == 2, bad
        assert len(done.err.strip().splitlines()) == 1, bad
        assert "Traceback" not in done.err


def test_csv_holds_the_layers(embcheck: Any, tmp_path: Path) -> None:
    assert embcheck("variance-sweep", *SMALL, "--csv", "x.csv", "-qq").code == 0
    lines = (tmp_path / "x.csv").read_text().splitlines()
    assert lines[0].startswith("configuration,layer,name,q,q_theory")
    assert len(lines) == 9


def test_find_gain_and_widths(embcheck: Any) -> None:
    done = embcheck("variance-sweep", "--find-gain", "--depth", "10")
    assert done.code == 0
    assert "1.414" in done.out
    done = embcheck("variance-sweep", "--widths", "16,32,64", "--steps", "0", "--seeds", "3", "-v")
    assert "hidden 3 step 0" in done.out
    assert embcheck("variance-sweep", "--widths", "16,32,64", "--init", "default", "--init", "orthogonal").code == 2


def test_the_picture_is_drawn(embcheck: Any) -> None:
    out = embcheck("variance-sweep", *SMALL).out
    assert "forward" in out
    assert "gradient" in out


def test_a_mistyped_flag_imports_no_torch() -> None:
    script = (
        "import sys\nfrom embcheck.cli.app import main\n"
        "try:\n    main(['variance-sweep', '--activation', 'rleu'])\n"
        "except SystemExit as e:\n    print(e.code, 'torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "False"]


MODEL = """
import torch
from torch import nn

def make(depth=8, width=32, gain=1.4142135623730951):
    layers = []
    for _ in range(depth):
        layer = nn.Linear(width, width)
        nn.init.normal_(layer.weight, std=gain / width**0.5)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Linear(width, 2))

def bad():
    raise ValueError("no weights here")

def batch():
    return torch.randn(12, 32)
"""


def test_a_model_of_ones_own(embcheck: Any, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "mynet.py").write_text(MODEL)
    monkeypatch.syspath_prepend(str(tmp_path))
    done = embcheck("variance-sweep", "--model", "mynet:make", "--seeds", "2", "--no-progress")
    assert done.code == 0, done.out + done.err
    assert "q / theory" in done.out
    assert "0:linear" in done.out
    assert "gradient" in done.out
    done = embcheck(
        "variance-sweep", "--model", "mynet:make", "--kwargs", '{"depth": 30, "gain": 0.8}', "--input", "mynet:batch",
        "--seeds", "2", "-o", "json", "--csv", "ops.csv",
    )  # fmt: skip
    report = json.loads(done.out)
    assert done.code == report["exit_code"] == 1
    assert set(report["tables"]) == {"models", "layers", "operations"}
    assert {o["code"] for o in report["outcomes"] if o["status"] == "fail"} >= {"VAR101", "VAR103"}
    assert report["tables"]["models"][0]["inputs"] == "mynet:batch"
    lines = (tmp_path / "ops.csv").read_text().splitlines()
    assert lines[0].startswith("configuration,layer,name,op")
    assert len(lines) == len(report["tables"]["operations"]) + 1
    for bad in (
        ("--model", "mynet:bad"), ("--model", "mynet:nothing"), ("--model", "nowhere:make"), ("--model", ""),
        ("--model", "mynet:make", "--input", "auto:4,7"), ("--model", "mynet:make", "--input", "no.pt"),
        ("--model", "mynet:make", "--kwargs", "[1]"), ("--model", "mynet:make", "--kwargs", '{"x": 1}'),
        ("--model", "mynet:make", "--depth", "3"), ("--kwargs", "{}"), ("--input", "auto"),
        ("--model", "mynet:make", "--dtype", "float32", "--dtype", "bfloat16"),
    ):  # fmt: skip
        done = embcheck("variance-sweep", *bad)
        assert done.code == 2, bad
        assert len(done.err.strip().splitlines()) == 1, (bad, done.err)
        assert "Traceback" not in done.err
