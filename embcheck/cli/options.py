"""The flags that commands share, declared once; `takes_settings` adds them to a command and hands over `Settings`."""

from __future__ import annotations

import functools
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# parameter name -> annotation; every default is None, so that "not given" can be told from any value
PRINTING: dict[str, Any] = {
    "output": Annotated[
        list[str] | None,
        typer.Option(
            "-o", "--output", metavar="FORMAT[=PATH]",
            help="rich, text, json, junit, sarif, github, markdown or html; to PATH or to stdout. Repeatable.",
        ),
    ],
    "quiet": Annotated[
        int | None, typer.Option("-q", "--quiet", count=True, help="Failures only; -qq prints nothing.")
    ],
    "verbose": Annotated[
        int | None, typer.Option("-v", "--verbose", count=True, help="Passes too; -vv also how each was decided.")
    ],
    "color": Annotated[str | None, typer.Option("--color", metavar="WHEN", help="auto, always or never.")],
}  # fmt: skip

RUNNING: dict[str, Any] = {
    "seed": Annotated[int | None, typer.Option("--seed", metavar="N", help="Seed of every draw. [default: 0]")],
    "alpha": Annotated[
        float | None,
        typer.Option("--alpha", metavar="P", help="Chance that a run over sound weights fails. [default: 0.001]"),
    ],
    "tolerance": Annotated[
        float | None, typer.Option("--tolerance", metavar="X", help="Relative deviation that is still accepted.")
    ],
    "device": Annotated[
        str | None, typer.Option("--device", metavar="DEVICE", help="cpu, cuda, cuda:1, mps, xpu, ...")
    ],
    "dtype": Annotated[str | None, typer.Option("--dtype", metavar="DTYPE", help="float32, bfloat16, ...")],
    "select": Annotated[
        list[str] | None, typer.Option("--select", metavar="CODE", help="Only these rules, by code, prefix or name.")
    ],
    "ignore": Annotated[list[str] | None, typer.Option("--ignore", metavar="CODE", help="Not these rules.")],
    "extend_select": Annotated[
        list[str] | None, typer.Option("--extend-select", metavar="CODE", help="These beside the configured ones.")
    ],
    "extend_ignore": Annotated[
        list[str] | None, typer.Option("--extend-ignore", metavar="CODE", help="Nor these, beside the configured ones.")
    ],
    "fail_on": Annotated[
        str | None,
        typer.Option("--fail-on", metavar="SEVERITY", help="Least severity that fails: error, warning or note."),
    ],
    "exit_zero": Annotated[
        bool | None, typer.Option("--exit-zero", help="Exit with 0 in place of 1. Changes nothing else.")
    ],
    "baseline": Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Failures listed here are accepted.")
    ],
    "write_baseline": Annotated[
        bool | None, typer.Option("--write-baseline", help="Accept what fails now: write it to --baseline FILE.")
    ],
    "config": Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="Read [tool.embcheck] from FILE.")
    ],
    **PRINTING,
    "no_progress": Annotated[bool | None, typer.Option("--no-progress", help="Never animate.")],
}  # fmt: skip


def without(*names: str) -> dict[str, Any]:
    """The flags of `RUNNING` but these: a command offers no flag that it would not heed."""
    return {name: annotation for name, annotation in RUNNING.items() if name not in names}


def takes_settings(
    command: Callable[..., None] | None = None, *, shared: Mapping[str, Any] = RUNNING
) -> Callable[..., Any]:
    """Decorate `command(settings, own flags...)`: typer sees its own flags, then the shared ones.

    Flags are laid over configuration and variables, and all are checked, before `command` is entered.
    """
    if command is None:
        return functools.partial(takes_settings, shared=shared)

    @functools.wraps(command)
    def wrapper(**given: Any) -> None:
        from embcheck.settings import load

        flags = {name: given.pop(name) for name in shared}  # typer hands over every parameter
        command(load(_keys(flags), config=flags.get("config")), **given)

    # commands import these names for type checkers alone, so that declaring a command imports nothing heavy
    names = {"Settings": object, "Path": Path}
    hints = get_type_hints(command, localns=names, include_extras=True)
    own = [p for p in inspect.signature(command).parameters.values() if p.name != "settings"]
    added = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in shared]
    ordered = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[p.name]) for p in own]
    ordered += [p.replace(annotation=shared[p.name]) for p in added]
    wrapper.__signature__ = inspect.Signature(ordered)  # type: ignore[attr-defined]  # what typer reads
    wrapper.__annotations__ = {p.name: p.annotation for p in ordered}
    del wrapper.__wrapped__  # else typer would look through to the bare command
    return wrapper


def _keys(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Flags as keys of the configuration; what was not given is left out."""
    keys = {
        name.replace("_", "-"): value
        for name, value in flags.items()
        if name not in ("quiet", "verbose", "config", "no_progress") and value not in (None, [], ())
    }
    quiet, verbose = flags.get("quiet") or 0, flags.get("verbose") or 0
    if quiet or verbose:
        keys["verbosity"] = max(-2, min(2, verbose - quiet))
    if flags.get("no_progress"):
        keys["progress"] = False
    return keys
