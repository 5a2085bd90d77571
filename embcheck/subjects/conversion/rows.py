"""The rows of the table ``conversions``: one a pitfall, a tensor or a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embcheck.subjects.conversion.border import Item, safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.subject import Subject


def of_pitfall(subject: Subject) -> dict[str, Any]:
    """A row of the stock table; what could not be tried says why in its message."""
    pitfall, tried = subject.facts["pitfall"], subject.value
    row: dict[str, Any] = {
        "group": pitfall.rule,
        "source": pitfall.source,
        "operation": pitfall.operation,
        "device": subject.device,
        "dtype": subject.dtype,
    }
    if isinstance(tried, str):
        row |= {"outcome": "not tried", "exception": "", "message": tried, "safe": pitfall.safe, "verified": False}
    else:
        row |= {
            "outcome": tried.outcome,
            "exception": tried.exception,
            "message": tried.message.strip(),
            "safe": pitfall.safe,
            "verified": tried.verified,
        }
    where = "" if isinstance(tried, str) else tried.verified_on
    return {**row, "verified_on": where, "why": pitfall.why, "setup": pitfall.setup, "proof": pitfall.proof}


def of_crossing(subject: Subject) -> Iterator[dict[str, Any]]:
    """One row for each tensor or array of the group."""
    refusal = subject.facts["refusal"]
    exception, _, message = refusal.partition(": ")
    for item in subject.facts["items"]:
        yield {
            "group": subject.dtype,
            "source": item.name,
            "operation": _plain(item),
            "device": subject.device,
            "dtype": subject.dtype,
            "outcome": "raises" if refusal else "works",
            "exception": exception,
            "message": message,
            "safe": safe_line(item, subject.facts["peers"]),
            "verified": subject.facts["verified"],
        }


def _plain(item: Item) -> str:
    return f"{item.expression}.numpy()" if item.is_tensor else f"torch.from_numpy({item.expression})"


def of_trials(subject: Subject) -> Iterator[dict[str, Any]]:
    """One row for each sample that a function was tried on."""
    for trial in subject.value:
        exception, _, message = trial.exception.partition(": ")
        if not trial.exception and trial.warned:
            exception, message = trial.warned[0]
        outcome = (
            "raises" if trial.exception else "wrong value" if trial.wrong else "warns" if trial.warned else "works"
        )
        yield {
            "source": trial.sample,
            "operation": f"{subject.name}(x)",
            "device": subject.device,
            "dtype": trial.dtype,
            "outcome": outcome,
            "exception": exception,
            "message": trial.wrong or message,
            "safe": trial.safe,
            "verified": False,
        }
