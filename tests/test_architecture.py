"""The house stands as drawn: import directions, torch only where it may be, the table, the pages, the sizes."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from embcheck.rules import FAMILIES, RULES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "embcheck"
SOURCES = sorted(PACKAGE.rglob("*.py"))
HEADINGS = ["## What it checks", "## Why it matters", "## How it decides", "## How to fix", "## Example"]

# who may import whom at run time; a module alone at the top is its own room
ALLOWED = {
    "__init__": {"results", "errors", "commands"},
    "__main__": {"cli"},
    "cli": {
        "commands", "settings", "values", "ignores", "baseline", "reporters", "results", "rules", "errors", "runner",
    },
    "commands": {
        "runner", "rules", "subjects", "laws", "stats", "propagation", "results", "errors", "seeds", "settings",
        "baseline",
    },
    "runner": {"rules", "results", "stats", "checks", "errors"},
    "subjects": {"laws", "stats", "propagation", "results", "errors", "seeds"},
    "checks": {"laws", "stats", "propagation", "results", "errors", "seeds", "checks"},
    "laws": {"stats", "errors"},
    "stats": {"errors"},
    "propagation": {"stats", "laws", "errors", "seeds"},
    "reporters": {"results", "rules", "errors"},
    "settings": {"configuration", "values", "rules", "errors", "results"},
    "configuration": {"errors"},
    "values": {"rules", "errors", "results"},
    "ignores": {"results", "rules"},
    "baseline": {"results", "errors"},
    "rules": {"errors", "results"},
    "results": set(),
    "errors": set(),
    "seeds": set(),
    "pytest_plugin": {"commands", "settings", "ignores", "reporters", "results", "errors"},
}  # fmt: skip
# and inside of a room: what a floor must not know of
BLIND = {
    "laws": {"laws.identification"},
    "propagation.theory": {"propagation.measured", "propagation.traced"},
    "propagation.measured": {"propagation.traced"},
    "propagation.traced": {"propagation.measured"},
    "subjects.files": {"subjects.running", "subjects.stock", "subjects.source"},
    "subjects.inventory": {"subjects.running", "subjects.stock", "subjects.source"},
}
TORCH_ROOMS = {"subjects", "laws", "stats", "propagation", "checks"}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, *, members: bool = False) -> set[str]:
    """Every module that the file imports at run time, inside functions too; not under `if TYPE_CHECKING`.

    With `members`, ``from a import b`` counts as ``a.b`` too, which is how a package gives its modules.
    """
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                visit(other)
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names if members)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    own = room(path)
    used = {name.split(".")[1] for name in imports(path) if name.startswith("embcheck.")} - {own}
    assert used <= ALLOWED[own], f"{own} must not import {sorted(used - ALLOWED[own])}"


@pytest.mark.parametrize("floor", BLIND)
def test_floors_of_a_room_are_stacked(floor: str) -> None:
    files = [p for p in PACKAGE.joinpath(*floor.split(".")).glob("*.py") if p.name != "__init__.py"]
    used = {name.removeprefix("embcheck.") for path in files for name in imports(path)}
    assert files
    assert not {name for name in used for other in BLIND[floor] if name.startswith(other + ".")}


def test_no_file_waits_for_itself() -> None:
    """No circle of imports, those inside functions included."""
    names = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in SOURCES}
    graph = {name: imports(path, members=True) & set(names) - {name} for name, path in names.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_torch_stays_in_its_rooms(path: Path) -> None:
    heavy = {name.split(".")[0] for name in imports(path)} & {"torch", "scipy", "safetensors"}
    assert not heavy or room(path) in TORCH_ROOMS


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_rooms_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    assert path.name not in {"utils.py", "common.py", "helpers.py", "misc.py"}


def test_importing_the_package_is_light() -> None:
    probe = "import sys, embcheck; print(sorted({'torch', 'scipy', 'numpy', 'rich', 'typer'} & set(sys.modules)))"
    assert run_python(probe) == "[]"


def test_the_probe_can_fail() -> None:
    probe = "import sys, embcheck.stats.summary; print('torch' in sys.modules)"
    assert run_python(probe) == "True"


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_table_is_sorted_and_unique() -> None:
    families = list(FAMILIES)
    keys = [(families.index(rule.code[:3]), rule.code) for rule in RULES]
    assert keys == sorted(set(keys))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_check_is_in_the_table_and_no_other() -> None:
    files = {p for p in (PACKAGE / "checks").rglob("*.py") if p.name != "__init__.py"}
    listed = {PACKAGE.joinpath(*rule.module.split(".")[1:]).with_suffix(".py") for rule in RULES}
    unlisted = {p.name for p in files - listed if ast.parse(p.read_text()).body and "KINDS" in p.read_text()}
    assert not listed - files
    assert not unlisted


def test_a_family_folder_holds_rules_only() -> None:
    """What rules share is in `checks/mechanisms`, so that a folder is the list of its family."""
    listed = {PACKAGE.joinpath(*rule.module.split(".")[1:]).with_suffix(".py") for rule in RULES}
    folders = {path.parent for path in listed}
    assert {p for folder in folders for p in folder.glob("*.py") if p.name != "__init__.py"} == listed
    assert {p.name for p in (PACKAGE / "checks").iterdir() if p.is_dir()} - {f.name for f in folders} <= {
        "mechanisms",
        "__pycache__",
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_every_rule_has_a_page_with_five_headings(rule) -> None:
    assert [line for line in rule.page.splitlines() if line.startswith("## ")] == HEADINGS
    assert rule.title.endswith(".")
    assert len(rule.title) <= 200


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_every_rule_has_a_mirrored_test(rule) -> None:
    family, name = rule.module.split(".")[2:]
    assert (ROOT / "tests" / "checks" / family / f"test_{name}.py").is_file()


def test_nothing_else_at_the_top_level() -> None:
    known = {
        "embcheck", "tests", "benchmarks", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "shared",
        "build", "embcheck.egg-info",
    }  # fmt: skip
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")}
    assert found <= known
