"""Long tables of equal blocks are folded, everything else is shown whole, and what is left out is counted."""

from __future__ import annotations

from embcheck.reporters.stacks import LONG, folded


def stack(blocks: int, prefix: str = "net.h", each: tuple[str, ...] = ("norm:layer_norm", "up:linear", "add")) -> list:
    return [
        {"name": f"{prefix}.{i}{'.' if ':' in part else ':'}{part}", "shape": [4, 8], "q": 1.0}
        for i in range(blocks)
        for part in each
    ]


def test_a_stack_keeps_its_first_and_last_block() -> None:
    rows = [{"name": "emb:embedding", "shape": [4, 8], "q": 1.0}, *stack(30), {"name": "out:linear", "q": 2.0}]
    shown = folded(rows)
    names = [row["name"] for row in shown]
    assert names[:4] == ["emb:embedding", "net.h.0.norm:layer_norm", "net.h.0.up:linear", "net.h.0:add"]
    assert names[-4:] == ["net.h.29.norm:layer_norm", "net.h.29.up:linear", "net.h.29:add", "out:linear"]
    assert names[4] == "... 84 more as in net.h.0 and net.h.29 (-v)"
    assert len(rows) == len(shown) - 1 + 84


def test_blocks_that_differ_and_short_tables_are_shown_whole() -> None:
    assert folded(stack(LONG // 3)) == stack(LONG // 3)
    mixed = [row for i in range(15) for row in stack(i + 1, each=("a:linear", f"b{i % 2}:linear"))[-2:]]
    mixed += [{"name": f"plain{i}:relu", "q": 1.0} for i in range(40)]
    assert len(mixed) > LONG
    assert folded(mixed) == mixed


def test_other_shapes_are_other_blocks() -> None:
    rows = stack(40)
    for row in rows[60:]:
        row["shape"] = [4, 16]
    shown = [row["name"] for row in folded(rows) if str(row["name"]).startswith("...")]
    assert [name.partition(" (")[0] for name in shown] == [
        "... 54 more as in net.h.0 and net.h.19", "... 54 more as in net.h.20 and net.h.39",
    ]  # fmt: skip
