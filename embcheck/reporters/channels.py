"""Networks and gains on a narrow terminal: a line a channel, in place of a block of sixteen lines a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]

CHANNELS = (("forward", "log_q"), ("signal", "log_s"), ("gradient", "log_g"))
USUAL: dict[str, Any] = {"architecture": "mlp", "bias": "0", "dtype": "float32"}
"""What a network on paper is unless something else is asked for: not worth a column where all are."""
_NETWORK = frozenset({"activation", "init", "depth", "width"})
_TOTALS = frozenset(key for channel, log in CHANNELS for key in (log, f"{log}_theory", f"verdict_{channel}"))
_GAINS = frozenset({"channel", "gain", "low", "high", "verdict"})


def by_channel(rows: Rows) -> list[dict[str, Any]]:
    """A row a channel, the network's name on the first of them; none where these are no networks or gains."""
    if rows and all(row.keys() >= _NETWORK | _TOTALS for row in rows):
        return _totals(rows)
    if rows and all(row.keys() >= _NETWORK | _GAINS for row in rows):
        return _gains(rows)
    return []


def _totals(rows: Rows) -> list[dict[str, Any]]:
    names = [network_name(row) for row in rows]
    if len(set(names)) < len(names):
        names = [network_name(row, gain=True) for row in rows]
    return [
        {
            "network": name if log == "log_q" else "", "channel": channel, "ln change": row[log],
            "theory": row[f"{log}_theory"], "verdict": row[f"verdict_{channel}"],
        }
        for name, row in zip(names, rows, strict=True)
        for channel, log in CHANNELS
    ]  # fmt: skip


def _gains(rows: Rows) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    last = ""
    for row in rows:
        name = network_name(row)
        found.append({"network": "" if name == last else name, **{k: row[k] for k in row if k in _GAINS}})
        last = name
    return found


def network_name(row: Mapping[str, Any], *, gain: bool = False) -> str:
    """Activation, initializer and size, the gain if wanted; architecture, bias and dtype if not the usual ones."""
    parts = [
        _unusual(row, "architecture"),
        str(row["activation"]),
        str(row["init"]),
        f"gain {row.get('gain'):.4g}" if gain and isinstance(row.get("gain"), (int, float)) else "",
        f"bias {_unusual(row, 'bias')}" if _unusual(row, "bias") else "",
        f"{row['depth']}x{row['width']}",
        _unusual(row, "dtype"),
    ]
    return " ".join(part for part in parts if part)


def _unusual(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key, USUAL[key])
    return "" if value == USUAL[key] else str(value)
