from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from embcheck.reporters import render
from embcheck.reporters.markdown import LIMIT, code, text
from embcheck.results import Outcome, Report, Severity, Status

PAGE = """\
## ❌ 1 failed, 1 crashed, 1 warning, 1 passed, 1 skipped

embcheck audit net&#58;make · torch 2.13.0 · cpu · seed 0

#### CRASH WGT101 not-finite <code>a&#92;x1b&#91;31m&#92;nb</code>

The check crashed: ValueError: boom{br}
reproduce: <code>embcheck audit net&#58;make --seed 0 --select WGT101</code>

#### error EMB101 padding-row-not-zero <code>emb.weight&#91;0&#93;</code> at <code>net.py&#58;12</code>

The padding row is not zero.{br}
measured 0.98, expected 0, allowed 0, n = 64{br}
fix: <code>emb.weight.data&#91;0&#93;.zero&#95;()</code>{br}
reproduce: <code>embcheck audit net&#58;make --seed 0 --select EMB101</code>

#### warning INI101 wrong-distribution <code>fc.weight</code>

Values do not follow normal(0, 0.02).{br}
p = 1.3e-09, effect = 0.05, n = 1,000,000{br}
smallest error that would have been caught at n = 1,000,000: 0.0012{br}
reproduce: <code>embcheck audit net&#58;make --seed 0 --select INI101</code>

- inputs were made up

<details><summary>1 skipped</summary>

| rule | subject | |
|---|---|---|
| EMB106 logit-scale | <code>&#91;red&#93;x&#60;/script&#62;</code> | ignored: scaled in forward |

</details>

<details><summary>1 passed</summary>

| rule | subject | |
|---|---|---|
| INI101 wrong-distribution | <code>&#58;&#58;set-output name=a&#58;&#58;b</code> | Values follow uniform(0, 1). |

</details>


1 failed, 1 crashed, 1 warning, 1 passed, 1 skipped in 2.1 s (exit 3){br}
reproduce: embcheck audit net&#58;make --seed 0 --select EMB101,INI101,WGT101{br}
"""


def test_the_whole_page(report: Report) -> None:
    assert render("markdown", report) == PAGE.replace("{br}", "  ")


def test_a_sound_run_has_a_check_mark(sound: Report) -> None:
    assert render("markdown", sound).startswith("## ✅ 1 passed, 1 skipped\n")


@pytest.mark.parametrize(
    "said",
    ["# a", "- a", "+ a", "1. a", "12) a", "> a", "*a* _b_ `c` ~~d~~", "[a](b)", "![a](b)", "<b>&amp;", "a | b", "$x$",
     "@someone", "#12", ":smile:", "https://x.y", "www.x.y", "<!-- -->", "\\", '"', "a\tb\nc", "---", "===",
     "    code"],
)  # fmt: skip
def test_nothing_is_acted_on_and_everything_is_read(said: str) -> None:
    marked = text(said)
    assert not re.search(r"[\\`*_{}\[\]|~$^\"]|^[-+=>#]|[0-9][.)] |www\.|(?<!&)#|@(?!<)|://|^ ", marked)
    assert set(re.findall("<[^>]*>", marked)) <= {"<!-- -->"}
    shown = html.unescape(marked.replace("&#64;<!-- -->", "@"))
    assert shown == said.replace("\t", "\\t").replace("\n", "\\n").strip()
    assert html.unescape(code(said)) == f"<code>{shown}</code>"


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("name", ["a" * 40, "é" * 2_000, "[" * 100_000])
def test_a_summary_is_always_under_a_mebibyte(report: Report, status: Status, name: str) -> None:
    many = tuple(
        Outcome("EMB101", "padding-row-not-zero", f"{name}{i}", status, Severity.ERROR, name, reason=name, fix=name)
        for i in range(20_000 if len(name) < 100 else 300)
    )
    page = render("markdown", replace(report, outcomes=many, notes=(name,) * 50))
    assert len(page.encode()) < LIMIT
    assert "left out: the summary is limited to 1 MiB" in page
    assert page.count("<details>") == page.count("</details>")
