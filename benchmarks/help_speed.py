"""How long `embcheck --help`, `rules`, `explain` and `convert` take beside a bare typer program of two commands.

    python benchmarks/help_speed.py [--repeats 20]

Prints the least time of each over alternating runs (the least is what the program needs; the rest is other load) and
its ratio to the bare program. The aim is at most 1.3.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BARE = """
import typer
app = typer.Typer()
@app.command()
def one(name: str = "x"): print(name)
@app.command()
def two(name: str = "x"): print(name)
app()
"""


def seconds(command: list[str]) -> float:
    """Wall time of one process, its output thrown away."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=20)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        bare, saved = Path(folder, "bare.py"), Path(folder, "report.json")
        bare.write_text(BARE)
        saved.write_text(json.dumps(sample()))
        own = [sys.executable, "-m", "embcheck"]
        commands = {
            "bare typer --help": [sys.executable, str(bare), "--help"],
            "bare typer command": [sys.executable, str(bare), "one"],
            "embcheck --help": [*own, "--help"],
            "embcheck init-stats --devise": [*own, "init-stats", "--devise"],
            "embcheck --version": [*own, "--version"],
            "embcheck init-stats --help": [*own, "init-stats", "--help"],
            "embcheck rules": [*own, "rules"],
            "embcheck explain EMB101": [*own, "explain", "EMB101"],
            "embcheck convert -o text": [*own, "convert", str(saved), "-o", "text"],
            "embcheck convert -o rich": [*own, "convert", str(saved)],
        }
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(repeats):
            for name, command in commands.items():
                best[name] = min(best[name], seconds(command))
    floor = best["bare typer --help"]
    print(f"{'command':30} {'seconds':>8} {'ratio':>6}   least of {repeats}")
    for name, least in best.items():
        print(f"{name:30} {least:8.3f} {least / floor:6.2f}")


def sample() -> dict:
    """A report as `-o json` writes it."""
    outcome = {"code": "EMB101", "rule": "padding-row-not-zero", "subject": "emb.weight[0]", "status": "fail",
               "severity": "error", "message": "It is not zero.", "measured": 1.0, "expected": 0.0,
               "reason": "", "histogram": None}  # fmt: skip
    return {"schema_version": 1, "embcheck": "0.1.0", "command": "audit", "target": None, "exit_code": 1,
            "settings": {}, "environment": {}, "seed": 0, "reproduce": "", "summary": {}, "outcomes": [outcome] * 50,
            "tables": {}}  # fmt: skip


if __name__ == "__main__":
    main()
