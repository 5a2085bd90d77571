"""How the size of each layer's coordinates scales with width, at init and after a few optimizer steps.

The coordinate check of maximal-update parametrization (Yang et al. 2022): in a parametrization that transfers
hyperparameters across widths the mean |coordinate| of every activation stays of order 1 as the width grows, at init
and while it trains. There it is a plot to look at; here it is the slope of log2 mean|h| on log2 width, with a
t-interval over seeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from scipy.special import stdtrit

from embcheck.propagation.measured.functional import apply
from embcheck.seeds import stable_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation
    from embcheck.propagation.weights import Bias, Initializer

FEATURES, CLASSES, BATCH = 32, 10, 64
TOLERANCE = 0.15
"""|exponent| that counts as none: a factor of 1.5 over four doublings and 2.8 over ten. An empirical constant."""


@dataclass(frozen=True)
class Scan:
    """What is trained at every width."""

    activation: Activation
    init: Initializer
    bias: Bias
    widths: tuple[int, ...]
    depth: int = 3
    """Hidden layers."""
    steps: int = 3
    seeds: int = 5
    optimizer: str = "adam"
    rate: float = 1e-2
    """Learning rate at the smallest width."""
    parametrization: str = "standard"
    """``mup``: rates of hidden and output weights as 1/width, output std 1/width (Yang et al. 2022, table 8)."""
    seed: int = 0
    device: torch.device | None = None
    dtype: torch.dtype = torch.float32


@dataclass(frozen=True)
class Exponent:
    """Power of the width with which one layer's coordinates grow."""

    step: int
    """0 at init."""
    layer: str
    """``hidden 1``, ..., ``output``."""
    exponent: float
    low: float
    high: float
    """95% t-interval over seeds."""
    verdict: str
    """stable, grows, shrinks, inconclusive."""


def scan_widths(scan: Scan) -> tuple[Exponent, ...]:
    """Train every (width, seed) and fit the exponents."""
    sizes = torch.tensor([[_train(scan, width, r) for width in scan.widths] for r in range(scan.seeds)])
    x = torch.tensor([math.log2(w) for w in scan.widths], dtype=torch.float64)
    x = x - x.mean()
    y = sizes.double().log2()  # seeds, widths, steps + 1, layers
    slopes = torch.einsum("w,rwsl->rsl", x, y - y.mean(dim=1, keepdim=True)) / x.square().sum()
    names = [*(f"hidden {i + 1}" for i in range(scan.depth)), "output"]
    return tuple(
        _exponent(step, name, slopes[:, step, i].tolist())
        for step in range(scan.steps + 1)
        for i, name in enumerate(names)
    )


def _exponent(step: int, name: str, slopes: Sequence[float]) -> Exponent:
    n = len(slopes)
    mean = sum(slopes) / n
    if not math.isfinite(mean):
        return Exponent(step, name, mean, mean, mean, "inconclusive" if math.isnan(mean) else "grows")
    error = math.sqrt(sum((s - mean) ** 2 for s in slopes) / (n - 1) / n)
    half = float(stdtrit(n - 1, 0.975)) * error
    low, high = mean - half, mean + half
    # an output that shrinks as 1/sqrt(width) at init is what mup asks for, and is no fault in either parametrization
    floor = -0.5 - TOLERANCE if step == 0 and name == "output" else -TOLERANCE
    if low > TOLERANCE:
        verdict = "grows"
    elif high < floor:
        verdict = "shrinks"
    else:
        verdict = "stable" if floor <= low and high <= TOLERANCE else "inconclusive"
    return Exponent(step, name, mean, low, high, verdict)


def _train(scan: Scan, width: int, replicate: int) -> list[list[float]]:
    """[steps + 1, layers]: mean |coordinate| of every pre-activation and of the output."""
    device = scan.device or torch.device("cpu")
    generator = torch.Generator(device=device).manual_seed(stable_seed(scan.seed, "width scan", replicate))
    x = torch.randn(BATCH, FEATURES, generator=generator, device=device).to(scan.dtype)
    target = torch.randint(CLASSES, (BATCH,), generator=generator, device=device)
    double = 2 if scan.activation.gated else 1
    shapes = [(width * double, FEATURES), *[(width * double, width)] * (scan.depth - 1), (CLASSES, width)]
    base, mup = min(scan.widths), scan.parametrization == "mup"
    layers: list[tuple[torch.Tensor, torch.Tensor]] = []
    groups: list[dict[str, Any]] = []
    for i, (rows, columns) in enumerate(shapes):
        weight = scan.init.fill(torch.empty(rows, columns, device=device, dtype=scan.dtype), generator)
        bias = scan.bias.fill(torch.empty(rows, device=device, dtype=scan.dtype), columns, generator)
        if mup and i == len(shapes) - 1:
            weight.mul_(math.sqrt(base / width))
        weight.requires_grad_(True)
        bias.requires_grad_(True)
        slow = mup and i > 0 and scan.optimizer == "adam"
        groups += [{"params": [weight], "lr": scan.rate * (base / width if slow else 1.0)}, {"params": [bias]}]
        layers.append((weight, bias))
    make = torch.optim.Adam if scan.optimizer == "adam" else torch.optim.SGD
    optimizer = make(groups, lr=scan.rate)
    seen = []
    with torch.enable_grad():
        for step in range(scan.steps + 1):
            h, sizes = x, []
            for i, (weight, bias) in enumerate(layers):
                h = (apply(scan.activation, h) if i else h) @ weight.t() + bias
                sizes.append(float(h.detach().abs().mean()))
            seen.append(sizes)
            if step < scan.steps:
                loss = torch.nn.functional.cross_entropy(h.float(), target)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
    return seen
