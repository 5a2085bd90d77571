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
