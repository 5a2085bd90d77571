"""Claim: auditing a 124M-parameter float32 safetensors file takes less than half of weightlens 0.3.0's time and 0.7 of its
memory, whole process, every check on; and memory does not grow with the file.

Needs `pip install --no-deps --target DIR weightlens==0.3.0` (and its rich). Run: python benchmarks/audit_speed.py DIR [--large]
"""

from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5
LARGE = ((4096, 16), (4096, 128), (131072, 1))
"""Rows of 4096 and number of matrices: 1 GB, 8 GB, and 2 GB in one."""
WEIGHTLENS = "import sys; from weightlens.cli import main; sys.exit(main())"


def gpt2(path: Path) -> None:
    """Random weights in the shapes and names of GPT-2 small."""
    import torch
    from safetensors.torch import save_file

    d, layers, tensors = 768, 12, {}
    tensors["wte.weight"], tensors["wpe.weight"] = torch.randn(50257, d) * 0.02, torch.randn(1024, d) * 0.02
    shapes = {"attn.c_attn": (d, 3 * d), "attn.c_proj": (d, d), "mlp.c_fc": (d, 4 * d), "mlp.c_proj": (4 * d, d)}
    for i in range(layers):
        for name, shape in shapes.items():
            std = 0.02 / math.sqrt(2 * layers) if "c_proj" in name else 0.02
            tensors[f"h.{i}.{name}.weight"], tensors[f"h.{i}.{name}.bias"] = (
                torch.randn(shape) * std,
                torch.zeros(shape[1]),
            )
        for norm in ("ln_1", "ln_2"):
            tensors[f"h.{i}.{norm}.weight"], tensors[f"h.{i}.{norm}.bias"] = torch.ones(d), torch.zeros(d)
    save_file(tensors, path)


def blocks(path: Path, shape: tuple[int, int], count: int) -> None:
    """So many random matrices of a shape, written one after the other: the file may be larger than memory."""
    import torch

    size = 4 * shape[0] * shape[1]
    header = {
        f"w{i}.weight": {"dtype": "F32", "shape": shape, "data_offsets": [i * size, (i + 1) * size]}
        for i in range(count)
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _ in range(count):
            for rows in torch.empty(shape).split(4096):
                file.write(rows.normal_(0, 0.02).numpy().tobytes())


def made(*arguments: str) -> None:
    """Make a file in a process of its own: a child's peak memory counts what its parent held when it was forked."""
    subprocess.run([sys.executable, __file__, "--make", *arguments], check=True)


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak resident megabytes of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"{command} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(label: str, command: list[str], environment: dict[str, str], runs: int = RUNS) -> tuple[float, float, float]:
    """The least of several runs, and the median of memory."""
    found = [measured(command, environment) for _ in range(runs)]
    wall, cpu = min(f[0] for f in found), min(f[1] for f in found)
    memory = sorted(f[2] for f in found)[len(found) // 2]
    print(
        f"{label:34} {wall:6.2f} s   {cpu:6.2f} s CPU   {memory:6.0f} MB   (wall {', '.join(f'{f[0]:.1f}' for f in found)})"
    )
    return wall, cpu, memory


def main() -> None:
    """Measure side by side, in one run."""
    if "--make" in sys.argv:
        path, *size = sys.argv[2:]
        rows, columns, count = map(int, size or (0, 0, 0))
        blocks(Path(path), (rows, columns), count) if size else gpt2(Path(path))
        return
    rival = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else ""
    root = str(Path(__file__).parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gpt2.safetensors"
        made(str(path))
        audit = [sys.executable, "-m", "embcheck", "audit", str(path), "-qq"]
        best("import torch", [sys.executable, "-c", "import torch"], {})
        ours = best("embcheck audit", audit, {"PYTHONPATH": root})
        if rival:
            theirs = best(
                "weightlens analyze", [sys.executable, "-c", WEIGHTLENS, "analyze", str(path)], {"PYTHONPATH": rival}
            )
            print(f"ratio: time {ours[0] / theirs[0]:.2f} (target 0.5), CPU {ours[1] / theirs[1]:.2f}, "
                  f"memory {ours[2] / theirs[2]:.2f} (target 0.7)")  # fmt: skip
        if "--large" in sys.argv:
            peaks = []
            for rows, count in LARGE:
                large = Path(folder) / "large.safetensors"
                made(str(large), str(rows), "4096", str(count))
                label = f"embcheck audit, {count} x {rows * 4096 * 4 / 2**30:.3g} GB"
                command = [sys.executable, "-m", "embcheck", "audit", str(large), "-qq"]
                peaks.append(best(label, command, {"PYTHONPATH": root}, runs=1)[2])
                large.unlink()
            print(f"from 1 GB to 8 GB, and in one tensor of 2 GB: {max(peaks) - min(peaks):.0f} MB apart (target: 20)")


if __name__ == "__main__":
    main()
