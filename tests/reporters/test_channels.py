"""Rows of networks become rows of channels; nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len

from embcheck.reporters import render
from embcheck.reporters.channels import by_channel, network_name
from embcheck.reporters.style import Style
from embcheck.results import Report


def network(**fields: Any) -> dict[str, Any]:
    return {
        "activation": "relu", "init": "orthogonal", "gain": 1.5, "bias": "0", "architecture": "mlp", "depth": 9,
        "width": 64, "dtype": "float32", "log_q": 1.0, "log_q_theory": 1.1, "log_s": 2.0, "log_s_theory": None,
        "log_g": 3.0, "log_g_theory": 3.1, "verdict_forward": "stable", "verdict_signal": "vanishing",
        "verdict_gradient": "inconclusive", **fields,
    }  # fmt: skip


def test_a_line_a_channel_with_the_name_once() -> None:
    assert by_channel([network()]) == [
        {"network": "relu orthogonal 9x64", "channel": "forward", "ln change": 1.0, "theory": 1.1, "verdict": "stable"},
        {"network": "", "channel": "signal", "ln change": 2.0, "theory": None, "verdict": "vanishing"},
        {"network": "", "channel": "gradient", "ln change": 3.0, "theory": 3.1, "verdict": "inconclusive"},
    ]


def test_names_tell_networks_apart() -> None:
    assert network_name(network(bias="0.1", architecture="conv", dtype="float16")) == (
        "conv relu orthogonal bias 0.1 9x64 float16"
    )
    names = [row["network"] for row in by_channel([network(), network(gain=2.0)]) if row["network"]]
    assert names == ["relu orthogonal gain 1.5 9x64", "relu orthogonal gain 2 9x64"]


def test_gains_keep_their_interval() -> None:
    shared = {"activation": "relu", "init": "orthogonal", "depth": 9, "width": 64, "chi_1": 1.0, "log_change": 0.0}
    rows = [
        {**shared, "channel": name, "gain": 1.4, "low": 1.0, "high": 2.0, "verdict": "kept"}
        for name in ("forward", "signal")
    ]
    first, second = by_channel(rows)
    assert first == {
        "network": "relu orthogonal 9x64", "channel": "forward", "gain": 1.4, "low": 1.0, "high": 2.0, "verdict": "kept"
    }  # fmt: skip
    assert second["network"] == ""


def test_other_tables_are_left_alone() -> None:
    assert by_channel([]) == []
    assert by_channel([{"name": "weight", "verdict": "pass"}]) == []
    assert by_channel([network(), {"name": "weight"}]) == []


@pytest.mark.parametrize(
    ("room", "title"), [(80, "channels"), (120, "channels"), (None, "configurations"), (300, "configurations")]
)
def test_narrow_terminals_get_channels(room: int | None, title: str) -> None:
    report = Report("variance-sweep", None, (), tables={"configurations": [network()]})
    shown = render("rich", report, Style(width=room))
    assert f"\n{title}\n" in shown
    assert "vanishing" in shown
    assert all(cell_len(line) <= (room or 1000) for line in shown.splitlines())


def test_layers_are_a_table_a_network_without_empty_columns() -> None:
    layers = [
        {"configuration": name, "layer": i, "q": 1.0, "q_theory": 1.1, "dead": None, "cosine": cosine}
        for name, cosine in (("a", None), ("b", 0.25))
        for i in (1, 2)
    ]
    report = Report("variance-sweep", None, (), tables={"layers": layers})
    shown = render("rich", report, Style(width=80, verbosity=1))
    assert "\na\n" in shown
    assert "\nb\n" in shown
    assert "dead" not in shown
    assert "configuration" not in shown
