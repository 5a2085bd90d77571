from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from embcheck.reporters import render
from embcheck.reporters.style import Style
from embcheck.results import Outcome, Report, Severity, Status

ANSI = re.compile(r"\x1b\[[0-9;]*m")
LONG = "encoder." + "layers.0." * 30 + "weight"

DEFAULT = r"""
embcheck audit net:make · torch 2.13.0 · cpu · seed 0

Embedding
╭─────────────────┬──────────┬────┬────────┬───────┬──────┬───┬─────────╮
│ subject         │ law      │  n │   mean │   std │ KS D │ p │ verdict │
├─────────────────┼──────────┼────┼────────┼───────┼──────┼───┼─────────┤
│ Embedding(5, 9) │ N(0, 1²) │ 45 │ 0.0012 │ 1.001 │ 0.03 │ 1 │ pass    │
│ [bold]row       │ N(0, 1²) │  9 │   -0.2 │   nan │    - │ - │ fail    │
╰─────────────────┴──────────┴────┴────────┴───────┴──────┴───┴─────────╯

torch.nn.init
╭─────────┬───────┬───────────┬───────┬────────┬──────┬───┬─────────╮
│ subject │ law   │         n │  mean │    std │ KS D │ p │ verdict │
├─────────┼───────┼───────────┼───────┼────────┼──────┼───┼─────────┤
│ eye     │ eye() │ 1,000,000 │ 0.001 │ 0.0316 │    - │ - │ skip    │
╰─────────┴───────┴───────────┴───────┴────────┴──────┴───┴─────────╯

FAIL EMB101 padding-row-not-zero emb.weight[0]  net.py:12
  The padding row is not zero.
  measured 0.98, expected 0, allowed 0, n = 64
  fix: emb.weight.data[0].zero_()
  reproduce: embcheck audit net:make --seed 0 --select EMB101

WARNING INI101 wrong-distribution fc.weight
  Values do not follow normal(0, 0.02).
  p = 1.3e-09, effect = 0.05, n = 1,000,000
  smallest error that would have been caught at n = 1,000,000: 0.0012
  reproduce: embcheck audit net:make --seed 0 --select INI101

CRASH WGT101 not-finite a\x1b[31m\nb
  The check crashed: ValueError: boom
  reproduce: embcheck audit net:make --seed 0 --select WGT101

skip EMB106 logit-scale [red]x</script>: ignored: scaled in forward

note: inputs were made up
1 failed, 1 crashed, 1 warning, 1 passed, 1 skipped in 2.1 s (exit 3)
reproduce: embcheck audit net:make --seed 0 --select EMB101,INI101,WGT101
"""


def test_the_whole_page(report: Report) -> None:
    assert render("rich", report) == DEFAULT.lstrip("\n")


def test_colour_changes_no_character(report: Report) -> None:
    colored = render("rich", report, Style(color=True))
    assert colored != ANSI.sub("", colored)
    assert [line.rstrip() for line in ANSI.sub("", colored).splitlines()] == DEFAULT.lstrip("\n").splitlines()


