"""What the commands on a user's own targets may be told: keyword arguments over settings over defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError
from embcheck.results import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Options:
    """Keyword arguments win over `settings` (a `Settings`, or a mapping of its fields), and that over defaults.

    Raises:
        UsageError: a number out of its range, or an unknown severity.
    """

    def __init__(  # noqa: PLR0917
        self,
        settings: Any,
        seed: int | None,
        alpha: float | None,
        tolerance: float | None,
        select: Sequence[str] | None,
        ignore: Sequence[str] | None,
        fail_on: str | None,
        exit_zero: bool | None,
        tolerance_default: float,
    ) -> None:
        def pick(given: Any, name: str, default: Any) -> Any:
            if given is not None:
                return given
            found = settings.get(name) if isinstance(settings, dict) else getattr(settings, name, None)
            return default if found is None else found

        self.seed: int = pick(seed, "seed", 0)
        self.alpha: float = pick(alpha, "alpha", 1e-3)
        self.tolerance: float = pick(tolerance, "tolerance", tolerance_default)
        self.select: Sequence[str] = pick(select, "select", ())
        self.ignore: Sequence[str] = pick(ignore, "ignore", ())
        self.exit_zero: bool = pick(exit_zero, "exit_zero", False)
        self.expect: Mapping[str, Any] = pick(None, "expect", {})
        named = pick(fail_on, "fail_on", "error")
        self.fail_on = str(named)
        if self.fail_on not in {s.value for s in Severity}:
            raise UsageError(f"fail_on is error, warning or note, not {named!r}.")
        if not 0 < self.alpha < 1:
            raise UsageError(f"alpha is a probability between 0 and 1, not {self.alpha:g}.")
        if not self.tolerance >= 0:
            raise UsageError(f"tolerance is a relative deviation of 0 or more, not {self.tolerance:g}.")

    def echo(self) -> dict[str, Any]:
        """What shapes the answers, as a report keeps it."""
        return {
            "alpha": self.alpha,
            "tolerance": self.tolerance,
            "select": list(self.select),
            "ignore": list(self.ignore),
            "fail_on": self.fail_on,
            "expect": {k: str(v) for k, v in self.expect.items()},
        }
