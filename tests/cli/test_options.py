from __future__ import annotations

import re
from pathlib import Path

import pytest

from embcheck.cli.options import PRINTING, RUNNING, without


def test_a_command_offers_no_flag_that_it_would_not_heed(embcheck, calls) -> None:
    code, _, err = embcheck("init-stats", "--tolerance", "0.1")
    assert (code, calls) == (2, [])
    assert err.startswith("embcheck: No such option: --tolerance")


def test_leaving_out() -> None:
    assert set(RUNNING) - set(without("tolerance", "dtype")) == {"tolerance", "dtype"}
    assert set(PRINTING) < set(RUNNING)


@pytest.mark.parametrize("command", ["init-stats", "variance-sweep", "conversions", "audit", "compare"])
def test_flags_that_ci_scripts_rely_on_are_everywhere(embcheck, command: str) -> None:
    offered = set(re.findall(r"--[a-z][a-z-]*|(?<= )-[oqv]\b", embcheck(command, "--help").out))
    assert offered >= {
        "--seed", "--select", "--ignore", "--extend-select", "--extend-ignore", "--fail-on", "--exit-zero",
        "--baseline", "--write-baseline", "--config", "-o", "--output", "-q", "-v", "--color", "--no-progress",
    }  # fmt: skip


def test_codes_may_be_repeated_or_joined(embcheck, calls) -> None:
    embcheck("init-stats", "--select", "EMB,INI119", "--select", "REG")
    assert calls[0]["select"] == ("EMB", "INI119", "REG")


def test_a_configuration_may_ask_for_outputs(embcheck, calls) -> None:
    Path("pyproject.toml").write_text("[tool.embcheck]\noutput = ['text', 'json=x.json']\nexit-zero = true\n")
    code, out, _ = embcheck("init-stats")
    assert calls[0]["exit_zero"] is True
    assert out.startswith("net.py:12: fail EMB101")
    assert Path("x.json").exists()
    assert embcheck("init-stats", "-o", "junit").out.startswith("<?xml")
    assert code == 1  # the replaced command gives its own report
