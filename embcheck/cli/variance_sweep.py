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
D = TypeVar("D")


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
    from embcheck.cli import output, progress
    from embcheck.cli.audit import json_object
    from embcheck.cli.run import execute
    from embcheck.cli.sweep_modes import check_flags
    from embcheck.commands.plot import check_plot

    check_flags({
        "--depth": depth, "--width": width, "--init": init, "--activation": activation, "--gain": gain, "--bias": bias,
        "--architecture": architecture, "--input-std": input_std, "--tokens": tokens, "--dtype": dtype,
        "--seeds": seeds, "--limit": limit, "--backward": backward, "--theory": theory, "--plot": plot,
        "--steps": steps, "--optimizer": optimizer, "--rate": rate, "--parametrization": parametrization,
        "--widths": widths, "--find-gain": find_gain, "--model": model, "--kwargs": kwargs, "--input": inputs,
    })  # fmt: skip
    if plot is not None:
        check_plot(plot)
        output.check_writable(plot)
    if csv is not None:
        output.check_writable(csv)
    keywords = None if kwargs is None else json_object("--kwargs", kwargs)

    def command() -> Report:
        if model is not None:
            from embcheck.commands.model_sweep import model_sweep

            return model_sweep(
                model, inputs=inputs, kwargs=keywords, seeds=4 if seeds is None else seeds, limit=limit,
                device=settings.device, dtype=_one("--dtype", dtype, settings.dtype), seed=settings.seed,
                alpha=settings.alpha, select=settings.select, ignore=settings.ignore, fail_on=settings.fail_on.value,
                exit_zero=settings.exit_zero, plot=plot, observe=progress.tell,
            )  # fmt: skip
        if widths is not None:
            from embcheck.commands.width_scan import width_scan as scan

            return scan(
                widths=widths,
                depth=_one("--depth", depth, 3),
                init=_one("--init", init, "default"),
                activation=_one("--activation", activation, "relu"),
                bias=_one("--bias", bias, None),
                steps=3 if steps is None else steps,
                seeds=5 if seeds is None else seeds,
                optimizer=optimizer or "adam",
                rate=0.01 if rate is None else rate,
                parametrization=parametrization or "standard",
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
                bias=bias or None, architecture=architecture or "mlp",
                input_std=1.0 if input_std is None else input_std,
                limit=6.0 if limit is None else limit, select=settings.select, ignore=settings.ignore,
                fail_on=settings.fail_on.value, exit_zero=settings.exit_zero,
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
            seeds=4 if seeds is None else seeds,
            limit=6.0 if limit is None else limit,
            backward=backward or "tangent",
            theory=theory or "recursion",
            device=settings.device or "cpu",
            dtype=dtype or settings.dtype or "float32",
            input_std=1.0 if input_std is None else input_std,
            tokens=16 if tokens is None else tokens,
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


def _one(flag: str, given: list[T] | None, default: D) -> T | D:
    """A width scan varies the width alone."""
    from embcheck.errors import UsageError

    if given and len(given) > 1:
        raise UsageError(f"{flag} can be given once with --widths: a width scan varies the width alone.")
    return given[0] if given else default
