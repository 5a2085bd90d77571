"""`embcheck variance-sweep`: what happens to a signal on its way through the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from embcheck.cli.options import takes_settings, without

if TYPE_CHECKING:
    from pathlib import Path

    from embcheck.results import Report
    from embcheck.settings import Settings


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
        float | None,
        typer.Option("--input-std", metavar="X", help="Of the inputs, or of the embeddings of a stream. [default: 1]"),
    ] = None,
    tokens: Annotated[
        int | None, typer.Option("--tokens", metavar="T", help="Length of a transformer's sequence. [default: 16]")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option("--seeds", metavar="R", help="Independent networks of each. [default: 4]")
    ] = None,
    limit: Annotated[
        float | None,
        typer.Option("--limit", metavar="T", help="|ln change over the depth| that counts as stable. [default: 6]"),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="TARGET", help="Your own model: package.module:factory, built once a seed."),
    ] = None,
    kwargs: Annotated[
        str | None, typer.Option("--kwargs", metavar="JSON", help="Keyword arguments for the factory of --model.")
    ] = None,
    inputs: Annotated[
        str | None,
        typer.Option(
            "--input",
            metavar="INPUT",
            help="For --model: file.pt, .npy, .npz, .safetensors, package.module:function, or auto:8,128. "
            "[default: made up from its first layers]",
        ),
    ] = None,
    find_gain: Annotated[
        bool, typer.Option("--find-gain", help="Find the gains that keep each channel, by theory; draw nothing.")
    ] = False,
    widths: Annotated[
        str | None,
        typer.Option("--widths", metavar="N,N,...", help="Fit exponents against width: muP's coordinate check."),
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", metavar="K", help="Optimizer steps of a --widths scan. [default: 3]")
    ] = None,
    optimizer: Annotated[
        str | None, typer.Option("--optimizer", metavar="NAME", help="Of a --widths scan: adam (default), sgd.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option("--rate", metavar="X", help="Learning rate of a --widths scan. [default: 0.01]")
    ] = None,
    parametrization: Annotated[
        str | None, typer.Option("--parametrization", metavar="NAME", help="Of a --widths scan: standard, mup.")
    ] = None,
    backward: Annotated[
        str | None,
        typer.Option("--backward", metavar="HOW", help="tangent, or exact: a true backward pass, singular values."),
    ] = None,
    theory: Annotated[
        str | None,
        typer.Option(
            "--theory", metavar="HOW", help="Drift and spread by recursion, or sampled: networks without weights."
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the channels into FILE.png, .svg or .pdf.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table of layers as CSV.")] = None,
) -> None:
    """Follow signal and gradient through a network.

    Draws real weights with the real initializer, pushes inputs and tangents through, and holds the second moment, the
    variance between inputs and the gradient against exact theory: stable, vanishing, exploding or inconclusive.
    """
    from embcheck.cli import output
    from embcheck.cli.run import execute
    from embcheck.cli.sweep_modes import answer, check_flags
    from embcheck.commands.plot import check_plot

    typed = {
        "depth": depth, "width": width, "init": init, "activation": activation, "gain": gain, "bias": bias,
        "architecture": architecture, "input_std": input_std, "tokens": tokens, "dtype": dtype, "seeds": seeds,
        "limit": limit, "backward": backward, "theory": theory, "plot": plot, "steps": steps, "optimizer": optimizer,
        "rate": rate, "parametrization": parametrization, "widths": widths, "find_gain": find_gain or None,
        "model": model, "kwargs": kwargs, "input": inputs,
    }  # fmt: skip
    given = {name: value for name, value in typed.items() if value is not None and value != []}
    check_flags(given)
    if plot is not None:
        check_plot(plot)
        output.check_writable(plot)
    if csv is not None:
        output.check_writable(csv)
    ask = answer(given, settings)

    def with_files() -> Report:
        report = ask()
        if csv is not None:
            from embcheck.reporters.csv import render

            output.write(csv, render(list(report.tables.values())[-1]))
        return report

    execute(settings, with_files)
