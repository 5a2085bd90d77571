"""`embcheck init-stats`: what torch draws, checked on the requested device."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from embcheck.cli.options import takes_settings, without

if TYPE_CHECKING:
    from embcheck.results import Report
    from embcheck.settings import Settings

INITIALIZERS = (
    "uniform", "normal", "trunc_normal", "constant", "ones", "zeros", "eye", "dirac", "xavier_uniform",
    "xavier_normal", "kaiming_uniform", "kaiming_normal", "orthogonal", "sparse",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init-stats")(takes_settings(init_stats, shared=without("tolerance")))


def init_stats(
    settings: Settings,
    *,
    num_embeddings: Annotated[
        int | None, typer.Option("--num-embeddings", metavar="N", help="Rows of the embedding table.")
    ] = None,
    embedding_dim: Annotated[
        int | None, typer.Option("--embedding-dim", metavar="N", help="Columns of the embedding table.")
    ] = None,
    padding_idx: Annotated[
        int | None, typer.Option("--padding-idx", metavar="I", help="Row that padding ids name; may be negative.")
    ] = None,
    shape: Annotated[
        str | None, typer.Option("--shape", metavar="N,N[,...]", help="Shape that the initializers fill: 512,256.")
    ] = None,
    gain: Annotated[float | None, typer.Option("--gain", metavar="X", help="Gain of xavier and orthogonal.")] = None,
    init: Annotated[
        list[str] | None,
        typer.Option("--init", metavar="NAME", help="Only this function of torch.nn.init. Repeatable."),
    ] = None,
) -> None:
    """Check what torch itself draws.

    Draws real tensors on the requested device (embeddings, initializers, layer defaults, constructors) and holds each
    against the law that its documentation promises.
    """
    from embcheck.cli.run import execute
    from embcheck.errors import UsageError
    from embcheck.values import real

    for flag, size in (("--num-embeddings", num_embeddings), ("--embedding-dim", embedding_dim)):
        if size is not None and size < 1:
            raise UsageError(f"{flag} must be 1 or larger, not {size}.")
    if padding_idx is not None and num_embeddings is not None and not -num_embeddings <= padding_idx < num_embeddings:
        raise UsageError(
            f"--padding-idx {padding_idx} is out of range for {num_embeddings} embeddings: choose from "
            f"{-num_embeddings} to {num_embeddings - 1}."
        )
    sizes = None if shape is None else _shape(shape)
    gained = None if gain is None else real("--gain", gain)
    names = tuple(_initializer(name) for name in init or ())

    def command() -> Report:
        from embcheck.commands.init_stats import init_stats as draw

        return draw(
            device=settings.device or "cpu",
            dtype=settings.dtype or "float32",
            seed=settings.seed,
            alpha=settings.alpha,
            num_embeddings=num_embeddings,
            embedding_dim=embedding_dim,
            padding_idx=padding_idx,
            shape=sizes,
            gain=gained,
            init=names,
            select=settings.select,
            ignore=settings.ignore,
            fail_on=settings.fail_on.value,
            exit_zero=settings.exit_zero,
        )

    execute(settings, command)


def _shape(text: str) -> tuple[int, ...]:
    from embcheck.errors import UsageError

    parts = [part for part in re.split(r"[,xX\s]+", text.strip("()[] ")) if part]
    if not parts or not all(re.fullmatch(r"-?[0-9]{1,15}", part) for part in parts):
        raise UsageError(f"--shape must be whole numbers joined by commas, as in 512,256, not {text!r}.")
    sizes = tuple(int(part) for part in parts)
    if min(sizes) < 1:
        raise UsageError(f"--shape must have sizes of 1 or larger, not {min(sizes)}.")
    if len(sizes) < 2:
        raise UsageError(f"--shape needs two sizes or more, as in 512,256: fans are not defined for {text!r}.")
    return sizes


def _initializer(name: str) -> str:
    """The name without `torch.nn.init.`, `nn.init.` and the trailing underscore."""
    from difflib import get_close_matches

    from embcheck.errors import UsageError

    bare = name.rpartition(".")[2].removesuffix("_")
    if bare not in INITIALIZERS:
        near = get_close_matches(bare, INITIALIZERS, 3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(INITIALIZERS)}."
        raise UsageError(f"torch.nn.init has no initializer {name!r}: {hint}")
    return bare
