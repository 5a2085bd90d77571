"""The README is true: its console transcripts print what they show, its Python runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
TRANSCRIPTS = [block for language, block in BLOCKS if language == "console"]
# installed or not, and as a fresh terminal would have it
ENVIRONMENT = {
    **{
        name: value
        for name, value in os.environ.items()
        if name not in {"COLUMNS", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"}
    },
    "PYTHONPATH": str(ROOT),
    "PYTHONIOENCODING": "utf-8",
}
PROGRAMS = [block for language, block in BLOCKS if language == "python"]


def normal(text: str) -> str:
    """The text without what differs from run to run: seconds, versions, trailing blanks."""
    text = re.sub(r"in \d+(\.\d+)? s\b", "in N s", text)
    text = re.sub(r"torch \d\S* ·", "torch V ·", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.parametrize("block", TRANSCRIPTS, ids=lambda b: b.splitlines()[0][:60])
def test_transcripts(block, tmp_path) -> None:
    """`$ embcheck ...` and what follows; `# net.py` blocks of the README are files beside it."""
    for name, source in re.findall(r"```python\n# (\w+\.py)\n(.*?)```", README, re.DOTALL):
        (tmp_path / name).write_text(source, encoding="utf-8")
    first, *rest = re.split(r"^\$ ", block, flags=re.MULTILINE)
    assert not first.strip(), "a transcript begins with a prompt"
    for step in rest:
        command, _, shown = step.partition("\n")
        words = shlex.split(command)
        assert words[0] == "embcheck"
        done = subprocess.run(
            [sys.executable, "-m", *words], capture_output=True, text=True, cwd=tmp_path, check=False, timeout=300,
            env=ENVIRONMENT,
        )  # fmt: skip
        printed = normal(done.stdout + done.stderr)
        parts = [normal(part) for part in re.split(r"^\.\.\.$", shown, flags=re.MULTILINE)]
        assert printed.startswith(parts[0]), printed
        assert printed.endswith(parts[-1]), printed
        if len(parts) == 1:
            assert printed == parts[0]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.splitlines()[0][:60])
def test_programs(program, tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False,
        env=ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
