"""Finds silent initialization bugs in PyTorch models, and gates CI on them.

Everything public is found here and imported on first use (PEP 562): `import embcheck` imports neither torch nor scipy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embcheck.commands.audit import audit
    from embcheck.commands.compare import compare
    from embcheck.commands.conversions import conversions
    from embcheck.commands.identify import check, identify
    from embcheck.commands.init_stats import init_stats
    from embcheck.commands.variance_sweep import variance_sweep
    from embcheck.errors import UsageError
    from embcheck.results import Outcome, Report, Severity, Status

__version__ = "0.1.0"

_HOMES = {
    "Outcome": "embcheck.results",
    "Report": "embcheck.results",
    "Severity": "embcheck.results",
    "Status": "embcheck.results",
    "UsageError": "embcheck.errors",
    "audit": "embcheck.commands.audit",
    "check": "embcheck.commands.identify",
    "compare": "embcheck.commands.compare",
    "conversions": "embcheck.commands.conversions",
    "identify": "embcheck.commands.identify",
    "init_stats": "embcheck.commands.init_stats",
    "variance_sweep": "embcheck.commands.variance_sweep",
}

__all__ = [
    "Outcome",
    "Report",
    "Severity",
    "Status",
    "UsageError",
    "__version__",
    "audit",
    "check",
    "compare",
    "conversions",
    "identify",
    "init_stats",
    "variance_sweep",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
