"""Whatever a tensor is called, it is only a name: in every format, at every width."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embcheck.reporters import FORMATS, render
from embcheck.reporters.style import Style
from embcheck.results import Location, Outcome, Report, Severity, Status

PIECES = st.sampled_from([
    "::set-output name=x::y", "[red]x</script>", "[/]", "[link=file:///etc/passwd]", "\x1b[2J", "\x00", "\ufffe",
    "\udc80", "]]>", "<!--", "&amp;", "&#0;", "%0A::error::", "\r\n", "\u2028", "\u202e", "`", "|", "**", "@all",
    "##[error]", "'\"", "\\", "{0}", "%s", "${x}", " ", "é", "重", "\U0001f469\u200d\U0001f467",
])  # fmt: skip
NAMES = st.lists(PIECES | st.text(st.characters(), max_size=6), max_size=5).map("".join)
OUTCOMES = st.builds(
    Outcome,
    code=st.sampled_from(["EMB101", "INI101", "WGT101"]),
    rule=st.just("a-rule"),
    subject=NAMES,
    status=st.sampled_from(Status),
    severity=st.sampled_from(Severity),
    message=NAMES,
    measured=st.none() | st.floats(),
    p_value=st.none() | st.floats(0, 1),
    n=st.none() | st.integers(0),
    fix=NAMES,
    reason=NAMES,
    location=st.none() | st.builds(Location, NAMES, st.integers(-1, 10)),
)
CELLS = NAMES | st.none() | st.floats() | st.integers() | st.booleans() | st.lists(st.integers(), max_size=3)
REPORTS = st.builds(
    Report,
    command=st.just("audit"),
    target=st.none() | NAMES,
    outcomes=st.lists(OUTCOMES, max_size=12).map(tuple),
    tables=st.dictionaries(NAMES, st.lists(st.dictionaries(NAMES, CELLS, max_size=3), max_size=3), max_size=2),
    settings=st.dictionaries(NAMES, CELLS, max_size=2),
    environment=st.dictionaries(NAMES, NAMES, max_size=2),
    reproduce=NAMES,
    notes=st.lists(NAMES, max_size=2).map(tuple),
)
STYLES = st.builds(Style, st.none() | st.integers(1, 120), st.booleans(), st.booleans(), st.integers(-2, 2))


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_more_than_a_name(form: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(REPORTS, STYLES)
    def check(report: Report, style: Style) -> None:
        text = render(form, report, style)
        text.encode("utf-8")  # no lone surrogate is left
        if form == "json":
            json.loads(text, parse_constant=pytest.fail)
            return
        own = r"\x1b\[[0-9;]*m" if style.color and form == "rich" else r"(?!)"
        bare = re.sub(own, "", text)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ufffe]", bare)
        if form == "sarif":
            json.loads(text, parse_constant=pytest.fail)
        elif form == "junit":
            ET.fromstring(text.encode("utf-8"))
        elif form == "github":
            commands = [line for line in bare.split("\n") if line.lstrip().startswith("::")]
            assert all(re.match(r"::(error|warning|notice) [^:]+::", line) for line in commands)
            assert len(commands) == min(10, sum(o.status in (Status.FAIL, Status.ERROR) for o in report.outcomes))
        elif form == "html":
            assert not re.search(r"<(script|img|a|iframe)\b", text)
        else:
            assert not any(line.lstrip().startswith("::") for line in bare.split("\n"))
        if form != "html":
            assert "##[" not in text

    check()
