"""A report with every status, every severity and names that mean harm, made by hand."""

from __future__ import annotations

import pytest

from embcheck.results import Location, Outcome, Report, Severity, Status

PADDING = Outcome(
    "EMB101", "padding-row-not-zero", "emb.weight[0]", Status.FAIL, Severity.ERROR,
    "The padding row is not zero.", measured=0.98, expected=0.0, allowed=0.0, n=64,
    fix="emb.weight.data[0].zero_()", location=Location("net.py", 12),
)  # fmt: skip
SCALE = Outcome(
    "INI101", "wrong-distribution", "fc.weight", Status.FAIL, Severity.WARNING,
    "Values do not follow normal(0, 0.02).", p_value=1.3e-9, effect=0.05, n=1_000_000, detectable=0.0012,
    histogram=((-0.1, 3.0), (0.0, 9.0), (0.1, 4.0)),
)  # fmt: skip
PASSED = Outcome(
    "INI101", "wrong-distribution", "::set-output name=a::b", Status.PASS, Severity.ERROR,
    "Values follow uniform(0, 1).", p_value=0.5, n=3, detectable=0.7,
)  # fmt: skip
SKIPPED = Outcome(
    "EMB106", "logit-scale", "[red]x</script>", Status.SKIP, Severity.ERROR, reason="ignored: scaled in forward"
)
CRASHED = Outcome(
    "WGT101", "not-finite", "a\x1b[31m\nb", Status.ERROR, Severity.ERROR,
    "The check crashed: ValueError: boom", reason="Traceback (most recent call last):\n  boom\nValueError: boom",
)  # fmt: skip
DRAWS = [
    {"group": "Embedding", "subject": "Embedding(5, 9)", "law": "N(0, 1²)", "n": 45, "mean": 0.0012, "std": 1.001,
     "min": -2.5, "max": 2.25, "d": 0.03, "p_value": 1.0, "verdict": "pass"},
    {"group": "Embedding", "subject": "[bold]row", "law": "N(0, 1²)", "n": 9, "mean": -0.2, "std": float("nan"),
     "min": -1.0, "max": 1.0, "d": None, "p_value": None, "verdict": "fail"},
    {"group": "torch.nn.init", "subject": "eye", "law": "eye()", "n": 1_000_000, "mean": 0.001, "std": 0.0316,
     "min": 0.0, "max": 1.0, "d": None, "p_value": None, "verdict": "skip"},
]  # fmt: skip


@pytest.fixture
def report() -> Report:
    """One failure, one warning, one pass, one skip, one crash."""
    return Report(
        command="audit",
        target="net:make",
        outcomes=(PADDING, SCALE, PASSED, SKIPPED, CRASHED),
        tables={"draws": DRAWS},
        settings={"alpha": 0.001, "select": [], "ignore": []},
        environment={"python": "3.11.7", "torch": "2.13.0", "device": "cpu"},
        reproduce="embcheck audit net:make --seed 0",
        duration=2.13,
        notes=("inputs were made up",),
    )


@pytest.fixture
def sound(report: Report) -> Report:
    """The pass and the skip alone."""
    return Report("audit", "net:make", (PASSED, SKIPPED), reproduce=report.reproduce, duration=0.25)
