from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embcheck.reporters.names import encodable, inert, shortened, visible


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("h.0.attn.c_attn.weight", "h.0.attn.c_attn.weight"),
        ("gewicht µ 重み 🎲", "gewicht µ 重み 🎲"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\udc80", r"\udc80"),
        ("\ufeff\uffff\x85", r"\ufeff\uffff\x85"),
        ("##[add-mask]", r"#\x23[add-mask]"),
    ],
)
def test_what_does_not_print_is_escaped(name: str, shown: str) -> None:
    assert visible(name) == shown


@given(st.text(st.characters()))
def test_visible_text_is_one_encodable_line_without_controls(name: str) -> None:
    shown = visible(name)
    shown.encode("utf-8")
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert visible(shown) == shown


@given(st.text(st.characters()))
def test_encodable_changes_surrogates_alone(name: str) -> None:
    encodable(name).encode("utf-8")
    if not any(0xD800 <= ord(sign) < 0xE000 for sign in name):
        assert encodable(name) == name


def test_inert_guards_workflow_commands() -> None:
    assert inert("\x1b[1m \x1b[0m::b\n") == "| \x1b[1m \x1b[0m::b\n"
    assert inert("\n::b") == "\n| ::b"
    assert inert("a\n::error::x\n  ::b\nc::d\n") == "a\n| ::error::x\n|   ::b\nc::d\n"


def test_shortened_says_that_something_is_missing() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"
