"""`embcheck conversions`: the border between torch and numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from embcheck.cli.options import takes_settings, without

if TYPE_CHECKING:
    from embcheck.results import Report
    from embcheck.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("conversions")(takes_settings(conversions, shared=without("alpha", "tolerance", "dtype")))


def conversions(
    settings: Settings,
    *,
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[TARGET]", help="package.module:name of a model, factory, tensor or conversion function; a file."
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="PATH", help="Scan Python files for conversions that fail. Repeatable."),
    ] = None,
    kwargs: Annotated[
        str | None, typer.Option("--kwargs", metavar="JSON", help="Keyword arguments for the factory.")
    ] = None,
) -> None:
    """Run the pitfalls between torch and numpy.

    Without TARGET: every known pitfall on the requested device, what it does, why, and the line to write instead, run
    and compared. With TARGET: which of its tensors cannot cross as they are. With --source: which lines fail.
    """
    from embcheck.cli.run import execute
    from embcheck.errors import UsageError

    if target is not None and source:
        raise UsageError("Give a TARGET or --source, not both.")
    if target is not None and not target:
        raise UsageError("An empty target names nothing: give package.module:name or a file, or leave it out.")
    keywords = None if kwargs is None else _mapping(kwargs)
    if keywords is not None and target is None:
        raise UsageError("--kwargs are for a TARGET.")

    def command() -> Report:
        from embcheck.commands.conversions import conversions as look

        return look(
            target,
            device=settings.device or "cpu",
            source=tuple(source or ()),
            kwargs=keywords,
            seed=settings.seed,
            select=settings.select,
            ignore=settings.ignore,
            fail_on=settings.fail_on.value,
            exit_zero=settings.exit_zero,
        )

    execute(settings, command)


def _mapping(text: str) -> dict[str, Any]:
    import json

    from embcheck.errors import UsageError

    try:
        found = json.loads(text)
    except ValueError as error:
        raise UsageError(f"--kwargs is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise UsageError(f"--kwargs must be a JSON object, as in '{{\"depth\": 2}}', not {text!r}.")
    return found
