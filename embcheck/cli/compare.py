"""`embcheck compare`: two targets, tensor by tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from embcheck.cli.options import takes_settings, without

if TYPE_CHECKING:
    from embcheck.results import Report
    from embcheck.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(takes_settings(compare, shared=without("device", "dtype")))


def compare(
    settings: Settings,
    *,
    a: Annotated[str, typer.Argument(metavar="A", help="package.module:factory or a checkpoint.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The same, to compare with.")],
    kwargs: Annotated[
        str | None, typer.Option("--kwargs", metavar="JSON", help="Keyword arguments for the factory A.")
    ] = None,
    kwargs_b: Annotated[
        str | None, typer.Option("--kwargs-b", metavar="JSON", help="Keyword arguments for the factory B.")
    ] = None,
    seed_b: Annotated[
        int | None, typer.Option("--seed-b", metavar="N", help="Build B with this seed. [default: that of A]")
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Tensors must be equal, not only of one law.")] = False,
) -> None:
    """Compare two models or checkpoints.

    Tensor by tensor: what is missing, what differs, what follows another law.
    """
    from embcheck.cli.audit import json_object
    from embcheck.cli.run import execute

    first = None if kwargs is None else json_object("--kwargs", kwargs)
    second = None if kwargs_b is None else json_object("--kwargs-b", kwargs_b)

    def command() -> Report:
        from embcheck.commands.compare import compare as look

        return look(a, b, settings=settings, kwargs=first, kwargs_b=second, seed_b=seed_b, exact=exact)

    execute(settings, command)