def test_the_environment_decides_nothing(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "20", "TTY_COMPATIBLE": "1", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    assert render("rich", report) == DEFAULT.lstrip("\n")


def test_ascii_draws_with_ascii(report: Report) -> None:
    plain = replace(report, tables={"draws": [{"subject": "a", "n": 1}]}, outcomes=report.outcomes[:3])
    text = render("rich", plain, Style(ascii=True))
    assert "| a" in text
    assert not set(text) - set(map(chr, range(128))) - {"·"}  # the stream spells the headline's dot out


def test_quiet_leaves_failures_and_closing_lines(report: Report) -> None:
    quiet = render("rich", report, Style(verbosity=-1))
    begin = DEFAULT.index("FAIL EMB101")
    skips = DEFAULT.index("skip EMB106")
    assert quiet == DEFAULT[begin:skips] + "\n".join(DEFAULT.splitlines()[-2:]) + "\n"
    assert render("rich", report, Style(verbosity=-2)) == ""


def test_verbose_lists_passes_and_how_they_were_decided(report: Report) -> None:
    line = "pass INI101 wrong-distribution ::set-output name=a::b: Values follow uniform(0, 1).\n"
    assert line in render("rich", report, Style(verbosity=1))
    twice = render("rich", report, Style(verbosity=2))
    assert line + "  p = 0.5, n = 3\n  smallest error that would have been caught at n = 3: 0.7\n" in twice
    assert "  Traceback (most recent call last):\n" in twice


def test_each_accepted_failure_is_listed(report: Report) -> None:
    skips = tuple(
        replace(report.outcomes[0], subject=f"t{i}", status=Status.SKIP, reason="accepted in b.json") for i in range(3)
    )
    lines = render("rich", replace(report, outcomes=skips)).splitlines()
    assert [f"skip EMB101 padding-row-not-zero t{i}: accepted in b.json" for i in range(3)] == [
        line for line in lines if line.startswith("skip")
    ]


def test_skips_for_one_reason_are_one_line(report: Report) -> None:
    skips = tuple(
        Outcome("EMB106", "logit-scale", f"t{i}", Status.SKIP, Severity.ERROR, reason="not here") for i in range(200)
    )
    text = render("rich", replace(report, outcomes=skips))
    assert "skip EMB106 logit-scale 200 subjects (-v lists them): not here\n" in text
    assert "t17" not in text
    assert "skip EMB106 logit-scale t17: not here\n" in render(
        "rich", replace(report, outcomes=skips), Style(verbosity=1)
    )


@pytest.mark.parametrize("width", [None, 200, 100, 80, 40, 20])
def test_nothing_is_ever_cut(report: Report, width: int | None) -> None:
    rows = [{"group": "g", "subject": LONG, "law": "normal(0, 0.02)", "n": 10**9, "mean": 0.5, "verdict": "pass"}]
    failing = replace(report.outcomes[0], subject=LONG, message=f"What {LONG} is.")
    text = render("rich", replace(report, outcomes=(failing,), tables={"others": rows}), Style(width=width))
    squeezed = re.sub(r"\s", "", text)
    folded = "".join(line.split("│")[1].strip() for line in text.splitlines() if line.startswith("│"))
    assert squeezed.count(LONG) + folded.count(LONG) == (4 if width is None else 3)  # unfolded, both see it
    for whole in ("1,000,000,000", "0.5", "pass"):
        assert whole in squeezed
    assert "…" not in text
    if width is None:
        assert text.count(LONG) == 3


@pytest.mark.parametrize("width", [100, 60, 30])
def test_tables_and_sentences_keep_to_the_width(report: Report, width: int) -> None:
    for line in render("rich", report, Style(width=width)).splitlines():
        copied = "fix: " in line or "reproduce: " in line or "(exit " in line  # never broken: people copy them
        assert copied or cell_len(line) <= width


def test_a_table_gives_up_its_frame_before_it_is_stacked(report: Report) -> None:
    rows = [{k: v for k, v in row.items() if k not in {"min", "max"}} for row in report.tables["draws"]]
    whole = replace(report, tables={"others": rows})  # of draws, columns would be left out before
    lines = render("rich", whole, Style(width=60)).splitlines()
    start = lines.index("torch.nn.init")
    assert lines[start + 1 : start + 3] == [
        "subject law           n  mean    std KS D p verdict",
        "eye     eye() 1,000,000 0.001 0.0316    - - skip",
    ]


def test_too_narrow_for_a_table_stacks_the_rows(report: Report) -> None:
    assert "\n  subject: Embedding(5, 9)\n  law: N(0, 1²)\n  n: 45\n" in render("rich", report, Style(width=30))


def test_unknown_tables_are_shown_whole(report: Report) -> None:
    rows = [{"name": "w", "equal": True, "shape": [2, 3], "d": None}, {"name": "b", "equal": False, "extra": 1}]
    lines = render("rich", replace(report, tables={"pairs": rows}), Style()).splitlines()
    assert "│ name │ equal │ shape │ KS D │ extra │" in lines
    assert "│ w    │ yes   │ 2x3   │    - │     - │" in lines


def test_no_line_reads_as_a_workflow_command(report: Report) -> None:
    rows = [{"subject": "::set-output name=a::b"}]
    failing = replace(report.outcomes[0], message="aaaaaaaaaaaaaaaa ::error::owned")
    hostile = replace(report, tables={"t": rows}, outcomes=(failing,), notes=("::warning::x",))
    for width in (None, 24, 40):
        text = render("rich", hostile, Style(width=width))
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_draws_give_up_columns_and_the_name_of_the_law_before_they_are_stacked(report: Report) -> None:
    row = {
        "group": "g", "subject": "xavier_uniform_((100, 80))", "law": "xavier_uniform() = U(-0.18, 0.18)", "n": 8000,
        "mean": -0.002542, "std": 0.1054, "variance": 0.01110, "d": 0.01498, "p_value": 1.0, "verdict": "pass",
    }  # fmt: skip
    given = replace(report, outcomes=(), tables={"draws": [row]})
    wide = render("rich", given)
    assert "xavier_uniform() = U(-0.18, 0.18)" in wide
    narrow = render("rich", given, Style(width=80))
    assert "│ xavier_uniform_((100, 80)) │ U(-0.18, 0.18) │" in narrow
    assert "not shown in 80 columns: n, std, KS D, p (-v shows every column)\n" in narrow
    assert "KS D" in render("rich", given, Style(width=80, verbosity=1))


def test_many_failures_of_one_rule_are_five_and_the_names_of_the_others(report: Report) -> None:
    failing = report.outcomes[0]
    many = tuple(replace(failing, subject=f"h.{i}.attn.weight") for i in range(30))
    other = replace(failing, subject="head.weight")
    text = render("rich", replace(report, outcomes=(*many, other)))
    assert text.count("\nFAIL EMB101 padding-row-not-zero h.") == 5
    assert "\nFAIL EMB101 padding-row-not-zero 26 more (-v shows each)\n  h.*.attn.weight ×25, head.weight\n" in text
    assert "31 failed" in text
    assert render("rich", replace(report, outcomes=many), Style(verbosity=1)).count("FAIL EMB101") == 30
    assert render("rich", replace(report, outcomes=many[:6])).count("FAIL EMB101") == 6
