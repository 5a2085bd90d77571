"""What flows out of a check: plain data, without torch and without rich.

A check measures (`Evidence`, or `Skip` with a reason), the runner judges (`Outcome`), a run is a `Report`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Status(str, Enum):
    """How an outcome ended: ``pass``, ``fail``, ``skip`` (with a reason) or ``error`` (the check crashed)."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    SKIP = "skip"
    ERROR = "error"

    def __str__(self) -> str:
        return self.value


class Severity(str, Enum):
    """How much a failed outcome matters; `--fail-on` names the least one that fails the run."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    def __str__(self) -> str:
        return self.value

    @property
    def rank(self) -> int:
        """0 for a note, 1 for a warning, 2 for an error."""
        return ("note", "warning", "error").index(self.value)


class ExitCode(int, Enum):
    """What the process returns; scripts rely on it."""

    OK = 0
    """All hold."""
    FAILURES = 1
    """At least one outcome at or above `--fail-on`."""
    USAGE = 2
    """Bad flags or configuration, a target that cannot be loaded, nothing selected, nothing to check."""
    CRASH = 3
    """embcheck or a check crashed."""


@dataclass(frozen=True)
class Location:
    """A line of a file, as an editor would open it."""

    path: str
    line: int = 1


@dataclass(frozen=True)
class Evidence:
    """What a check measured about a subject: numbers and a sentence, no verdict.

    Exactly one of two shapes. *Certain*: `holds` is True or False. *Statistical*: `holds` is None and `p_value` is the
    chance of at least this much under the law; the runner corrects it for all other p-values of the run and
    compares `effect` with the tolerance.
    """

    message: str
    measured: float | None = None
    expected: float | None = None
    allowed: float | None = None
    p_value: float | None = None
    effect: float | None = None
    """Relative size of the deviation in units of the law (|std ratio - 1|, |mean shift| / std, KS D)."""
    n: int | None = None
    holds: bool | None = None
    histogram: tuple[tuple[float, float], ...] | None = None
    fix: str = ""
    """The line to type to mend it, with the number computed."""
    detectable: float | None = None
    """The smallest effect that this check would have caught at this n, at the run's alpha."""
    part: str = ""
    """Which part of the subject this speaks of ("[3]" for row 3): appended to the subject's name."""
    severity: Severity | None = None
    """Overrides the rule's own severity where the same defect is less certain."""
    location: Location | None = None


@dataclass(frozen=True)
class Skip:
    """A question that could not be asked, with the reason."""

    reason: str
    part: str = ""


@dataclass(frozen=True, repr=False)
class Outcome:
    """Evidence, judged. The fields are the JSON's.

    Attributes:
        code: of the rule, ``INI101``.
        rule: its name, ``wrong-distribution``.
        subject: what was looked at: a tensor's name, or "" for a target as a whole.
        status: pass, fail, skip or error (the check crashed).
        severity: how much it matters if it failed.
        message: one sentence with the numbers.
        measured: what was found...
        expected: ...where this was due...
        allowed: ...and this much would have passed; all three in one unit, that of the message.
        p_value: corrected for every other p-value of the run (Holm); None where the answer is certain.
        effect: relative size of the deviation, what the tolerance is compared with.
        n: how many values were looked at.
        detectable: the smallest effect that would have been caught with probability 0.9.
        fix: the line to type to mend it, or "".
        location: file and line of the model's class or factory, if it has any.
        reason: why it was skipped or crashed, or why a failure was accepted.
        histogram: (centre, count) of each bin where the shape failed, for a picture.
    """

    code: str
    rule: str
    subject: str
    status: Status
    severity: Severity
    message: str = ""
    measured: float | None = None
    expected: float | None = None
    allowed: float | None = None
    p_value: float | None = None
    effect: float | None = None
    n: int | None = None
    detectable: float | None = None
    fix: str = ""
    location: Location | None = None
    reason: str = ""
    histogram: tuple[tuple[float, float], ...] | None = None

    def __repr__(self) -> str:
        """``<fail EMB101 padding-row-not-zero emb.weight: row 0 is not zero>``: what a notebook or a debugger needs."""
        status = self.severity if self.status is Status.FAIL and self.severity is not Severity.ERROR else self.status
        said = (self.reason if self.status is Status.SKIP else self.message) or "-"
        return f"<{status} {self.code} {self.rule} {self.subject}: {said}>"


@dataclass(frozen=True, repr=False)
class Report:
    """All outcomes of a run, and what is needed to run it again.

    Attributes:
        command: the subcommand, ``audit``.
        target: what was looked at, as a user would type it; None where there is no target.
        outcomes: every question and subject, in the order of the subjects.
        tables: lists of row mappings by name, as in the JSON; which ones, the command says.
        settings: what shaped the answers: alpha, tolerance, select, ...
        environment: versions, device and dtype.
        seed: every draw depends on it.
        reproduce: the command line of the same run.
        duration: in seconds.
        fail_on: the least severity that fails the run.
        exit_zero: whether failures leave `exit_code` 0.
        notes: what a reader must know beside the outcomes (a stand-in device, inputs that were made up).
    """

    command: str
    target: str | None
    outcomes: tuple[Outcome, ...]
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    reproduce: str = ""
    duration: float = 0.0
    fail_on: Severity = Severity.ERROR
    exit_zero: bool = False
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """``<Report of audit Tagger: 1 failed, 161 passed (exit 1)>``, and a line for each of ten failures."""
        counts = ", ".join(f"{n} {word}" for word, n in self.summary.items() if n) or "nothing checked"
        told = [o for o in self.outcomes if o.status in (Status.FAIL, Status.ERROR)]
        head = " ".join(filter(None, ("Report of", self.command, self.target)))
        lines = [f"<{head}: {counts} (exit {self.exit_code})>", *(f"  {o!r}" for o in told[:10])]
        return "\n".join([*lines, *([f"  ... {len(told) - 10} more"] if len(told) > 10 else [])])

    @property
    def exit_code(self) -> int:
        """0, 1 or 3 as in `ExitCode`; 2 never comes from a report."""
        if any(o.status is Status.ERROR for o in self.outcomes):
            return int(ExitCode.CRASH)
        if self.exit_zero or not any(self.counts(o) for o in self.outcomes):
            return int(ExitCode.OK)
        return int(ExitCode.FAILURES)

    def counts(self, outcome: Outcome) -> bool:
        """Whether this outcome fails the run."""
        return outcome.status is Status.FAIL and outcome.severity.rank >= self.fail_on.rank

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that failed, of any severity; those that fail the run are the ones that it `counts`."""
        return tuple(o for o in self.outcomes if o.status is Status.FAIL)

    @property
    def summary(self) -> dict[str, int]:
        """How many outcomes ended in which way: keys ``failed``, ``passed``, ``skipped`` and ``errors``."""
        count = {status: sum(o.status is status for o in self.outcomes) for status in Status}
        return {
            "failed": count[Status.FAIL],
            "passed": count[Status.PASS],
            "skipped": count[Status.SKIP],
            "errors": count[Status.ERROR],
        }
