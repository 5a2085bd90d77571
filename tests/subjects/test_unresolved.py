"""What is said about a target that names nothing: what to type instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from embcheck.subjects.unresolved import near_module, no_target


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    (tmp_path / "pkg" / "model.py").touch()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("target", "ending"),
    [
        ("pkg/model.py", "give pkg.model:FACTORY."),
        ("./pkg/model.py:build", "give pkg.model:build."),
        ("pkg/other.py:build", "There is no file pkg/other.py; a factory in it would be pkg.other:build."),
        ("pkg.model", "as in pkg.model:build."),
        ("pkg", "as in pkg:build."),
        ("pkg.model.build", "did you mean pkg.model:build?"),
        ("nothing.pt", "'nothing.pt' is neither a file or folder nor of the form package.module:factory."),
        ("a b", "'a b' is neither a file or folder nor of the form package.module:factory."),
    ],
)
def test_what_to_type_instead(target: str, ending: str) -> None:
    assert no_target(target).endswith(ending)


def test_an_absolute_path_below_the_working_directory_is_a_module_of_it() -> None:
    assert no_target(str(Path.cwd() / "pkg" / "model.py")).endswith("give pkg.model:FACTORY.")


def test_the_nearest_module() -> None:
    assert near_module("pgk") == "pkg"
    assert near_module("quite_another") == ""
    assert near_module("no_parent.model") == ""
