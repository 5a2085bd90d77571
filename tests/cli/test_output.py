from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from embcheck.cli.output import Output, check_writable, outputs, write
from embcheck.errors import UsageError


def test_rich_to_stdout_unless_told_otherwise() -> None:
    assert outputs([]) == (Output("rich"),)
    assert outputs(["text", "json=a.json"]) == (Output("text"), Output("json", Path("a.json")))
    assert outputs(["json=-"]) == (Output("json"),)
    assert outputs(["text=a=b.txt"]) == (Output("text", Path("a=b.txt")),)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (["jsn"], "'jsn' is no output format: did you mean json?"),
        (
            ["pdf=x.pdf"],
            "'pdf' is no output format: choose from rich, text, json, junit, sarif, github, markdown, html.",
        ),
        (["json="], "-o json= has no path after the equals sign: write -o json for stdout."),
        (["json", "text"], "Two reports would go to stdout: give one of them -o FORMAT=PATH."),
        (["json=a", "text=./a"], "Two reports would go to a: give one of them -o FORMAT=PATH."),
        (["json=."], "Cannot write .: it is a folder."),
        (["json=no/x.json"], "Cannot write no/x.json: there is no folder"),
        (["json=file/x.json"], "Cannot write file/x.json: there is no folder"),
        (["json=" + "n" * 300], "File name too long"),
        (["json=a\x00b"], "Cannot write a"),
    ],
)
def test_what_cannot_be_written_is_refused(wanted: list[str], said: str) -> None:
    Path("file").write_text("kept")
    with pytest.raises(UsageError) as caught:
        outputs(wanted)
    assert said in str(caught.value)
    assert [path.name for path in Path().iterdir()] == ["file"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_permissions_are_asked() -> None:
    Path("locked").mkdir(mode=0o500)
    Path("fixed").touch(mode=0o400)
    for path in ("locked/x", "fixed"):
        with pytest.raises(UsageError, match="Permission denied"):
            check_writable(Path(path))


def test_a_kernel_file_that_refuses_is_refused() -> None:
    with pytest.raises(UsageError, match="Cannot write /proc/version"):
        check_writable(Path("/proc/version"))


def test_checking_touches_nothing() -> None:
    path = Path("old.json")
    path.write_text("kept")
    before = path.stat()
    check_writable(path)
    check_writable(Path("new.json"))
    assert path.read_text() == "kept"
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [path.name for path in Path().iterdir()] == ["old.json"]


def test_files_are_utf_8_with_plain_line_ends() -> None:
    write(Path("x"), "é\n\udc80\n")
    assert Path("x").read_bytes() == "é\n\\udc80\n".encode()


def test_the_summary_of_a_github_step_is_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    for text in ("one\n", "two\n"):
        write(Path("summary.md"), text)
        write(Path("other.md"), text)
    assert Path("summary.md").read_text() == "one\ntwo\n"
    assert Path("other.md").read_text() == "two\n"


@pytest.mark.usefixtures("command")
def test_only_what_was_asked_for_goes_to_stdout(embcheck) -> None:
    code, out, err = embcheck("init-stats", "-o", "json")
    assert (code, err) == (1, "")
    assert json.loads(out)["exit_code"] == 1


@pytest.mark.usefixtures("command")
def test_text_for_the_person_and_a_file_for_the_machine(embcheck) -> None:
    code, out, err = embcheck("init-stats", "-o", "text", "-o", "sarif=x.sarif", "--output", "junit=x.xml")
    assert (code, err) == (1, "")
    assert out.startswith("net.py:12: fail EMB101 ")
    assert json.loads(Path("x.sarif").read_text())["version"] == "2.1.0"
    assert Path("x.xml").read_text().startswith("<?xml")


@pytest.mark.usefixtures("command")
def test_only_files_leaves_the_closing_lines_to_stderr(embcheck) -> None:
    said = "1 failed, 1 passed in 0.5 s (exit 1)\nreproduce: embcheck init-stats --seed 0 --select EMB101\n"
    assert embcheck("init-stats", "-o", "json=x.json") == (1, "", said)
    assert embcheck("init-stats", "-o", "json=x.json", "-qq") == (1, "", "")
    assert len(json.loads(Path("x.json").read_text())["outcomes"]) == 2


def test_an_unwritable_path_is_refused_before_the_run(embcheck, calls: list) -> None:
    Path("x.json").write_text("kept")
    code, out, err = embcheck("init-stats", "-o", "json=x.json", "-o", "sarif=none/x.sarif")
    assert (code, out, calls) == (2, "", [])
    assert err.startswith("embcheck: Cannot write none/x.sarif: there is no folder ")
    assert Path("x.json").read_text() == "kept"


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize("form", ["rich", "text", "json", "junit", "sarif", "github", "markdown", "html"])
def test_the_format_never_changes_the_code(embcheck, form: str) -> None:
    assert embcheck("init-stats", "-o", form).code == 1
    assert embcheck("init-stats", "-o", f"{form}=x").code == 1
    assert embcheck("init-stats", "-o", f"{form}={os.devnull}").code == 1
