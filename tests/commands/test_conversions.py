"""The whole command, through its Python function: the table, the user's own, source files, bad input."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import embcheck
from embcheck.errors import UsageError
from embcheck.reporters.json import render
from embcheck.reporters.style import Style
from embcheck.results import Severity, Status
from embcheck.subjects.conversion.stock import PITFALLS

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"source", "operation", "device", "dtype", "outcome", "exception", "message", "safe", "verified"}


@pytest.fixture(scope="module")
def stock() -> embcheck.Report:
    """The default run, without the row that needs a process of its own (it is run with the table)."""
    torch.manual_seed(1)
    before = torch.get_rng_state()
    report = embcheck.conversions(ignore=["CNV106"])
    assert torch.equal(torch.get_rng_state(), before)
    return report


def failed(report: embcheck.Report) -> set[tuple[str, str]]:
    return {(o.rule, str(o.severity)) for o in report.failed}


def test_the_table_holds_and_says_what_stood_in(stock) -> None:
    assert stock.exit_code == 0
    assert stock.failed == ()
    assert len(stock.tables["conversions"]) == len(PITFALLS)
    assert "meta device stands in" in stock.notes[0]
    assert "No accelerator was tried" in stock.notes[0]
    assert {row["device"] for row in stock.tables["conversions"]} <= {"cpu", "meta", ""}


def test_the_table_as_json(stock) -> None:
    document = json.loads(render(stock, Style()))
    rows = document["tables"]["conversions"]
    assert all(set(row) >= COLUMNS for row in rows)
    first = next(r for r in rows if r["operation"] == "x.numpy()")
    assert first["outcome"] == "raises"
    assert first["exception"] == "TypeError"
    assert first["safe"] == "x.cpu().numpy()"
    assert first["verified"] is True
    assert first["why"]


def test_a_cpu_is_never_called_cuda(stock) -> None:
    assert '"cuda' not in json.dumps(stock.tables["conversions"])
    assert stock.environment["device"] == "cpu"


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_cuda_is_refused_where_there_is_none() -> None:
    with pytest.raises(UsageError, match="cannot be used here"):
        embcheck.conversions(device="cuda", select=["CNV101"])


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_is_tried_where_it_is() -> None:
    report = embcheck.conversions(device="cuda", select=["CNV101", "CNV118"])
    assert report.exit_code == 0
    assert "meta" not in report.notes[0]
    tried = [r for r in report.tables["conversions"] if r["group"] == "off-cpu"]
    assert {r["device"] for r in tried} == {"cuda"}
    assert all(r["verified"] for r in tried)


@pytest.mark.parametrize(
    ("target", "rules"),
    [
        (torch.ones(2), set()),
        (torch.ones(2, requires_grad=True), {("requires-grad", "warning")}),
        (torch.ones(2, dtype=torch.bfloat16), {("unsupported-dtype", "warning")}),
        (np.ones(2, dtype=np.float32), set()),
        (np.ones(2, dtype=np.float32)[::-1], {("negative-stride", "warning")}),
        (nn.Linear(2, 2).requires_grad_(False), set()),
        (nn.Linear(2, 2), {("requires-grad", "warning")}),
        ({"w": torch.ones(2), "v": [torch.ones(2).to(torch.float8_e5m2)]}, {("unsupported-dtype", "warning")}),
        ([np.ones(2, dtype=np.float32), torch.ones(2, device="meta")], {("off-cpu", "warning")}),
        (lambda: nn.Linear(2, 2).requires_grad_(False), set()),
        (lambda: np.ones(2, dtype=">f4"), {("byte-order", "warning")} if sys.byteorder == "little" else set()),
        ({"model": nn.Linear(2, 2).requires_grad_(False), "best": {}}, set()),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,  # no addresses: workers must agree
)
def test_the_users_own(target, rules: set[tuple[str, str]]) -> None:
    assert failed(embcheck.conversions(target)) == rules


def test_a_state_dict_kept_beside_its_model() -> None:
    model = nn.Linear(2, 2).requires_grad_(False)
    assert failed(embcheck.conversions({"model": model, "best": model.state_dict()})) == {("shared-memory", "warning")}


def test_one_outcome_for_all_that_meet_the_same_obstacle_and_one_row_for_each() -> None:
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(20)))
    report = embcheck.conversions(model)
    (outcome,) = report.failed
    assert outcome.n == 40
    assert outcome.subject == "0.weight, 0.bias and 38 more"
    assert outcome.fix == "model.get_parameter('0.weight').detach().numpy() (run and compared here)"
    rows = report.tables["conversions"]
    assert len(rows) == 40
    assert rows[3]["safe"] == "model.get_parameter('1.bias').detach().numpy()"
    assert all(row["verified"] for row in rows)
    assert report.exit_code == 0
    assert embcheck.conversions(model, fail_on="warning").exit_code == 1


def test_the_model_is_as_before() -> None:
    model = nn.Sequential(nn.Embedding(9, 4, sparse=True), nn.Linear(4, 2)).eval()
    model(torch.tensor([1, 2])).sum().backward()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    gradient = model[0].weight.grad
    embcheck.conversions(model)
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())
    assert model[0].weight.grad is gradient
    assert not model.training


def test_a_function_is_tried_on_samples() -> None:
    def careless(t):
        return t.numpy()

    report = embcheck.conversions(careless)
    assert {o.rule for o in report.failed} == {
        "off-cpu", "requires-grad", "unsupported-dtype", "lazy-bits", "unsupported-layout", "shared-memory",
    }  # fmt: skip
    assert {o.severity for o in report.failed if o.rule == "shared-memory"} == {Severity.NOTE}
    rows = {row["source"]: row for row in report.tables["conversions"]}
    assert rows["a parameter"]["safe"] == "x.detach().numpy()"
    assert rows["a plain tensor"]["outcome"] == "works"
    careful = embcheck.conversions(
        lambda t: t.detach().cpu().to_dense().float().numpy() if not t.is_complex() else None
    )
    assert "requires-grad" not in {o.rule for o in careful.failed}


@pytest.mark.parametrize(
    ("function", "rule"),
    [
        (lambda arrays: torch.tensor(arrays), "slow-conversion"),
        (lambda a: torch.from_numpy(a), "shared-memory"),
        (lambda a: torch.from_numpy(np.asarray(a, dtype=np.float64)), "widened-to-float64"),
        (lambda z: z.conj().numpy(), "lazy-bits"),
        (lambda x: np.sqrt(x.detach()) if np.__version__ >= "2" else x.numpy(), "array-copy-keyword"),
    ],
)
def test_functions_with_one_defect_each(function, rule: str) -> None:
    if rule == "array-copy-keyword" and np.__version__ < "2":
        pytest.skip("silent with numpy 1")
    assert (rule, "warning") in failed(embcheck.conversions(function))


def test_an_object_of_ones_own() -> None:
    class Trainer:
        def __init__(self) -> None:
            self.table = np.ones((3, 2), dtype=np.float32)
            self.model = nn.Embedding.from_pretrained(torch.from_numpy(self.table))
            self.frames = [np.ones(2)]

    assert ("shared-memory", "warning") in failed(embcheck.conversions(Trainer()))


def test_a_list_of_arrays() -> None:
    arrays = [np.ones(2, dtype=np.float32), np.zeros(2, dtype=np.float32)]
    assert failed(embcheck.conversions(arrays)) == {("slow-conversion", "warning")}
    assert failed(embcheck.conversions(np.stack(arrays))) == set()


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".npy", ".npz"])
def test_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    if suffix == ".safetensors":
        save_file({"a": torch.ones(3, dtype=torch.bfloat16), "b": torch.ones(2)}, path)
    elif suffix == ".pt":
        torch.save({"a": torch.ones(3, dtype=torch.bfloat16), "b": torch.ones(2)}, path)
    elif suffix == ".npy":
        np.save(path, np.ones(2, dtype=">f4"))
    else:
        np.savez(path, a=np.ones(2, dtype=np.uint16), b=np.ones(2, dtype=np.float32))
    due = {".npy": "byte-order", ".npz": "unsupported-dtype"}.get(suffix, "unsupported-dtype")
    assert due in {rule for rule, _ in failed(embcheck.conversions(path))}
    assert failed(embcheck.conversions(str(path))) == failed(embcheck.conversions(path))


def test_a_name_in_a_module(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "their_code.py").write_text(
        textwrap.dedent("""
        import torch

        def make(size=2):
            return torch.nn.Linear(size, size)

        def to_numpy(t):
            return t.detach().cpu().numpy()

        table = torch.ones(2, dtype=torch.bfloat16)
        """)
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "their_code", raising=False)
    made = embcheck.conversions("their_code:make", kwargs={"size": 3})
    assert failed(made) == {("requires-grad", "warning")}
    assert made.reproduce.startswith("embcheck conversions their_code:make --kwargs")
    assert made.failed[0].location is not None
    assert made.failed[0].location.path.endswith("their_code.py")
    assert "requires-grad" not in dict(failed(embcheck.conversions("their_code:to_numpy")))
    assert failed(embcheck.conversions("their_code:table")) == {("unsupported-dtype", "warning")}


def test_source_files_have_locations(tmp_path: Path) -> None:
    code = tmp_path / "evaluate.py"
    code.write_text("import torch\n\ndef run(model, x):\n    return model(x).numpy()\n")
    (tmp_path / "broken.py").write_text("def f(:\n")
    report = embcheck.conversions(source=[str(tmp_path)])
    assert failed(report) == {("off-cpu", "warning"), ("requires-grad", "warning")}
    assert {(o.location.path, o.location.line) for o in report.failed} == {(code.as_posix(), 4)}
    assert "broken.py" in report.notes[0]
    assert report.notes[1] == "Read 1 Python file; places to look at: 2."
    assert report.exit_code == 0


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (3, "int holds no tensor"),
        ("no/such/file.pt", "neither a file"),
        ("no_such_module_at_all:x", "Cannot import"),
        ({}, "holds no tensor"),
        ([], "holds no tensor"),
        ("", "An empty target"),
        (nn.ReLU(), "holds no tensor"),
        (lambda a: 1 / 0, "takes neither a plain tensor"),
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda: {"a": 1}, "holds no tensor"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,  # no addresses: workers must agree
)
def test_bad_targets_are_refused_in_a_sentence(target, words: str) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        embcheck.conversions(target)
    assert "\n" not in str(refused.value)


def test_bad_requests() -> None:
    with pytest.raises(UsageError, match="not both"):
        embcheck.conversions(torch.ones(2), source=["x.py"])
    with pytest.raises(UsageError, match="none of them is selected"):
        embcheck.conversions(torch.ones(2), select=["EMB101"])
    with pytest.raises(UsageError, match="does not exist"):
        embcheck.conversions(source=["no_such_file.py"])
    with pytest.raises(UsageError, match="meta"):
        embcheck.conversions(device="meta")
    with pytest.raises(UsageError):
        embcheck.conversions(torch.ones(2), kwargs={"a": 1})


@pytest.mark.parametrize(
    "strange",
    [
        torch.empty(0), torch.tensor(2.5), torch.ones(2, 3).T, torch.tensor([float("nan")]), torch.eye(2).to_sparse(),
        torch.ones(2, dtype=torch.complex64).conj(), np.zeros((0, 3), dtype=np.float32), np.array(None), np.array("x"),
        np.zeros(2, dtype=[("a", "f4")]), np.array(2.5, dtype=np.float32),
        nn.Sequential(nn.ReLU(), nn.LazyLinear(3), nn.Linear(2, 2)), nn.BatchNorm2d(2),
        {"[red]x\x1b[0m": torch.ones(2, requires_grad=True), 3: np.ones(2), None: torch.ones(1)},
    ],
    ids=lambda s: type(s).__name__,
)  # fmt: skip
def test_strange_values_do_not_crash(strange) -> None:
    report = embcheck.conversions(strange)
    assert not [o for o in report.outcomes if o.status is Status.ERROR]
    render(report, Style())


def test_a_list_that_holds_itself_ends() -> None:
    loop: list[object] = [torch.ones(1)]
    loop.append(loop)
    assert embcheck.conversions(loop).exit_code == 0
