from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from embcheck import configuration
from embcheck.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_nearest_file_with_the_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.embcheck]\nseed = 3\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'embcheck-user'\n")
    source, table = configuration.read(None, inner)
    assert (source, table) == (str(tmp_path / "pyproject.toml"), {"seed": 3})


def test_no_file_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    assert configuration.read(None, tmp_path) == ("", {})


def test_a_broken_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("not toml [")
    assert configuration.read(None, tmp_path) == ("", {})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[tool.embcheck\n", "is not valid TOML"),
        (b"[tool.embcheck]\nseed = \xff", "is not valid TOML"),
        (b"[tool]\nembcheck = 3\n", r"must be a table: write \[tool.embcheck\]"),
    ],
)
def test_a_broken_file_of_ours_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        configuration.read(None, tmp_path)
    assert str(path) in str(caught.value)


def test_a_named_file_must_exist_and_have_the_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Cannot read the configuration .*: No such file or directory"):
        configuration.read(str(tmp_path / "none.toml"), tmp_path)
    (tmp_path / "empty.toml").write_text("")
    with pytest.raises(UsageError, match=r"has no table \[tool.embcheck\]"):
        configuration.read(str(tmp_path / "empty.toml"), tmp_path)


def test_variables_are_ours_alone_and_empty_is_unset() -> None:
    environ = {"EMBCHECK_FAIL_ON": "note", "EMBCHECK_SEED": "", "PATH": "/", "_EMBCHECK_COMPLETE": "bash"}
    assert configuration.variables(environ) == {"fail-on": "note"}
