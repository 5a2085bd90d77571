from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from embcheck.reporters import render

if TYPE_CHECKING:
    from embcheck.results import Report

VOID = {"meta", "rect", "br"}


class Page(HTMLParser):
    """Reads a page strictly: every element that is opened is closed, in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


def test_everything_is_on_the_page(report: Report) -> None:
    page = Page(render("html", report))
    shown = "".join(page.texts)
    for said in (
        "1 failed, 1 crashed, 1 warning, 1 passed, 1 skipped in 2.1 s (exit 3)",
        "EMB101 padding-row-not-zero emb.weight[0]",
        "fix: emb.weight.data[0].zero_()",
        "reproduce: embcheck audit net:make --seed 0 --select EMB101",
        "[red]x</script>",
        "::set-output name=a::b",
        r"a\x1b[31m\nb",
        "inputs were made up",
        "What it checks",
        "N(0, 1²)",
        "1,000,000",
    ):
        assert said in shown


def test_a_page_is_alone_and_asks_for_nothing(report: Report) -> None:
    source = render("html", report)
    page = Page(source)
    assert not set(page.tags) & {"script", "link", "img", "iframe", "object", "form"}
    assert not {a for a in page.attributes if a.startswith("on")} | (page.attributes & {"src", "href"})
    assert "url(" not in source
    assert "@import" not in source


def test_a_histogram_is_drawn(report: Report) -> None:
    source = render("html", report)
    heights = [float(h) for h in re.findall(r'<rect[^>]* height="([0-9.]+)"', source)]
    assert [round(h / max(heights) * 9) for h in heights] == [3, 9, 4]  # the counts of the fixture


def test_names_are_text_everywhere(report: Report) -> None:
    bad = "</title></style></pre></code><script>alert(1)</script><img src=x onerror=alert(1)>"
    hostile = replace(
        report,
        target=bad,
        reproduce=bad,
        notes=(bad,),
        tables={bad: [{bad: bad}]},
        outcomes=tuple(replace(o, subject=bad, message=bad, fix=bad, reason=bad) for o in report.outcomes),
    )
    page = Page(render("html", hostile))
    assert not set(page.tags) & {"script", "img"}
    assert "".join(page.texts).count(bad) > 10
