"""`embcheck audit`: the user's own model or checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from embcheck.cli.options import takes_settings, without

if TYPE_CHECKING:
    from embcheck.results import Report
    from embcheck.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(takes_settings(audit, shared=without("device", "dtype")))


def audit(
    settings: Settings,
    *,
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            help="package.module:factory, or a checkpoint: .safetensors, *.index.json, .pt, .pth, .bin, a folder.",
        ),
    ],
    kwargs: Annotated[
        str | None, typer.Option("--kwargs", metavar="JSON", help="Keyword arguments for the factory.")
    ] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option("--expect", metavar="PATTERN=LAW", help="What tensors should be: '*.bias=zeros()'. Repeatable."),
    ] = None,
    inputs: Annotated[
        str | None,
        typer.Option(
            "--input", metavar="INPUT", help="For one forward pass: file.pt, package.module:function, or auto:8,128."
        ),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option("--reference", metavar="TARGET", help="A checkpoint, or another factory, that it should equal."),
    ] = None,
    optimizer: Annotated[
        str | None,
        typer.Option(
            "--optimizer",
            metavar="FUNCTION",
            help="package.module:function that takes the model and returns what will train it.",
        ),
    ] = None,
    used_ids: Annotated[
        str | None,
        typer.Option(
            "--used-ids",
            metavar="FILE",
            help="Ids that the data looks up: .txt, .json, .npy, .npz, .pt, or a function.",
        ),
    ] = None,
    vectors: Annotated[
        str | None, typer.Option("--vectors", metavar="FILE", help="Word vectors that a table was made from.")
    ] = None,
    vocab: Annotated[
        str | None, typer.Option("--vocab", metavar="FILE", help="The table's words, one a line, in its order.")
    ] = None,
    trained: Annotated[
        bool, typer.Option("--trained", help="It is said to be trained: fresh weights are errors.")
    ] = False,
    no_rebuild: Annotated[
        bool, typer.Option("--no-rebuild", help="Build a factory once only: no test of seeds and memory.")
    ] = False,
    summary: Annotated[bool, typer.Option("--summary", help="One row for the layers of a stack.")] = False,
    write_expect: Annotated[
        str | None,
        typer.Option("--write-expect", metavar="FILE", help="Write today's laws as a declaration to start from."),
    ] = None,
) -> None:
    """Hold a model or checkpoint against what was meant.

    Looks at every tensor and at the model as a whole; a factory is built again with the same seed, another seed and
    poisoned memory. Without a declaration it finds what is certainly wrong, and what is odd beside its peers.
    """
    from embcheck.cli.run import execute
    from embcheck.errors import UsageError

    if not target:
        raise UsageError("An empty target names nothing: give package.module:factory or a checkpoint.")
    if vocab is not None and vectors is None:
        raise UsageError("--vocab names the rows of a table made from --vectors: give both.")
    keywords = None if kwargs is None else json_object("--kwargs", kwargs)
    declared = dict(_expectation(text) for text in expect or ())
    if write_expect is not None:
        from pathlib import Path

        from embcheck.cli.output import check_writable

        check_writable(Path(write_expect))

    def command() -> Report:
        from dataclasses import replace

        from embcheck.commands.audit import audit as look
        from embcheck.commands.declaration import grouped, write

        report = look(
            target,
            inputs=inputs,
            expect=declared,
            reference=reference,
            optimizer=optimizer,
            used_ids=used_ids,
            settings=settings,
            kwargs=keywords,
            vectors=vectors,
            vocab=vocab,
            trained=trained,
            rebuild=not no_rebuild,
        )
        if not report.outcomes:
            raise UsageError(f"Nothing to check in {target}: no selected rule asks about anything that it holds.")
        if write_expect is not None:
            write(report, write_expect)
            said = f"Today's laws are in {write_expect}: read them, then move them to pyproject.toml."
            report = replace(report, notes=(*report.notes, said))
        return grouped(report) if summary else report

    execute(settings, command)


def _expectation(text: str) -> tuple[str, str]:
    from embcheck.errors import UsageError

    pattern, equals, law = text.partition("=")
    if not equals or not pattern.strip() or not law.strip():
        raise UsageError(f"--expect must read PATTERN=LAW, as in '*.bias=zeros()', not {text!r}.")
    return pattern.strip(), law.strip()


def json_object(flag: str, text: str) -> dict[str, Any]:
    """The mapping that a flag holds as JSON.

    Raises:
        UsageError: it is not a JSON object.
    """
    import json

    from embcheck.errors import UsageError

    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{flag} is not JSON ({error}): write it as in '{{\"depth\": 2}}'.") from error
    if not isinstance(found, dict):
        raise UsageError(f"{flag} must be a JSON object, as in '{{\"depth\": 2}}', not {text!r}.")
    return found
