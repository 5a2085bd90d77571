"""`embcheck variance-sweep --widths`: the coordinate check of muP, with a verdict."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from embcheck.commands.environment import environment
from embcheck.commands.networks import COMMAND
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Sequence


def width_scan(
    widths: str | Sequence[int] = (64, 128, 256, 512),
    *,
    depth: int = 3,
    init: str = "default",
    activation: str = "relu",
    bias: float | str | None = None,
    steps: int = 3,
    seeds: int = 5,
    optimizer: str = "adam",
    rate: float = 1e-2,
    parametrization: str = "standard",
    device: str = "cpu",
    dtype: str = "float32",
    seed: int = 0,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str = "error",
    exit_zero: bool = False,
) -> Report:
    """Fit how the coordinates of each layer scale with width, at init and after `steps` optimizer steps.

    Args:
        widths: three or more, as numbers or joined by commas.
        depth: hidden layers.
        init: a function of `torch.nn.init`, or ``default``.
        activation: its name.
        bias: as in `variance_sweep`.
        steps: optimizer steps.
        seeds: independent networks at each width, 2 or more.
        optimizer: adam or sgd.
        rate: learning rate at the smallest width.
        parametrization: standard or mup.
        device: where to train.
        dtype: float32 or float64.
        seed: every draw depends on it.
        select: codes, prefixes or names of the rules to ask.
        ignore: codes, prefixes or names of the rules not to ask.
        fail_on: the least severity that makes `exit_code` 1.
        exit_zero: make `exit_code` 0 where it would be 1.

    Returns:
        a report with the table ``exponents``.

    Raises:
        UsageError: fewer than three widths, or an argument that there is not.
    """
    start = time.perf_counter()
    sizes = _widths(widths)
    if depth < 1 or steps < 0 or seeds < 2:
        raise UsageError(f"A width scan needs depth >= 1, steps >= 0 and seeds >= 2, not {depth}, {steps}, {seeds}.")
    if not (math.isfinite(rate) and rate > 0):
        raise UsageError(f"The learning rate of a width scan is a positive number, not {rate:g}.")
    for name, value, known in (
        ("optimizer", optimizer, ("adam", "sgd")),
        ("parametrization", parametrization, ("standard", "mup")),
        ("dtype", dtype, ("float32", "float64")),
    ):
        if value not in known:
            raise UsageError(f"The {name} of a width scan is {' or '.join(known)}, not {value!r}.")
    rules = tuple(r for r in select_rules(select, ignore) if r.name == "width-exponent")
    if not rules:
        raise UsageError("Nothing to check: a width scan asks VAR111 alone, and it is not selected.")
    from embcheck.propagation.request import configurations

    (c,) = configurations(depth, sizes[0], init, activation, None, bias)

    from embcheck.propagation.measured.width_scan import Scan, scan_widths
    from embcheck.subjects.placement import resolve_device, resolve_dtype
    from embcheck.subjects.state import preserved
    from embcheck.subjects.subject import Subject

    scan = Scan(
        c.activation, c.init, c.bias, sizes, depth, steps, seeds, optimizer, rate, parametrization, seed,
        resolve_device(device), resolve_dtype(dtype),
    )  # fmt: skip
    with preserved():
        exponents = scan_widths(scan)
    name = f"{parametrization} {c.activation.name} {c.init.text} {optimizer}"
    subject = Subject(name, "width-scan", exponents, group="widths", dtype=dtype, device=device)
    return Report(
        command=COMMAND,
        target=None,
        outcomes=run([subject], rules, Context()),
        tables={"exponents": [asdict(e) for e in exponents]},
        settings={"widths": list(sizes), "seeds": seeds, "steps": steps, "rate": rate},
        environment=environment(device, dtype=dtype),
        seed=seed,
        reproduce=command_line(
            COMMAND, widths=sizes, depth=depth, init=init, activation=activation, bias=bias, steps=steps,
            seeds=seeds, optimizer=optimizer, rate=rate, parametrization=parametrization, device=device, dtype=dtype,
            seed=seed,
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
    )  # fmt: skip


def _widths(widths: str | Sequence[int]) -> tuple[int, ...]:
    try:
        parts = widths.split(",") if isinstance(widths, str) else list(widths)
        sizes = tuple(sorted({int(p) for p in parts}))
    except ValueError:
        raise UsageError(f"--widths takes whole numbers joined by commas, as in 64,128,256, not {widths!r}.") from None
    if len(sizes) < 3 or sizes[0] < 2:
        raise UsageError(f"--widths needs three different widths of 2 or more to fit an exponent, not {widths!r}.")
    return sizes
