"""How much memory the audit of a factory takes beside one model, although it builds five.

Run: python benchmarks/factory_memory.py [megabytes]

Each line is a process of its own; what is printed is the peak beyond the same audit of a tiny model.
"""

from __future__ import annotations

import resource
import subprocess
import sys

WIDTH = 2048


def peak(layers: int, rebuild: bool) -> float:
    """Megabytes at the peak of one audit, in this process."""
    import torch
    from torch import nn

    import embcheck

    torch.set_num_threads(1)
    embcheck.audit(lambda: nn.Linear(32, 32))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if layers:
        embcheck.audit(lambda: nn.Sequential(*(nn.Linear(WIDTH, WIDTH) for _ in range(layers))), rebuild=rebuild)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main() -> None:
    """Measure once without and once with the builds of the tests of seeds and memory."""
    if len(sys.argv) == 4:
        print(peak(int(sys.argv[2]), sys.argv[3] == "True"))
        return
    wanted = float(sys.argv[1]) if len(sys.argv) > 1 else 512.0
    layers = max(1, round(wanted / (WIDTH * (WIDTH + 1) * 4 / 2**20)))
    size = layers * WIDTH * (WIDTH + 1) * 4 / 2**20
    print(f"model of {size:.0f} MB; peak beyond a tiny model's audit, MB and in models")
    for rebuild in (False, True):
        command = [sys.executable, __file__, "measure", str(layers), str(rebuild)]
        found = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        print(f"  {'built five times' if rebuild else 'built once':>16}  {found:7.0f}  {found / size:.2f}")


if __name__ == "__main__":
    main()
