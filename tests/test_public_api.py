from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import embcheck
from embcheck.results import Outcome, Report, Severity, Status

ROOT = Path(embcheck.__file__).parent.parent


@pytest.mark.parametrize("name", embcheck.__all__)
def test_every_public_name_is_there(name: str) -> None:
    value = getattr(embcheck, name)
    assert name in ("__version__", getattr(value, "__name__", ""))
    assert name in dir(embcheck)
    assert getattr(embcheck, name) is value


def test_type_checkers_see_what_is_found_at_run_time() -> None:
    tree = ast.parse(Path(embcheck.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == embcheck._HOMES
    assert {*seen, "__version__"} == set(embcheck.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'embcheck' has no attribute 'audits'"):
        embcheck.audits  # noqa: B018


@pytest.mark.parametrize("name", ["Report", "Outcome", "Status", "Severity", "UsageError"])
def test_plain_data_needs_no_torch(name: str) -> None:
    code = f"import sys, embcheck; embcheck.{name}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False\n"


def test_a_report_and_its_outcomes_are_read_at_a_glance() -> None:
    failed = Outcome("EMB101", "padding-row-not-zero", "emb", Status.FAIL, Severity.ERROR, "row 0 is not zero")
    odd = replace(failed, severity=Severity.WARNING)
    skipped = replace(failed, status=Status.SKIP, reason="not here")
    assert repr(odd) == "<warning EMB101 padding-row-not-zero emb: row 0 is not zero>"
    assert repr(skipped) == "<skip EMB101 padding-row-not-zero emb: not here>"
    assert repr(Report("audit", "net:make", (failed, skipped))) == (
        "<Report of audit net:make: 1 failed, 1 skipped (exit 1)>\n"
        "  <fail EMB101 padding-row-not-zero emb: row 0 is not zero>"
    )
    assert repr(Report("init-stats", None, ())) == "<Report of init-stats: nothing checked (exit 0)>"
    assert repr(Report("audit", "x", (failed,) * 12)).endswith("\n  ... 2 more")
