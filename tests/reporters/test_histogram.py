from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from embcheck.reporters.histogram import HEIGHT, WIDTH, svg


def test_bars_are_to_scale_and_inside() -> None:
    drawn = svg([(-1.0, 1.0), (0.0, 4.0), (1.0, 2.0)])
    root = ET.fromstring(f"<p>{drawn}</p>")
    bars = [{k: float(v) for k, v in rect.attrib.items()} for rect in root.iter("rect")]
    assert [bar["height"] for bar in bars] == [HEIGHT / 4, HEIGHT, HEIGHT / 2]
    assert all(bar["y"] + bar["height"] == HEIGHT for bar in bars)
    assert all(bar["x"] >= 0 and bar["x"] + bar["width"] <= WIDTH for bar in bars)
    assert re.search("-1 to 1</p>", drawn)


def test_nothing_to_draw_draws_nothing() -> None:
    assert svg([]) == ""
    assert svg([(0.0, 0.0)]) == ""
    assert svg([(float("nan"), 1.0), (0.0, float("inf"))]) == ""
