"""The answers: one file a format, each a function `render(report, style) -> str` without torch."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

from embcheck.reporters.style import Style

if TYPE_CHECKING:
    from embcheck.results import Report

FORMATS = ("rich", "text", "json", "junit", "sarif", "github", "markdown", "html")


def render(form: str, report: Report, style: Style | None = None) -> str:
    """The report in one of `FORMATS`; only that format's libraries are imported."""
    module = importlib.import_module(f"embcheck.reporters.{form}")
    return cast("str", module.render(report, style or Style()))
