"""JUnit XML as Jenkins, GitLab and Azure read it: one testcase for each check and subject, passes included."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from embcheck.reporters.names import visible
from embcheck.reporters.sentences import numbers, place, power, reproduction
from embcheck.results import Status

if TYPE_CHECKING:
    from embcheck.reporters.style import Style
    from embcheck.results import Outcome, Report


def render(report: Report, style: Style | None = None) -> str:
    """One suite. What fails without failing the run (a warning) passes, with its sentence as the case's output."""
    counting = sum(report.counts(o) for o in report.outcomes)
    summary = report.summary
    attributes = {
        "name": f"embcheck {visible(report.command)}" + (f" {visible(report.target)}" if report.target else ""),
        "tests": str(max(1, len(report.outcomes))),
        "failures": str(counting),
        "errors": str(summary["errors"]),
        "skipped": str(summary["skipped"] if report.outcomes else 1),
        "time": f"{report.duration:.3f}",
    }
    # the schema of the Jenkins plugin, the strictest, knows `skipped` of a suite alone, and no file of a case
    suites = ET.Element("testsuites", {key: value for key, value in attributes.items() if key != "skipped"})
    suite = ET.SubElement(suites, "testsuite", attributes)
    properties = ET.SubElement(suite, "properties")
    values = {"seed": str(report.seed), "reproduce": report.reproduce, **report.environment}
    for name, value in values.items():
        ET.SubElement(properties, "property", name=visible(str(name)), value=visible(str(value)))
    taken: set[str] = set()
    for outcome in report.outcomes:
        _case(suite, outcome, report, _unique(f"{outcome.code} {outcome.rule} {outcome.subject}", taken))
    if not report.outcomes:
        case = ET.SubElement(suite, "testcase", classname="embcheck", name="nothing was checked", time="0")
        ET.SubElement(case, "skipped", message="nothing was checked")
    ET.indent(suites, " ")
    body = ET.tostring(suites, encoding="us-ascii" if style and style.ascii else "utf-8").decode()
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _case(suite: ET.Element, outcome: Outcome, report: Report, name: str) -> None:
    classname = visible(f"embcheck.{report.command}.{outcome.rule}")
    case = ET.SubElement(suite, "testcase", classname=classname, name=name, time="0")
    message = visible(outcome.message)
    if outcome.status is Status.SKIP:
        ET.SubElement(case, "skipped", message=visible(outcome.reason) or "skipped")
    elif outcome.status is Status.ERROR:
        error = ET.SubElement(case, "error", type="crash", message=message or "the check crashed")
        error.text = "\n".join(visible(line) for line in outcome.reason.splitlines())
    elif report.counts(outcome):
        failure = ET.SubElement(case, "failure", type=outcome.code, message=message or outcome.rule)
        failure.text = _details(outcome, report)
    elif outcome.status is Status.FAIL:
        ET.SubElement(case, "system-out").text = f"{outcome.severity.value}: {message}\n{_details(outcome, report)}"


def _details(outcome: Outcome, report: Report) -> str:
    again = reproduction(report, [outcome.code])
    lines = [place(outcome), numbers(outcome), power(outcome), f"fix: {visible(outcome.fix)}" if outcome.fix else ""]
    return "\n".join([*filter(None, lines), *([f"reproduce: {again}"] if again else [])])


def _unique(name: str, taken: set[str]) -> str:
    """The name, made harmless; a second one of the same name gets a number, so that no reader drops it."""
    harmless = visible(name)
    unique, number = harmless, 1
    while unique in taken:
        number += 1
        unique = f"{harmless} ({number})"
    taken.add(unique)
    return unique
