"""The commands as they are typed: exit codes, streams and files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

NET = """
import torch
from torch import nn
def make(d=32, wrong=False):
    print("building")
    net = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))
    if wrong:
        net[0].weight.data[0, 0] = float("nan")
    return net
def inputs():
    return (torch.ones(4, 32).cumsum(1),)
def words():
    return nn.Sequential(nn.Embedding(50, 32), nn.Linear(32, 4))
def adam(model):
    return torch.optim.Adam(model[1].parameters())
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "net_of_user.py").write_text(NET)
    torch.save(nn.Linear(8, 8).state_dict(), folder / "m.pt")
    (folder / "broken.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{}")
    return folder


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parent.parent.parent)
    environment = {**os.environ, "PYTHONPATH": root, "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "embcheck", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_sound_factory_with_inputs_and_a_declaration_to_start_from(project) -> None:
    done = run(
        project, "audit", "net_of_user:make", "--input", "net_of_user:inputs", "--write-expect", "e.toml", "-o", "json"
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)  # what the factory prints is not in it
    assert {r["name"] for r in report["tables"]["tensors"]} == {"0.weight", "0.bias", "2.weight", "2.bias"}
    assert "building" in done.stderr
    assert "default()" in (project / "e.toml").read_text()
    assert "--input net_of_user:inputs" in report["reproduce"]


def test_defect_is_exit_1_with_its_location(project) -> None:
    done = run(project, "audit", "net_of_user:make", "--kwargs", '{"wrong": true}', "-o", "json", "--no-rebuild")
    assert done.returncode == 1
    failed = [o for o in json.loads(done.stdout)["outcomes"] if o["status"] == "fail"]
    assert {"not-finite"} <= {o["rule"] for o in failed}
    assert failed[0]["location"]["path"].endswith("net_of_user.py")


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit", "broken.safetensors"],
        ["audit", "gone:make"],
        ["audit", "net_of_user:make", "--kwargs", "[1]"],
        ["audit", "net_of_user:make", "--expect", "nonsense"],
        ["audit", "net_of_user:make", "--expect", "*.weight=import(os)"],
        ["audit", "net_of_user:make", "--vocab", "x"],
        ["audit", "net_of_user:make", "--used-ids", "gone.txt"],
        ["audit", "net_of_user:make", "--optimizer", "net_of_user:inputs"],
        ["audit", "m.pt", "--optimizer", "net_of_user:adam"],
        ["audit", "net_of_user:make", "--select", "EMB"],
        ["compare", "m.pt", "gone.pt"],
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_2(project, arguments) -> None:
    done = run(project, *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("embcheck:")]) == 1


def test_optimizer_and_used_ids_are_flags(project) -> None:
    (project / "ids.txt").write_text("1 2 3\n49 50\n")
    flags = ["--optimizer", "net_of_user:adam", "--used-ids", "ids.txt"]
    done = run(project, "audit", "net_of_user:words", *flags, "-o", "json", "--no-rebuild", "--select", "REG103,EMB104")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    failed = {o["rule"]: o for o in report["outcomes"] if o["status"] == "fail"}
    assert "50" in failed["index-out-of-range"]["message"]
    assert "0.weight" in failed["stale-optimizer"]["message"]
    assert "--optimizer net_of_user:adam" in report["reproduce"]
    assert "--used-ids ids.txt" in report["reproduce"]


def test_checkpoint_and_comparison(project) -> None:
    assert run(project, "audit", "m.pt", "-q").returncode == 0
    assert run(project, "compare", "m.pt", "m.pt", "--exact", "-q").returncode == 0
