from __future__ import annotations

import json

from embcheck.rules import RULES


def test_every_rule_is_a_line(embcheck) -> None:
    code, out, err = embcheck("rules")
    assert (code, err) == (0, "")
    assert [line.split()[:3] for line in out.splitlines()] == [[r.code, r.name, r.severity.value] for r in RULES]
    assert all(line.split(maxsplit=3)[3] for line in out.splitlines())


def test_a_family_alone(embcheck) -> None:
    _, out, _ = embcheck("rules", "EMB", "padding-row-not-zero")
    assert [line[:6] for line in out.splitlines()] == [rule.code for rule in RULES if rule.code.startswith("EMB")]


def test_as_json(embcheck) -> None:
    rows = json.loads(embcheck("rules", "--json").out)
    assert [row["code"] for row in rows] == [rule.code for rule in RULES]
    assert set(rows[0]) == {"code", "name", "severity", "title"}


def test_an_unknown_code_is_a_mistake(embcheck) -> None:
    code, out, err = embcheck("rules", "NOPE")
    assert (code, out) == (2, "")
    assert err == (
        "embcheck: No rule has a code that starts with, or the name, 'NOPE': `embcheck rules` lists them all.\n"
    )
