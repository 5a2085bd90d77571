"""Sparklines and grids in characters."""

from __future__ import annotations

from typing import Any

from embcheck.reporters.pictures import grid, pictures, sparkline, sparklines
from embcheck.reporters.style import Style

STYLE, PLAIN = Style(), Style(ascii=True)


def layers(values: list[float], name: str = "net") -> list[dict[str, Any]]:
    return [{"configuration": name, "layer": i + 1, "q": v, "s": v, "g": v} for i, v in enumerate(values)]


def configuration(init: str, activation: str, verdicts: str, **more: Any) -> dict[str, Any]:
    words = {"s": "stable", "v": "vanishing", "e": "exploding", "i": "inconclusive"}
    keys = ("verdict_forward", "verdict_signal", "verdict_gradient")
    return {
        "init": init,
        "activation": activation,
        **dict(zip(keys, (words[c] for c in verdicts), strict=True)),
        **more,
    }


def test_a_bar_for_every_value() -> None:
    assert sparkline([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) == "▁▂▃▄▅▆▇█"
    assert sparkline([0.0, None, 7.0]) == "▁ █"
    assert set(sparkline([0.0, 7.0], plain=True)) <= set("_.-=+*%#")
    assert sparkline([None, None]) == "  "


def test_long_profiles_are_averaged() -> None:
    line = sparkline([float(i) for i in range(6000)])
    assert len(line) == 60
    assert line[0] == "▁"
    assert line[-1] == "█"


def test_small_changes_stay_flat() -> None:
    """Half a percent is no picture: the scale spans two decades at least."""
    assert len(set(sparkline([0.0, 0.002, 0.004]))) == 1


def test_sparklines_name_both_ends() -> None:
    text = sparklines("net", layers([2.0, 0.02]), STYLE).plain
    assert "2 to 0.02" in text
    assert len(text.splitlines()) == 4


def test_what_is_not_finite_is_a_blank() -> None:
    text = sparklines("net", layers([1.0, float("inf"), 0.0]), STYLE).plain
    assert "inf" in text or "0" in text


def test_the_grid() -> None:
    rows = [
        configuration("xavier", "relu", "vvv"),
        configuration("xavier", "tanh", "sse"),
        configuration("kaiming", "relu", "ssi"),
    ]
    text = grid(rows, PLAIN).plain.splitlines()
    assert text[1].split() == ["relu", "tanh"]
    assert text[2].split() == ["xavier", "vvv", "==^"]
    assert text[3].split() == ["kaiming", "==?"]


def test_what_else_varies_is_in_the_label() -> None:
    rows = [configuration("xavier", "relu", "vvv", gain=1.0), configuration("xavier", "relu", "sss", gain=1.41421)]
    lines = grid(rows, PLAIN).plain.splitlines()
    assert lines[2].startswith("xavier gain 1 ")
    assert lines[3].startswith("xavier gain 1.41")


def test_only_sweeps_have_pictures() -> None:
    assert list(pictures({"draws": [{"subject": "x"}]}, STYLE)) == []
    assert list(pictures({}, STYLE)) == []
    many = [row for i in range(9) for row in layers([1.0], f"n{i}")]
    assert list(pictures({"layers": many}, STYLE)) == []
    assert len(list(pictures({"layers": layers([1.0, 2.0])}, STYLE))) == 1


def test_hostile_names_are_only_names() -> None:
    text = sparklines("[red]x\x1b[31m\n", layers([1.0]), STYLE).plain
    assert "\x1b" not in text
    assert len(text.splitlines()) == 4
