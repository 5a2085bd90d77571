"""The program as a script meets it: a process with arguments, streams, a code, and nothing imported that is heavy."""

from __future__ import annotations

import html
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from embcheck.cli.app import COMMANDS
from embcheck.reporters import FORMATS, render
from embcheck.results import Location, Outcome, Report, Severity, Status

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "scipy", "numpy", "safetensors", "matplotlib", "jsonschema", "pytest"}

REPORT = Report(
    "audit", "net:make",
    (
        Outcome("EMB101", "padding-row-not-zero", "emb.weight[0] σ", Status.FAIL, Severity.ERROR, "It is ≠ 0 \u2713.",
                measured=0.98, location=Location("net.py", 12)),
        *(Outcome("INI119", "wrong-gain", f"gain {i}", Status.PASS, Severity.ERROR, "x" * 80) for i in range(2_000)),
    ),
    tables={"draws": [{"group": "Embedding", "subject": "w" * 120, "law": "N(0, 1²)", "n": 9, "verdict": "fail"}]},
    reproduce="embcheck audit net:make", duration=0.5,
)  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    path.write_text(render("json", REPORT), encoding="utf-8")
    return path


def environment(**variables: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables}


def run(*arguments: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "embcheck", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=cwd, env=environment(**variables), check=False, timeout=120)


def imported(*arguments: str | Path, cwd: Path) -> tuple[int, set[str]]:
    """The exit code, and which heavy packages `embcheck ARGUMENTS` imported."""
    code = (
        "import sys\nfrom embcheck.cli.app import main\n"
        f"try:\n    main({list(map(str, arguments))!r})\n"
        f"finally:\n    print('IMPORTED', *sorted(set(sys.modules) & {HEAVY!r}), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(),
        check=False,
        timeout=120,
    )
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("IMPORTED"))
    return done.returncode, set(line.split()[1:])


LIGHT = [
    *(([name.replace("_", "-"), "--help"], 0) for name in COMMANDS),
    (["--help"], 0),
    (["--version"], 0),
    (["--show-completion", "bash"], 0),
    ([], 2),
    (["rules"], 0),
    (["rules", "--json"], 0),
    (["explain", "EMB"], 0),
    (["init-stats", "--devise", "cpu"], 2),
    (["init-stats", "--select", "NOPE"], 2),
    (["init-stats", "--seed", "x"], 2),
    (["init-stats", "--dtype", "float31"], 2),
    (["init-stats", "--init", "xavier"], 2),
    (["init-stats", "--num-embeddings", "-1"], 2),
    (["init-stats", "-o", "json=/no/such/folder/x"], 2),
    (["init-stats", "--baseline", "none.json"], 2),
    (["convert", "none.json"], 2),
    (["audit"], 2),
    (["audit", "net:make", "--alpha", "2"], 2),
    (["audit", "net:make", "--baseline", "none.json"], 2),
    (["audit", "net:make", "--select", "NOPE"], 2),
    (["compare", "a"], 2),
    (["conversions", "--ignore", "NOPE"], 2),
    (["variance-sweep", "--depht", "3"], 2),
]


@pytest.mark.parametrize(("arguments", "code"), LIGHT, ids=lambda v: " ".join(v) if isinstance(v, list) else "")
def test_nothing_heavy_is_imported(arguments: list[str], code: int, tmp_path: Path) -> None:
    assert imported(*arguments, cwd=tmp_path) == (code, set())


@pytest.mark.parametrize("form", FORMATS)
def test_convert_imports_nothing_heavy(form: str, saved: Path) -> None:
    assert imported("convert", saved, "-o", f"{form}=out", cwd=saved.parent) == (0, set())


def test_the_probe_can_fail(tmp_path: Path) -> None:
    code, found = imported("init-stats", "--device", "cpu:7x", cwd=tmp_path)
    assert (code, found) == (2, set())
    code, found = imported("init-stats", "--init", "zeros", "-qq", cwd=tmp_path)
    assert code == 0
    assert "torch" in found


def test_a_missing_device_is_one_sentence(tmp_path: Path) -> None:
    done = run("init-stats", "--device", "nosuchdevice", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"embcheck: ")
    assert done.stderr.count(b"\n") == 1
    assert b"cpu" in done.stderr  # those that exist are named


