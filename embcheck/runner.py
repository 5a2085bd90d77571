"""The one loop: subject x check -> Evidence -> Outcome. Checks measure; only this file judges."""

from __future__ import annotations

import importlib
import math
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from embcheck.results import Evidence, Outcome, Skip, Status
from embcheck.stats.correction import holm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from embcheck.rules import Rule
    from embcheck.subjects.subject import Subject


@dataclass(frozen=True)
class Context:
    """What a check may know of the run."""

    alpha: float = 1e-3
    """The false-alarm budget of the whole run."""
    tolerance: float = 0.0
    tests: int = 300
    """About how many p-values a run has: what a check divides `alpha` by to say the smallest error it would catch."""

    @property
    def alpha_each(self) -> float:
        """The level at which one p-value of the run is judged in the worst case (Bonferroni)."""
        return self.alpha / self.tests


class Check(Protocol):
    """What a module in `checks/` offers."""

    KINDS: frozenset[str]

    def evidence(self, subject: Subject, context: Context) -> Iterable[Evidence | Skip]:
        """Yield what was measured; nothing at all where the question does not arise."""
        ...


@dataclass(frozen=True)
class _Judged:
    """Evidence waiting for the run's other p-values."""

    rule: Rule
    subject: Subject
    evidence: Evidence


def run(
    subjects: Iterable[Subject],
    rules: Sequence[Rule],
    context: Context,
    observe: Callable[[Subject], None] | None = None,
) -> tuple[Outcome, ...]:
    """Ask every rule's question of every subject, and judge the answers together.

    Args:
        subjects: taken one at a time; a subject's tensor can be freed as soon as the next one is asked for.
        rules: the selected rows of the table.
        context: seed, alpha, tolerance.
        observe: called once a subject while its tensor is alive, to keep what a table shows.

    Returns:
        outcomes in the order of subjects, then rules. A check that raises is an outcome of status error.
    """
    checks = [(rule, cast("Check", importlib.import_module(rule.module))) for rule in rules]
    collected: list[Outcome | _Judged] = []
    for subject in subjects:
        bare = _light(subject)
        for rule, check in checks:
            if subject.kind in check.KINDS:
                collected.extend(_ask(rule, check, subject, bare, context))
        if observe is not None:
            observe(subject)
    return _judge(collected, context)


def _ask(rule: Rule, check: Check, subject: Subject, bare: Subject, context: Context) -> Iterator[Outcome | _Judged]:
    try:
        for answer in check.evidence(subject, context):
            if isinstance(answer, Skip):
                yield _outcome(rule, subject, Status.SKIP, part=answer.part, reason=answer.reason)
            else:
                if answer.holds is None and not 0 <= (math.nan if answer.p_value is None else answer.p_value) <= 1:
                    raise ValueError(f"evidence is neither certain nor has a p-value: {answer.p_value}")
                yield _Judged(rule, bare, answer)
    except Exception as error:  # noqa: BLE001 - a check that crashes must not take the others with it
        reason = f"{type(error).__name__}: {error}"
        detail = "".join(traceback.format_exception(error))
        yield _outcome(rule, subject, Status.ERROR, message=f"The check crashed: {reason}", reason=detail)


def _light(subject: Subject) -> Subject:
    """The subject without its tensor, so that waiting for the last p-value holds no memory."""
    return replace(subject, value=None, facts={})


def _outcome(rule: Rule, subject: Subject, status: Status, part: str = "", **fields: Any) -> Outcome:
    fields.setdefault("severity", rule.severity)
    fields.setdefault("location", subject.location)
    return Outcome(rule.code, rule.name, subject.name + part, status, **fields)


def _judge(collected: Sequence[Outcome | _Judged], context: Context) -> tuple[Outcome, ...]:
    """Holm over every p-value of the run; a deviation fails only if it is also larger than the tolerance."""
    p_values = [
        c.evidence.p_value
        for c in collected
        if isinstance(c, _Judged) and c.evidence.holds is None and c.evidence.p_value is not None
    ]
    corrected = iter(holm(p_values))
    outcomes: list[Outcome] = []
    for item in collected:
        if isinstance(item, Outcome):
            outcomes.append(item)
            continue
        e = item.evidence
        message = e.message
        if e.holds is not None:
            p_value, failed = e.p_value, not e.holds
        else:
            p_value = next(corrected)
            failed = p_value <= context.alpha
            if failed and e.effect is not None and abs(e.effect) <= context.tolerance:
                failed = False
                message += f" (negligible: within the tolerance of {context.tolerance:g})"
        outcomes.append(
            _outcome(
                item.rule,
                item.subject,
                Status.FAIL if failed else Status.PASS,
                part=e.part,
                severity=e.severity or item.rule.severity,
                message=message,
                measured=e.measured,
                expected=e.expected,
                allowed=e.allowed,
                p_value=p_value,
                effect=e.effect,
                n=e.n,
                detectable=e.detectable,
                fix=e.fix,
                location=e.location or item.subject.location,
                histogram=e.histogram,
            )
        )
    return tuple(outcomes)
