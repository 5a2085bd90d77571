"""`docs/rules/` is what the docstrings say. `EMBCHECK_WRITE_DOCS=1 pytest tests/test_docs.py` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from embcheck.rules import RULES

FOLDER = Path(__file__).parent.parent / "docs" / "rules"
WRITE = "EMBCHECK_WRITE_DOCS" in os.environ


def page(rule) -> str:
    return f"# {rule.code} {rule.name}\n\nSeverity: {rule.severity}\n\n{rule.page}\n"


def index() -> str:
    rows = "\n".join(f"| [{r.code}]({r.code}.md) | {r.name} | {r.severity} | {r.title} |" for r in RULES)
    return f"# Rules\n\n| code | name | severity | what is wrong |\n|---|---|---|---|\n{rows}\n"


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_page_is_the_docstring(rule) -> None:
    path = FOLDER / f"{rule.code}.md"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(page(rule), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == page(rule)


def test_index_lists_every_rule_and_no_page_is_left_over() -> None:
    path = FOLDER / "README.md"
    if WRITE:
        path.write_text(index(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == index()
    assert {p.stem for p in FOLDER.glob("*.md")} - {"README"} == {rule.code for rule in RULES}
