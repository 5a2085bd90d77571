"""`embcheck conversions` on the command line: flags, streams, exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def test_a_source_file_in_every_way(embcheck, tmp_path: Path) -> None:
    code = tmp_path / "evaluate.py"
    code.write_text("import torch\n\ndef run(model, x):\n    return model(x).numpy()\n")
    done = embcheck(
        "conversions", "--source", "evaluate.py", "-o", "text", "-o", "json=report.json", "-o", "sarif=x.sarif"
    )
    assert done.code == 0
    assert "CNV101" in done.out
    assert "evaluate.py:4" in done.out
    assert "model(x).detach().cpu().numpy()" in done.out
    document = json.loads((tmp_path / "report.json").read_text())
    assert document["command"] == "conversions"
    assert document["reproduce"].startswith("embcheck conversions --source evaluate.py")
    results = json.loads((tmp_path / "x.sarif").read_text())["runs"][0]["results"]
    places = [r["locations"][0]["physicalLocation"] for r in results if r.get("kind", "fail") == "fail"]
    assert {p["artifactLocation"]["uri"] for p in places} == {"evaluate.py"}
    assert {p["region"]["startLine"] for p in places} == {4}
    assert embcheck("conversions", "--source", "evaluate.py", "--fail-on", "warning").code == 1
    assert embcheck("conversions", "--source", "evaluate.py", "--fail-on", "warning", "--ignore", "CNV").code == 2


def test_github_annotations_point_at_the_line(embcheck, tmp_path: Path) -> None:
    (tmp_path / "evaluate.py").write_text("import torch\ntorch.Tensor.numpy = lambda self: self.cpu()\n")
    done = embcheck("conversions", "--source", "evaluate.py", "-o", "github")
    assert done.code == 1  # an edit of torch is an error
    assert "file=evaluate.py,line=2" in done.out


def test_a_file_of_arrays(embcheck, tmp_path: Path) -> None:
    import numpy as np

    np.save(tmp_path / "table.npy", np.ones(3, dtype=np.dtype(np.float32).newbyteorder()))
    done = embcheck("conversions", "table.npy", "-o", "text")
    assert done.code == 0
    assert "CNV109 byte-order" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["x.pt", "--source", "y.py"], "not both"),
        (["--kwargs", "{}"], "are for a TARGET"),
        (["m:f", "--kwargs", "["], "not JSON"),
        (["m:f", "--kwargs", "[1]"], "JSON object"),
        ([""], "An empty target"),
        (["nothing.pt"], "neither a file"),
        (["--source", "nothing"], "does not exist"),
        (["--select", "CNV999"], "CNV999"),
        (["--device", "meta"], "meta"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(embcheck, arguments: list[str], words: str) -> None:
    done = embcheck("conversions", *arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_help_says_what_it_does(embcheck) -> None:
    done = embcheck("conversions", "--help")
    assert done.code == 0
    assert "--source" in done.out
