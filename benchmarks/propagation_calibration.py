"""How often the verdicts of `variance-sweep` are right, over many seeds.

    python benchmarks/propagation_calibration.py [--nets 400] [--seed 0]

For networks of width 256 and depth 50 it prints, for runs of R = 1, 2, 4, 8 and 16 independent seeds: how often He-ReLU
is called stable, how often its drift is called at the level 0.05 (nominal: 5%) and at 0.001, and how often a gain that
is wrong by 1, 2 and 5% is. Then the verdicts of networks whose fate theory knows. Rates carry 95% Clopper-Pearson
intervals. Exits 1 if, at R = 4 or more, He-ReLU is called stable in fewer than 95% of runs or a gain error of 5% is
called in fewer than 95%, or if a verdict differs from theory's.
"""

from __future__ import annotations

import argparse
import math
import sys
import time

import torch
from scipy import special

from embcheck.propagation.measured.measure import Reading, Stream, measure
from embcheck.propagation.measured.plan import Plan
from embcheck.propagation.measured.recording import to_record
from embcheck.propagation.request import Configuration, configurations
from embcheck.propagation.theory.prediction import predict
from embcheck.propagation.verdict import judge

WIDTH, DEPTH = 256, 50
EXPECTED = [
    # activation, init, gain, (forward, signal, gradient): from the mean-field totals at depth 50
    ("linear", "orthogonal", None, ("stable", "stable", "stable")),
    ("relu", "orthogonal", math.sqrt(2), ("stable", "stable", "stable")),
    ("selu", "xavier_normal", None, ("stable", "stable", "stable")),
    ("tanh", "xavier_normal", 5 / 3, ("stable", "stable", "exploding")),
    ("tanh", "xavier_normal", None, ("stable", "stable", "stable")),
    ("sigmoid", "xavier_normal", None, ("stable", "vanishing", "vanishing")),
    ("gelu", "kaiming_normal", None, ("vanishing", "vanishing", "vanishing")),
    ("relu", "xavier_normal", None, ("vanishing", "vanishing", "vanishing")),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    start = time.perf_counter()
    bad = gains(args.nets, args.seed) + verdicts(max(8, args.nets // 10), args.seed)
    print(f"{time.perf_counter() - start:.0f} s")
    return int(bad > 0)


def readings(c: Configuration, nets: int, seed: int) -> list[Reading]:
    stream = Stream(c.init, c.bias, c.widths, seed=seed)
    return [measure(stream, [c.activation], r)[0] for r in range(nets)]


def gains(nets: int, seed: int) -> int:
    """He-ReLU and wrong gains."""
    bad = 0
    print(f"relu, width {WIDTH}, depth {DEPTH}, {nets} networks each; forward / gradient")
    print(f"{'gain error':>10} {'R':>3} {'runs':>5}  {'stable':>15}  {'drift p<0.05':>23}  {'drift p<0.001':>23}")
    for error in (0.0, 0.01, 0.02, 0.05, -0.05):
        (c,) = configurations(DEPTH, WIDTH, "kaiming_normal", "relu", math.sqrt(2) * (1 + error))
        pool = readings(c, nets, seed)
        theory = predict(c.activation, c.init, c.bias, c.widths)
        for r in (1, 2, 4, 8, 16):
            runs = [to_record(c, theory, pool[i : i + r], Plan(seeds=r)) for i in range(0, nets - r + 1, r)]
            seen = [(judge(run.forward), judge(run.gradient)) for run in runs]
            stable = [rate([v[k].label == "stable" for v in seen]) for k in (0, 1)]
            found = {
                level: [rate([(v[k].drift_p or 1.0) < level for v in seen]) for k in (0, 1)] for level in (0.05, 0.001)
            }
            print(
                f"{error:>+10.0%} {r:>3} {len(runs):>5}  {stable[0][0]:>7.1%}{stable[1][0]:>8.1%}  "
                f"{show(found[0.05][0])} {show(found[0.05][1])}  {found[0.001][0][0]:>7.1%}{found[0.001][1][0]:>8.1%}"
            )
            if r >= 4 and error == 0:
                bad += sum(s[0] < 0.95 for s in stable)
            if r >= 4 and abs(error) == 0.05:
                bad += sum(f[0] < 0.95 for f in found[0.001])
    return bad


def verdicts(nets: int, seed: int) -> int:
    """Networks whose fate theory knows, at R = 4."""
    bad = 0
    for activation, init, gain, expected in EXPECTED:
        (c,) = configurations(DEPTH, WIDTH, init, activation, gain)
        pool = readings(c, nets, seed)
        theory = predict(c.activation, c.init, c.bias, c.widths)
        runs = [to_record(c, theory, pool[i : i + 4], Plan(seeds=4)) for i in range(0, nets - 3, 4)]
        right = [rate([judge(run.channels[k]).label == expected[k] for run in runs])[0] for k in range(3)]
        bad += sum(r < 0.95 for r in right)
        print(f"{c.name:38} {' / '.join(expected):32} right in {' / '.join(f'{r:.0%}' for r in right)} of {len(runs)}")
    return bad


def rate(hits: list[bool]) -> tuple[float, float, float]:
    """Share and its Clopper-Pearson interval."""
    k, n = sum(hits), len(hits)
    low = float(special.betaincinv(k, n - k + 1, 0.025)) if k else 0.0
    high = float(special.betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0
    return k / n, low, high


def show(found: tuple[float, float, float]) -> str:
    return f"{found[0]:.1%} ({found[1]:.0%}-{found[2]:.0%})"


if __name__ == "__main__":
    sys.exit(main())
