"""Answers that every rule of this family gives alike: a row of the table, a trial of a function, a line of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Location, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.subject import Subject


def answers(subject: Subject, rule: str) -> Iterator[Evidence | Skip]:
    """What the rule has to say of a subject of kind "pitfall", "converter" or "line"; nothing if it is another's."""
    if subject.kind == "pitfall" and subject.group == rule:
        yield _row(subject)
    elif subject.kind == "converter":
        yield from _trials(subject, rule)
    elif subject.kind == "line":
        yield from _line(subject, rule)


def _row(subject: Subject) -> Evidence | Skip:
    """A row holds if torch and numpy did what is known of them and the safe line was verified.

    That a pitfall exists is no failure; that it changed, or that the advice is wrong, is one.
    """
    if isinstance(subject.value, str):
        return Skip(subject.value)
    tried = subject.value
    seen = f"{tried.outcome} {tried.exception}".strip() + (f": {_short(tried.message)}" if tried.message else "")
    if not tried.as_known:
        known = tried.pitfall.expected
        return Evidence(
            f"{tried.pitfall.operation} is known to be: {known.outcome} {known.exception}".rstrip()
            + f"; this torch and numpy: {seen}",
            holds=False,
            severity=Severity.ERROR,
            fix=tried.pitfall.safe,
        )
    if not tried.verified:
        return Evidence(
            f"the line to write instead, {tried.pitfall.safe}, does not hold here: {_short(tried.objection)}",
            holds=False,
            severity=Severity.ERROR,
        )
    return Evidence(f"{seen} ({tried.pitfall.why})", holds=True, fix=tried.pitfall.safe)


def _trials(subject: Subject, rule: str) -> Iterator[Evidence]:
    """A sample that it refuses is the rule's own severity; one that comes out wrong without a word is an error."""
    for trial in subject.value:
        if trial.rule != rule:
            continue
        if trial.exception:
            yield Evidence(
                f"{trial.sample} makes it raise {trial.exception}",
                holds=False,
                part=f"({trial.sample})",
                fix=trial.safe,
            )
        elif trial.wrong:
            yield Evidence(
                f"{trial.sample} comes out wrong, without a word: {trial.wrong}",
                holds=False, severity=Severity.ERROR, part=f"({trial.sample})", fix=trial.safe,
            )  # fmt: skip
        else:
            yield Evidence(f"{trial.sample} comes out right", holds=True, part=f"({trial.sample})")


def warned(subject: Subject, *fragments: str) -> Iterator[Evidence]:
    """A trial of the function that gave a warning with one of these fragments, once."""
    if subject.kind != "converter":
        return
    for trial in subject.value:
        for category, text in trial.warned:
            if any(fragment in text for fragment in fragments):
                yield Evidence(f"{trial.sample} makes it warn: {category}: {_short(text)}", holds=False)
                return
    yield Evidence("no sample makes it warn of this", holds=True)


def _line(subject: Subject, rule: str) -> Iterator[Evidence]:
    """What the scan of a source file found on a line."""
    for hit in subject.value:
        if hit.rule == rule:
            yield Evidence(
                hit.message,
                holds=hit.sound,
                severity=Severity(hit.severity),
                fix=hit.fix,
                location=Location(hit.path, hit.line),
                part=f":{hit.line}",
            )


def _short(text: str) -> str:
    """The first sentence of a message, without line ends."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 200 else plain[:197] + "..."


def obstacle(
    subject: Subject, stands: bool, what: str, clear: str, *, severity: Severity | None = None, fix: str = ""
) -> Evidence:
    """Evidence on a group of the user's own tensors or arrays that all meet, or do not meet, the same obstacle.

    Args:
        subject: of kind "crossing".
        stands: whether the obstacle is there.
        what: what it is, as the end of a sentence: ``on cuda:0``.
        clear: the sentence if it is not there.
        severity: instead of the rule's own.
        fix: instead of the line that takes the tensor across, where the way across is not what is wrong.
    """
    count = len(subject.facts["items"])
    if not stands:
        return Evidence(clear, holds=True, n=count)
    refusal, line = subject.facts["refusal"], subject.facts["safe"]
    if fix:
        refusal, line = "", ""
    said = f": the plain conversion says {refusal}" if refusal else ""
    checked = " (run and compared here)" if subject.facts["verified"] else ""
    which = "it is" if count == 1 else f"these {count} are"
    return Evidence(
        f"{which} {what}{said}", holds=False, n=count, fix=fix or (line and line + checked), severity=severity
    )
