from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from embcheck import rules as embcheck_rules
from embcheck.cli.explain import sections
from embcheck.rules import RULES

HEADINGS = ["What it checks", "Why it matters", "How it decides", "How to fix", "Example"]


@pytest.mark.parametrize("name", ["EMB101", "emb101", "padding-row-not-zero"])
def test_a_rule_by_code_or_name(embcheck, name: str) -> None:
    code, out, err = embcheck("explain", name)
    assert (code, err) == (0, "")
    assert out.startswith("# EMB101 padding-row-not-zero (error)\n\nThe row of an embedding's `padding_idx` is not")
    assert [line[3:] for line in out.splitlines() if line.startswith("## ")] == HEADINGS


def test_a_family_is_all_of_its_pages(embcheck) -> None:
    out = embcheck("explain", "EMB").out
    assert out.count("\n## Example\n") == sum(rule.code.startswith("EMB") for rule in RULES)


def test_as_json(embcheck) -> None:
    (row,) = json.loads(embcheck("explain", "EMB101", "--json").out)
    assert (row["code"], row["name"], row["severity"]) == ("EMB101", "padding-row-not-zero", "error")
    assert list(row["sections"]) == HEADINGS
    assert all(row["sections"].values())


def test_sections_of_a_page() -> None:
    assert sections("Title.\n\n## One\na\nb\n\n## Two\nc\n") == {"One": "a\nb", "Two": "c"}


@pytest.mark.parametrize("code", ["EMB1O1", ""])
def test_an_unknown_code_is_a_mistake(embcheck, code: str) -> None:
    assert embcheck("explain", code)[:2] == (2, "")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_is_the_docstring_of_its_check(rule) -> None:
    path = Path(embcheck_rules.__file__).parent.joinpath(*rule.module.split(".")[1:]).with_suffix(".py")
    assert rule.page == ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
