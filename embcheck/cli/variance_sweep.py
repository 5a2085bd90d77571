"""`embcheck variance-sweep`: what happens to a signal on its way through the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from embcheck.cli.options import takes_settings, without

if TYPE_CHECKING:
    from pathlib import Path

    from embcheck.results import Report
    from embcheck.settings import Settings

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("variance-sweep")(takes_settings(variance_sweep, shared=without("tolerance", "dtype")))


def variance_sweep(
    settings: Settings,
    *,
    depth: Annotated[
        list[int] | None, typer.Option("--depth", metavar="N", help="Layers or blocks. Repeatable. [default: 50]")
    ] = None,
    width: Annotated[
        list[str] | None,
        typer.Option("--width", metavar="N[,N...]", help="Units, or a list of widths, input first. Repeatable. [512]"),
    ] = None,
    init: Annotated[
        list[str] | None,
        typer.Option(
            "--init",
            metavar="NAME",
            help="kaiming_normal, orthogonal, 'normal(0, 0.02)', default (nn.Linear's own), ... Repeatable.",
        ),
    ] = None,
    activation: Annotated[
        list[str] | None,
        typer.Option("--activation", metavar="NAME", help="relu, gelu, 'leaky_relu(0.2)', swiglu, ... Repeatable."),
    ] = None,
    gain: Annotated[
        list[str] | None,
        typer.Option("--gain", metavar="X", help="A number, auto (calculate_gain) or exact. Repeatable."),
    ] = None,
    bias: Annotated[
        list[str] | None,
        typer.Option("--bias", metavar="X", help="Standard deviation, 'default' or a call. Repeatable. [default: 0]"),
    ] = None,
    dtype: Annotated[
        list[str] | None,
        typer.Option("--dtype", metavar="DTYPE", help="float32, float64, bfloat16, float16. Repeatable."),
    ] = None,
    architecture: Annotated[
        list[str] | None,
        typer.Option(
            "--architecture",
            metavar="NAME",
            help="mlp, residual, residual-scaled, residual-zero, pre-norm, post-norm, conv, transformer, "
            "transformer-scaled (GPT-2's), transformer-post-norm. Repeatable.",
        ),
    ] = None,
    input_std: Annotated[
        float, typer.Option("--input-std", metavar="X", help="Of the inputs, or of the embeddings that start a stream.")
    ] = 1.0,
    tokens: Annotated[int, typer.Option("--tokens", metavar="T", help="Length of a transformer's sequence.")] = 16,
    seeds: Annotated[int, typer.Option("--seeds", metavar="R", help="Independent networks of each configuration.")] = 4,
    limit: Annotated[
        float, typer.Option("--limit", metavar="T", help="|ln change over the depth| that counts as stable.")
    ] = 6.0,
    find_gain: Annotated[
        bool, typer.Option("--find-gain", help="Find the gains that keep each channel, by theory; draw nothing.")
    ] = False,
    widths: Annotated[
        str | None,
        typer.Option("--widths", metavar="N,N,...", help="Fit exponents against width: muP's coordinate check."),
    ] = None,
    steps: Annotated[int, typer.Option("--steps", metavar="K", help="Optimizer steps of a --widths scan.")] = 3,
    optimizer: Annotated[
        str, typer.Option("--optimizer", metavar="NAME", help="Of a --widths scan: adam, sgd.")
    ] = "adam",
    rate: Annotated[float, typer.Option("--rate", metavar="X", help="Learning rate of a --widths scan.")] = 0.01,
    parametrization: Annotated[
        str, typer.Option("--parametrization", metavar="NAME", help="Of a --widths scan: standard, mup.")
    ] = "standard",
    backward: Annotated[
        str, typer.Option("--backward", metavar="HOW", help="tangent, or exact: a true backward pass beside it.")
    ] = "tangent",
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the channels into FILE.png, .svg or .pdf.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table of layers as CSV.")] = None,
) -> None:
    """Follow signal and gradient through a network.

    Draws real weights with the real initializer, pushes inputs and tangents through, and holds the second moment, the
    variance between inputs and the gradient against exact theory: stable, vanishing, exploding or inconclusive.
    """
    from embcheck.cli import output, progress
    from embcheck.cli.run import execute
    from embcheck.commands.plot import check_plot

    if plot is not None:
        check_plot(plot)
        output.check_writable(plot)
    if csv is not None:
        output.check_writable(csv)

    def command() -> Report:
        if widths is not None:
            from embcheck.commands.width_scan import width_scan as scan

            return scan(
                widths=widths,
                depth=_one("--depth", depth, 3),
                init=_one("--init", init, "default"),
                activation=_one("--activation", activation, "relu"),
                bias=_one("--bias", bias, "") or None,
                steps=steps,
                seeds=max(2, seeds),
                optimizer=optimizer,
                rate=rate,
                parametrization=parametrization,
                device=settings.device or "cpu",
                dtype=_one("--dtype", dtype, settings.dtype or "float32"),
                seed=settings.seed,
                select=settings.select,
                ignore=settings.ignore,
                fail_on=settings.fail_on.value,
                exit_zero=settings.exit_zero,
            )
        if find_gain:
            from embcheck.commands.find_gain import find_gain as find

            return find(
                depth=depth or 50, width=width or 512, init=init or "kaiming_normal", activation=activation or "relu",
                bias=bias, limit=limit, fail_on=settings.fail_on.value, exit_zero=settings.exit_zero,
            )  # fmt: skip
        from embcheck.commands.variance_sweep import variance_sweep as sweep

        return sweep(
            depth=depth or None,
            width=width or 512,
            init=init or "kaiming_normal",
            activation=activation or "relu",
            gain=gain or None,
            bias=bias or None,
            architecture=architecture or "mlp",
            seeds=seeds,
            limit=limit,
            backward=backward,
            device=settings.device or "cpu",
            dtype=dtype or settings.dtype or "float32",
            input_std=input_std,
            tokens=tokens,
            seed=settings.seed,
            alpha=settings.alpha,
            select=settings.select,
            ignore=settings.ignore,
            fail_on=settings.fail_on.value,
            exit_zero=settings.exit_zero,
            plot=plot,
            observe=progress.tell,
        )

    def with_files() -> Report:
        report = command()
        if csv is not None:
            from embcheck.reporters.csv import render

            output.write(csv, render(list(report.tables.values())[-1]))
        return report

    execute(settings, with_files)


def _one(flag: str, given: list[T] | None, default: T) -> T:
    """A width scan varies the width alone."""
    from embcheck.errors import UsageError

    if given and len(given) > 1:
        raise UsageError(f"{flag} can be given once with --widths: a width scan varies the width alone.")
    return given[0] if given else default
