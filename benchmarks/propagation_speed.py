"""`variance-sweep` beside the plain loop: 50 layers x width 1024, 8 initializers x 5 activations.

    python benchmarks/propagation_speed.py [--width 1024] [--depth 50] [--seeds 1] [--batch 16]

The loop does what people write: an `nn.Sequential` for each network, the initializer over its layers, a forward pass
with hooks that keep the second moment and the variance over inputs of every pre-activation, and `backward()` with hooks
for the gradients. Both see as many inputs and use every core as torch and embcheck do by default. Prints both times,
their ratio, and every verdict that differs; the totals of both are judged by the same test, but their weights are other
draws, so that a total on the limit of 6 may be called inconclusive by one of them. The aim is 5 times.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import nn

from embcheck.propagation.measured.functional import elementwise
from embcheck.propagation.measured.plan import Plan
from embcheck.propagation.measured.sweep import sweep
from embcheck.propagation.request import configurations
from embcheck.propagation.verdict import judge
from embcheck.subjects.state import one_thread, preserved

if TYPE_CHECKING:
    from embcheck.propagation.record import NetworkRecord

INITS = (
    "default", "kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform", "orthogonal", "normal(0, 0.02)",
    "trunc_normal(0, 0.02)",
)  # fmt: skip
ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu", "selu")


class Activation(nn.Module):  # noqa: D101
    def __init__(self, function: object) -> None:
        super().__init__()
        self.function = function

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        return self.function(h)  # type: ignore[operator]


def plain(c: object, seed: int, batch: int) -> tuple[float, float, float]:
    """ln change of q, s and g of one network, the plain way."""
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for fan_in, fan_out in zip(c.widths, c.widths[1:], strict=False):
        layers += [nn.Linear(fan_in, fan_out), Activation(elementwise(c.activation))]
    model = nn.Sequential(*layers[:-1])
    q: list[float] = []
    s: list[float] = []
    g: list[float] = []

    def forward(_: nn.Module, __: object, out: torch.Tensor) -> None:
        q.append(float(out.detach().square().mean()))
        s.append(float(out.detach().var(dim=0).mean()))
        out.register_hook(lambda grad: g.append(float(grad.square().mean())))

    for module in model:
        if isinstance(module, nn.Linear):
            if c.init.text != "default":
                name, _, arguments = c.init.text.partition("(")
                numbers = [float(a) for a in arguments.rstrip(")").split(",") if a]
                getattr(nn.init, f"{name}_")(module.weight, *numbers)
                nn.init.zeros_(module.bias)
            module.register_forward_hook(forward)
    out = model(torch.randn(batch, c.widths[0]))
    out.backward(torch.randn_like(out))
    return tuple(
        math.log(b / a) if a > 0 and b > 0 else -math.inf for a, b in ((q[0], q[-1]), (s[0], s[-1]), (g[0], g[-1]))
    )


def judged(record: NetworkRecord, totals: list[tuple[float, float, float]]) -> list[str]:
    """The loop's totals under the same test."""
    columns = zip(*totals, strict=True)
    return [judge(replace(ch, totals=tuple(t))).label for ch, t in zip(record.channels, columns, strict=True)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--depth", type=int, default=50)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--batch", type=int, default=16)
    args = parser.parse_args()
    wanted = configurations(args.depth, args.width, INITS, ACTIVATIONS)
    start = time.perf_counter()
    with preserved(), one_thread():
        records = [record for _, _, record in sweep(wanted, Plan(seeds=args.seeds, inputs=args.batch))]
    ours = time.perf_counter() - start
    start = time.perf_counter()
    loops = [[plain(c, seed, args.batch) for seed in range(args.seeds)] for c in wanted]
    theirs = time.perf_counter() - start
    undecided = contrary = 0
    for c, record, totals in zip(wanted, records, loops, strict=True):
        mine, other = [judge(ch).label for ch in record.channels], judged(record, totals)
        if mine != other:
            clash = any(a != b and "inconclusive" not in {a, b} for a, b in zip(mine, other, strict=True))
            contrary += clash
            undecided += not clash
            print(f"{c.name}: sweep {mine}, loop {other}, loop's ln {[round(t, 1) for t in totals[0]]}")
    print(f"{len(wanted)} networks x {args.seeds} seeds, {args.depth} layers x width {args.width}, batch {args.batch}")
    print(f"variance-sweep {ours:.1f} s, plain loop {theirs:.1f} s: {theirs / ours:.1f} times faster")
    print(f"verdicts of {len(wanted)} networks: {contrary} contrary, {undecided} that one of the two leaves undecided")
    return int(theirs / ours < 5 or contrary > 0)


if __name__ == "__main__":
    sys.exit(main())
