"""The three channels as a picture: measured points, theory's line, and the band that one seed should stay in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from embcheck.propagation.record import LayerRecord, NetworkRecord

SUFFIXES = (".png", ".svg", ".pdf")
PANELS = (
    ("forward q", "log_q", "log_q_theory", "sd_q"),
    ("signal s", "log_s", "log_s_theory", None),
    ("gradient g", "log_g", "log_g_theory", "sd_g"),
)
MOST_LINES = 12
"""More networks than colours can tell apart are not drawn."""


def check_plot(path: Path) -> None:
    """Refuse a picture that could not be drawn or written, before anything is measured.

    Raises:
        UsageError: an unknown suffix, no matplotlib, or no such folder.
    """
    from importlib.util import find_spec

    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"--plot {path} must end in {', '.join(SUFFIXES)}.")
    if find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib: pip install 'embcheck[plot]'.")
    if not path.parent.is_dir():
        raise UsageError(f"--plot {path}: there is no folder {path.parent}.")


def draw(records: Sequence[NetworkRecord], path: Path) -> None:
    """Write the picture: log10 of q, s and g against the layer, one colour a network.

    Raises:
        UsageError: as in `check_plot`.
    """
    check_plot(path)
    # the object interface: no global state, no window, no backend of the user's is touched
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 3)
    shown = records[:MOST_LINES]
    for panel, (title, measured, theory, spread) in zip(panels, PANELS, strict=True):
        for i, record in enumerate(shown):
            _line(panel, record, (measured, theory, spread), f"C{i % 10}")
        panel.set_title(f"{title}, log10")
        panel.set_xlabel("layer")
        panel.grid(visible=True, alpha=0.3)
    title = "points: measured; line: theory; band: 95% of seeds"
    if len(records) > len(shown):
        title += f" (the first {len(shown)} of {len(records)} networks)"
    figure.suptitle(title, fontsize=9)
    handles, labels = panels[0].get_legend_handles_labels()
    if len(shown) > 1 or handles:
        figure.legend(handles, labels, loc="outside lower center", ncols=min(3, len(shown)), fontsize=8)
    # without a date, so that the same run writes the same file
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower())
    try:
        figure.savefig(path, metadata=metadata, dpi=130)
    except OSError as error:
        raise UsageError(f"--plot {path} cannot be written: {error.strerror or error}.") from error


def _line(panel: Any, record: NetworkRecord, fields: tuple[str, str, str | None], color: str) -> None:
    measured, theory, spread = fields
    layers = record.layers
    x = [layer.layer for layer in layers]
    panel.plot(x, _tens(layers, measured), ".", color=color, markersize=4, label=record.name)
    line = _tens(layers, theory)
    if any(math.isfinite(y) for y in line):
        panel.plot(x, line, "-", color=color, linewidth=1)
    if spread is not None:
        half = [1.96 / math.log(10) * (getattr(layer, spread) or 0.0) for layer in layers]
        low = [y - h for y, h in zip(line, half, strict=True)]
        high = [y + h for y, h in zip(line, half, strict=True)]
        panel.fill_between(x, low, high, color=color, alpha=0.15, linewidth=0)


def _tens(layers: Sequence[LayerRecord], name: str) -> list[float]:
    """log10, NaN where there is nothing to draw."""
    values = (getattr(layer, name) for layer in layers)
    return [v / math.log(10) if v is not None and math.isfinite(v) and abs(v) < 1e6 else math.nan for v in values]