def test_a_run_end_to_end(tmp_path: Path) -> None:
    flags = ("init-stats", "--init", "xavier_uniform", "--seed", "3")
    done = run(*flags, "-o", "text", "-o", "json=a.json", "-o", "sarif=a.sarif", "-o", "junit=a.xml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b" passed" in done.stdout.splitlines()[-2]
    assert done.stdout.splitlines()[-2].endswith(b" s (exit 0)")
    assert done.stdout.splitlines()[-1].startswith(b"reproduce: embcheck init-stats ")
    again = run(*flags, "-o", "json=b.json", "-qq", cwd=tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, b"", b"")
    one, two = (json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json"))
    one.pop("duration")
    two.pop("duration")
    assert one == two


def test_off_a_terminal_nothing_is_cut(saved: Path) -> None:
    out = run("convert", saved, cwd=saved.parent).stdout.decode()
    assert "│ " + "w" * 120 + " │ N(0, 1²) │ 9 │ fail    │" in out
    assert "\x1b" not in out


def test_columns_are_obeyed(saved: Path) -> None:
    out = run("convert", saved, cwd=saved.parent, COLUMNS="60").stdout.decode()
    table = [line for line in out.splitlines() if line.startswith(("│", "╭", "╰"))]
    assert table
    assert {len(line) for line in table} == {60}
    assert "".join(line.split("│")[1].strip() for line in table if line.startswith("│")).count("w" * 120) == 1


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_stream_that_is_not_utf_8_gets_ascii_marks(saved: Path, encoding: str, form: str) -> None:
    done = run("convert", saved, "-o", form, cwd=saved.parent, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    if form in ("json", "sarif", "junit", "html"):  # machines read the very same
        same = run("convert", saved, "-o", form, cwd=saved.parent).stdout.decode("utf-8")
        read = {"json": json.loads, "sarif": json.loads, "html": html.unescape}.get(form, ET.canonicalize)
        assert text.isascii()
        assert read(text) == read(same)
    assert not set(text) & set("│╭✓σ≠")
    if form == "text":
        assert text.splitlines()[0] == (
            r"net.py:12: fail EMB101 padding-row-not-zero emb.weight[0] sigma: It is != 0 \u2713.; "
            "measured 0.98; reproduce: embcheck audit net:make --select EMB101"
        )


@pytest.mark.parametrize(
    ("variables", "flags", "colored"),
    [({}, [], False), ({"FORCE_COLOR": "1"}, [], True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
     ({}, ["--color", "always"], True), ({"FORCE_COLOR": "1"}, ["--color", "never"], False)],
)  # fmt: skip
def test_colour(saved: Path, variables: dict[str, str], flags: list[str], colored: bool) -> None:
    done = run("convert", saved, *flags, cwd=saved.parent, **variables)
    assert (b"\x1b[" in done.stdout) is colored
    assert done.stderr == b""


def test_a_reader_that_leaves_is_no_error(saved: Path) -> None:
    command = [sys.executable, "-m", "embcheck", "convert", str(saved), "-v", "-o", "text"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=saved.parent, env=environment()
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(os.name != "posix", reason="signals as a terminal sends them")
def test_ctrl_c_exits_with_130_and_says_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "embcheck", "convert", "-", "-o", "text"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment(),
        # a script's background job inherits an ignored SIGINT, and Python then leaves it ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:  # fmt: skip
        assert process.stdin
        time.sleep(1.5)  # it waits for stdin by then
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert process.stdout
        assert process.stderr
        # a line end after the ^C of the terminal is all that some versions of the parser say
        assert (process.returncode, process.stdout.read(), process.stderr.read().strip()) == (130, b"", b"")


def test_stdout_that_is_full_is_said_and_not_a_success(saved: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "embcheck", "convert", str(saved)]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, cwd=saved.parent, env=environment(), check=False
        )
    assert (done.returncode, done.stderr) == (2, b"embcheck: Cannot write to stdout: No space left on device.\n")


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-"])
def test_streams_that_the_shell_closed_change_no_code(streams: str, saved: Path) -> None:
    for arguments, code in (("rules EMB101", 0), ("convert nothing.json", 2)):
        command = f"{sys.executable} -m embcheck {arguments} {streams}"
        done = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, cwd=saved.parent, env=environment(), check=False
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr


def test_a_working_directory_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"cd {gone} && rmdir {gone} && {sys.executable} -m embcheck init-stats"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, env=environment(), check=False)
    said = b"embcheck: The working directory does not exist any more: change to another one.\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_completion_answers_without_torch(tmp_path: Path) -> None:
    asked = {"_EMBCHECK_COMPLETE": "complete_bash", "COMP_WORDS": "embcheck init-", "COMP_CWORD": "1"}
    code = (
        "import sys; from embcheck.cli.app import main\ntry: main()\n"
        "finally: print('torch' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(**asked),
        check=False,
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["init-stats"], "False\n")
