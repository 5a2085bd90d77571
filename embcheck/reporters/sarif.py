"""SARIF 2.1.0 for code scanning: valid by the schema, and by the stricter rules that uploads are refused for."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from embcheck import __version__, rules
from embcheck.reporters.json import plain
from embcheck.reporters.names import shortened, visible
from embcheck.reporters.places import in_tree
from embcheck.reporters.sentences import numbers, power
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.reporters.style import Style
    from embcheck.results import Outcome, Report

SCHEMA = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
LONGEST = 1024
"""Characters of a text that GitHub accepts."""
MOST = 5000
"""Results of a run that GitHub keeps; the worst come first."""


def render(report: Report, style: Style | None = None) -> str:
    """One SARIF log with one run: every selected rule, a result for each failure, a notification for each crash.

    Failures that a baseline or an ignore accepts are results with a suppression at -v alone: code scanning opens an
    alert for every result, suppressed or not.
    """
    listed = _listed(report)
    failures = sorted(report.failed, key=lambda o: -o.severity.rank)
    accepted = [o for o in report.outcomes if o.status is Status.SKIP and o.message]
    shown = accepted if style and style.verbosity > 0 else []
    crashes = [o for o in report.outcomes if o.status is Status.ERROR]
    index = {code: i for i, (code, _, _) in enumerate(listed)}
    notifications = [_notification(o, index) for o in crashes]
    if len(failures) > MOST:
        text = f"{len(failures) - MOST} more failures are left out: code scanning keeps {MOST}."
        notifications.append({"level": "warning", "message": {"text": text}})
    driver = {
        "name": "embcheck",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(*row) for row in listed],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"embcheck/{quote(visible(report.command), safe='')}/"},
        "invocations": [
            {
                "executionSuccessful": not crashes,
                "exitCode": report.exit_code,
                "toolExecutionNotifications": notifications,
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [
            # all of a run have the property, or none has (section 3.27.23)
            {**_result(o, index), **({"suppressions": _suppressions(o)} if shown else {})}
            for o in [*failures, *shown][:MOST]
        ],
        "properties": {"accepted": len(accepted)},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, allow_nan=False, ensure_ascii=bool(style and style.ascii), indent=1) + "\n"


def _listed(report: Report) -> list[tuple[str, str, Severity]]:
    """Code, name and severity of every selected rule, and of any that an older or newer embcheck reported."""
    selected = rules.select(_prefixes(report, "select"), _prefixes(report, "ignore"))
    found = {rule.code: (rule.code, rule.name, rule.severity) for rule in selected}
    for o in report.outcomes:
        found.setdefault(o.code, (o.code, o.rule, o.severity))
    return [found[code] for code in sorted(found)]


def _prefixes(report: Report, key: str) -> Sequence[str]:
    value = report.settings.get(key)
    known = [p for p in value if _matches(p)] if isinstance(value, (list, tuple)) else []
    return [str(p) for p in known]


def _matches(prefix: Any) -> bool:
    return any(rule.code.startswith(str(prefix).upper()) or rule.name == str(prefix).lower() for rule in rules.RULES)


def _rule(code: str, name: str, severity: Severity) -> dict[str, Any]:
    row = next((rule for rule in rules.RULES if rule.code == code), None)
    page = row.page if row else ""
    parts = {part.partition("\n")[0].strip(): part.partition("\n")[2].strip() for part in page.split("\n## ")[1:]}
    title = page.partition("\n")[0] or name
    what, fix = parts.get("What it checks", title), parts.get("How to fix", "")
    text = f"{what}\n\nHow to fix: {fix}\n\n`embcheck explain {code}` says the rest." if fix else what
    return {
        "id": visible(code),
        "name": visible(name),
        "shortDescription": _text(title),
        "fullDescription": _text(what),
        "help": {"text": shortened(text, LONGEST), "markdown": shortened(text, LONGEST)},
        "defaultConfiguration": {"level": severity.value},
        "properties": {
            "tags": ["initialization", rules.FAMILIES.get(code[:3], "other")],
            "problem.severity": "recommendation" if severity is Severity.NOTE else severity.value,
            "precision": "very-high",
        },
    }


def _result(outcome: Outcome, index: dict[str, int]) -> dict[str, Any]:
    said = [f"{visible(outcome.subject)}: {visible(outcome.message)}", numbers(outcome), power(outcome)]
    said.append(f"Fix: {visible(outcome.fix)}" if outcome.fix else "")
    measures = ("measured", "expected", "allowed", "p_value", "effect", "n", "detectable")
    values = {key: plain(getattr(outcome, key)) for key in measures}
    return {
        "ruleId": visible(outcome.code),
        "ruleIndex": index[outcome.code],
        "level": outcome.severity.value,
        "message": _text("\n".join(part for part in said if part)),
        "locations": [_location(outcome)],
        "partialFingerprints": {"embcheckSubject/v1": fingerprint(outcome)},
        "properties": {key: value for key, value in values.items() if value is not None},
    }


def _suppressions(outcome: Outcome) -> list[dict[str, str]]:
    """Of a failure that a baseline or an ignore accepts: by whom, and why (SARIF 2.1.0, section 3.35)."""
    if outcome.status is not Status.SKIP:
        return []
    return [{"kind": "external", "status": "accepted", "justification": shortened(visible(outcome.reason), LONGEST)}]


def _location(outcome: Outcome) -> dict[str, Any]:
    place = in_tree(outcome)
    name = visible(outcome.subject) or "(unnamed)"
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.path.encode("utf-8", "backslashreplace"), safe="/")},
            "region": {"startLine": place.line},
        },
        "logicalLocations": [{"name": name.rpartition(".")[2] or name, "fullyQualifiedName": name, "kind": "member"}],
    }


def _notification(outcome: Outcome, index: dict[str, int]) -> dict[str, Any]:
    return {
        "level": "error",
        "message": _text(f"{visible(outcome.subject)}: {visible(outcome.message)}"),
        "associatedRule": {"id": visible(outcome.code), "index": index[outcome.code]},
        "locations": [_location(outcome)],
    }


def fingerprint(outcome: Outcome) -> str:
    """A hash of code and subject alone: the same defect keeps its identity when lines move or numbers change."""
    parts = f"{outcome.code}\x1f{outcome.subject}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(parts).hexdigest()[:32]


def _text(text: str) -> dict[str, str]:
    return {"text": shortened(text, LONGEST) or "-"}
