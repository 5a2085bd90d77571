"""What a narrow terminal shows of a table, and that nothing of a text is lost in breaking it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embcheck.reporters import render
from embcheck.reporters.fitting import broken, left_out, shares
from embcheck.reporters.names import visible
from embcheck.reporters.ruled import width
from embcheck.reporters.style import Style
from embcheck.results import Report

KEYS = ("name", "shape", "dtype", "law", "mean", "std", "d", "p_value", "verdict")
WIDTHS = (30, 9, 7, 30, 9, 8, 8, 6, 7)

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def row(name: str, law: str = "normal(0, 0.02)") -> dict:
    return {
        "name": name, "shape": [96, 96], "dtype": "float32", "law": law, "mean": 0.000123, "std": 0.02, "d": 0.012,
        "p_value": 0.5, "verdict": "pass",
    }  # fmt: skip


def test_columns_wait_in_order_and_come_back_where_they_fit() -> None:
    full = sum(WIDTHS) + 3 * len(WIDTHS) + 1
    assert left_out("tensors", KEYS, WIDTHS, full) == []
    assert left_out("tensors", KEYS, WIDTHS, full - 1) == ["dtype"]
    assert left_out("tensors", KEYS, WIDTHS, full - 11) == ["mean"]  # the narrower dtype came back
    assert left_out("tensors", KEYS, WIDTHS, 100) == ["dtype", "mean", "p_value", "d"]
    assert left_out("tensors", KEYS, WIDTHS, 80) == ["dtype", "mean", "p_value", "d", "shape"]
    assert left_out("others", KEYS, WIDTHS, 80) == []
    assert left_out("tensors", KEYS, WIDTHS, 30) == []  # too narrow for any table: the rows are stacked, whole
    assert left_out("tensors", ("name", "p_value", "shape"), (20, 3, 30), 40) == ["shape"]


@PATIENT
@given(widths=st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=9), room=st.integers(10, 300))
def test_shares_fit_and_waste_nothing(widths, room) -> None:
    sizes, fixed = [w for w, _ in widths], [kept for _, kept in widths]
    given_ = shares(sizes, fixed, room)
    if given_ is None:
        assert sum(w if kept else min(w, 12) for w, kept in widths) + 3 * len(widths) + 1 > room or min(sizes) < 12
        return
    used = sum(given_) + 3 * len(widths) + 1
    assert used <= room
    assert all(g == w if kept else g <= w for g, w, kept in zip(given_, sizes, fixed, strict=True))
    if any(g < w for g, w in zip(given_, sizes, strict=True)):
        assert room - used < len(widths)


@PATIENT
@given(text=st.text(min_size=1, max_size=80), room=st.integers(2, 40))
def test_broken_texts_fit_and_keep_every_sign(text, room) -> None:
    text = visible(text)  # as every cell is
    lines = broken(text, room)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_names_break_at_dots_and_laws_at_arguments() -> None:
    assert broken("encoder.layers.0.attention.weight", 20) == ["encoder.layers.0.", "attention.weight"]
    assert broken("kaiming_normal(mode='fan_out')", 20) == ["kaiming_normal(", "mode='fan_out')"]
    assert broken("normal(0, 0.02/sqrt(2*12))", 18) == ["normal(0, 0.02/", "sqrt(2*12))"]
    assert broken("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_what_is_left_out_is_named_and_v_shows_it() -> None:
    report = Report(
        "audit", "net:make", (), tables={"tensors": [row("encoder.layers.0.attention.output.dense.weight")]}
    )
    lines = render("rich", report, Style(width=80)).splitlines()
    assert any(line.startswith("not shown in 80 columns: ") and "dtype" in line and "-v" in line for line in lines)
    assert all(width(line) <= 80 for line in lines)
    assert "dtype" in render("rich", report, Style(width=80, verbosity=1)).split("not shown")[0]
    whole = render("rich", report, Style(width=None))
    assert "not shown" not in whole and "KS D" in whole


def test_a_thousand_rows_are_broken_in_no_time_and_none_is_lost() -> None:
    rows = [row(f"encoder.layers.{i}.attention.output.dense.weight") for i in range(1000)]
    text = render("rich", Report("audit", "net:make", (), tables={"tensors": rows}), Style(width=60))
    joined = "".join(text.split())
    assert joined.count("normal(0,") == 1000
    assert max(map(width, text.splitlines())) <= 60


def test_of_draws_the_numbers_that_say_least_go_first() -> None:
    keys = ("subject", "law", "n", "mean", "std", "variance", "d", "p_value", "verdict")
    widths = (34, 22, 6, 10, 7, 9, 8, 1, 7)
    assert left_out("draws", keys, widths, 120) == ["p_value", "d"]
    assert left_out("draws", keys, widths, 80) == ["p_value", "d", "std", "n"]
