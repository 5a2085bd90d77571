from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from embcheck.reporters import render
from embcheck.results import Report, Severity

# attributes and children, in order, that the schema of the Jenkins plugin (junit-10.xsd) allows
ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "properties": (set(), ["property"]),
    "property": ({"name", "value"}, []),
    "testcase": (
        {"name", "assertions", "time", "classname", "status"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "skipped": ({"message", "type"}, []),
    "failure": ({"message", "type"}, []),
    "error": ({"message", "type"}, []),
    "system-out": (set(), []),
}  # fmt: skip


def suite(report: Report) -> ET.Element:
    text = render("junit", report)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ET.fromstring(text.encode("utf-8"))
    check(root)
    (only,) = root
    assert root.tag == "testsuites"
    return only


def check(element: ET.Element) -> None:
    attributes, children = ALLOWED[element.tag]
    assert set(element.attrib) <= attributes
    order = [children.index(child.tag) for child in element]
    assert order == sorted(order)
    for child in element:
        check(child)
    if element.tag == "testsuite":
        cases = element.findall("testcase")
        assert cases
        assert len({case.get("name") for case in cases}) == len(cases)
        assert element.get("tests") == str(len(cases))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.get(key) == str(len(element.findall(f"testcase/{tag}")))
        assert float(element.get("time", "")) >= 0
    if element.tag == "testcase":
        assert element.get("name")
        assert element.get("classname")
        assert len(element) <= 1


def test_one_case_for_each_check_and_subject(report: Report) -> None:
    cases = suite(report).findall("testcase")
    assert [(case.get("name"), [child.tag for child in case]) for case in cases] == [
        ("EMB101 padding-row-not-zero emb.weight[0]", ["failure"]),
        ("INI101 wrong-distribution fc.weight", ["system-out"]),  # a warning fails nothing, neither here
        ("INI101 wrong-distribution ::set-output name=a::b", []),
        ("EMB106 logit-scale [red]x</script>", ["skipped"]),
        (r"WGT101 not-finite a\x1b[31m\nb", ["error"]),
    ]
    assert cases[3].find("skipped").get("message") == "ignored: scaled in forward"
    assert cases[0].find("failure").get("message") == "The padding row is not zero."
    assert cases[0].find("failure").text == (
        "net.py:12\nmeasured 0.98, expected 0, allowed 0, n = 64\nfix: emb.weight.data[0].zero_()\n"
        "reproduce: embcheck audit net:make --seed 0 --select EMB101"
    )


def test_fail_on_warning_makes_it_a_failure(report: Report) -> None:
    case = suite(replace(report, fail_on=Severity.WARNING)).findall("testcase")[1]
    assert case.find("failure") is not None


def test_there_is_never_an_empty_suite(report: Report) -> None:
    assert suite(replace(report, outcomes=())).find("testcase/skipped") is not None


def test_equal_names_are_told_apart(report: Report) -> None:
    twice = (report.outcomes[0], report.outcomes[0], replace(report.outcomes[0], subject="emb.weight[0] (2)"))
    names = [case.get("name") for case in suite(replace(report, outcomes=twice)).findall("testcase")]
    assert len(set(names)) == 3


def test_the_check_can_fail(report: Report) -> None:
    root = ET.fromstring(render("junit", report).encode())
    root[0].set("failures", "7")
    with pytest.raises(AssertionError):
        check(root)
