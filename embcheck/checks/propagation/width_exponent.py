"""Activations grow or shrink with the width of the network.

## What it checks
The mean absolute coordinate of every layer and of the output, at init and after a few optimizer steps, at several
widths: the exponent of the width in it.

## Why it matters
A learning rate tuned on a narrow network transfers to a wide one only if a step moves activations by as much there
(Yang et al. 2022). In the standard parametrization with Adam it does not: after one step the coordinates of the
second layer grow like width^0.4, the output like width^1.6.

## How it decides
The slope of log2 mean|h| on log2 width, fitted for each seed; its 95% t-interval over seeds against ±0.15 (a factor
of 1.5 over four doublings): inside holds, outside fails, across is skipped as inconclusive. At init the output may
shrink like width^-0.5, as maximal-update parametrization wants it. Seeds share nothing but the data's law, so that
the interval covers in 95% of cases.

## How to fix
Maximal-update parametrization: `--parametrization mup` shows the same network with learning rates of hidden and output
weights divided by the width and an output drawn with std 1/width.

## Example
`embcheck variance-sweep --widths 64,128,256,512` with nn.Linear's default and Adam.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.measured.width_scan import Exponent
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"width-scan"})
ALLOWED = 0.15


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """One piece of evidence for each layer and step."""
    exponents: tuple[Exponent, ...] = subject.value
    for e in exponents:
        part = f" {e.layer} step {e.step}"
        interval = f"width^{e.exponent:+.2f} (95% {e.low:+.2f} to {e.high:+.2f})"
        if e.verdict == "inconclusive":
            yield Skip(
                f"inconclusive: mean |coordinate| goes as {interval}; more seeds or widths would tell", part=part
            )
            continue
        yield Evidence(
            f"mean |coordinate| goes as {interval}",
            measured=e.exponent,
            expected=0.0,
            allowed=ALLOWED,
            holds=e.verdict == "stable",
            part=part,
            fix="" if e.verdict == "stable" else "embcheck variance-sweep --widths ... --parametrization mup",
        )
