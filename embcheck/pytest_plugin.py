"""The pytest plugin: the fixture `embcheck` audits a model and fails the test with what was found.

    def test_initialization(embcheck):
        embcheck(make_model, expect={"*.emb.weight": "normal(0, 0.02)"})

`assert_sound` is the same as a function; it also takes a finished `Report`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from embcheck.results import Report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(name="embcheck", scope="session")
def _embcheck(pytestconfig: pytest.Config) -> Callable[..., Report]:
    """`assert_sound`, with the settings of the project under test."""

    def embcheck(target: Any, **options: Any) -> Report:
        __tracebackhide__ = True
        return assert_sound(target, directory=pytestconfig.rootpath, **options)

    return embcheck


def assert_sound(target: Any, *, directory: Path | None = None, **options: Any) -> Report:
    """Audit `target` and raise unless everything holds.

    Args:
        target: what `embcheck.audit` takes, or a `Report` that is judged as it stands.
        directory: where the search for the configuration starts; the working directory by default.
        options: keyword arguments of `embcheck.audit`.

    Returns:
        the report.

    Raises:
        AssertionError: an outcome fails the run or a check crashed; the message shows them.
        UsageError: the target, an option or the configuration cannot be used.
    """
    __tracebackhide__ = True
    report = target if isinstance(target, Report) else _audit(target, directory, options)
    if report.exit_code:
        from embcheck.reporters import render
        from embcheck.reporters.style import Style

        raise AssertionError("embcheck: not sound\n\n" + render("rich", report, Style(verbosity=-1)))
    return report


def _audit(target: Any, directory: Path | None, options: dict[str, Any]) -> Report:
    from embcheck import ignores
    from embcheck.commands.audit import audit
    from embcheck.settings import load

    settings = options.pop("settings", None) or load(directory=directory)
    report = audit(target, settings=settings, **options)
    return ignores.apply(report, settings)
