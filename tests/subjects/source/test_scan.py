"""Source files: which conversions are found, at which line, and which are left alone."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from embcheck.errors import UsageError
from embcheck.subjects.source.files import files
from embcheck.subjects.source.scan import look, scan

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "import numpy as np\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def hits(code: str, path: str = "code.py"):
    return look(ast.parse(HEADER + dedent(code)), path)


def found(code: str) -> set[tuple[str, str]]:
    return {(h.rule, h.severity) for h in hits(code) if not h.sound}


OFF, GRAD = ("off-cpu", "warning"), ("requires-grad", "warning")
MAYBE = ("off-cpu", "note")

WRONG = {
    "the output of a model": ("def f(model, x):\n    return model(x).numpy()", {OFF, GRAD}),
    "detached only": ("def f(model, x):\n    return model(x).detach().numpy()", {OFF}),
    "on the CPU only": ("def f(model, x):\n    return model(x).cpu().numpy()", {GRAD}),
    "np.asarray of an output": ("def f(model, x):\n    return np.asarray(model(x))", {OFF, GRAD}),
    "np.array of a detached output": ("def f(model, x):\n    return np.array(model(x).detach())", {OFF}),
    "under no_grad": ("def f(model, x):\n    with torch.no_grad():\n        return model(x).numpy()", {OFF}),
    "under a decorator": ("@torch.no_grad()\ndef f(model, x):\n    return model(x).numpy()", {OFF}),
    "a layer of torch": ("layer = nn.Linear(2, 2)\ny = layer(torch.ones(2)).numpy()", {OFF, GRAD}),
    "a parameter": ("w = nn.Parameter(torch.ones(2))\nw.numpy()", {OFF, GRAD}),
    "a weight": ("layer = nn.Linear(2, 2)\nlayer.weight.data.numpy()", {OFF}),
    "parameters()": ("def f(model: nn.Module):\n    return [p.detach().numpy() for p in model.parameters()]", {OFF}),
    "named_parameters()": (
        "def f(model: nn.Module):\n    for n, p in model.named_parameters():\n        p.numpy()",
        {OFF, GRAD},
    ),
    "a state dict": ("def f(model):\n    return {k: v.numpy() for k, v in model.state_dict().items()}", {OFF}),
    "moved to a device": ("def f(x, device):\n    x = x.to(device)\n    return (x * 2).sum().numpy()", {OFF}),
    "made on a device": ("x = torch.zeros(3, device='cuda')\nx.numpy()", {OFF}),
    "a hidden layer of a module": (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(2, 2)\n"
        "    def forward(self, x):\n        return F.relu(self.fc(x)).numpy()",
        {OFF, GRAD},
    ),
    "a loss of outputs": ("def f(model, x, y):\n    return nn.MSELoss()(model(x), y).cpu().numpy()", {GRAD}),
    "collected in a list": (
        "def f(model, xs):\n    out = []\n    for x in xs:\n        out.append(model(x))\n"
        "    return torch.cat(out).cpu().numpy()",
        {GRAD},
    ),
    "of unknown origin": ("def f(x):\n    return x.numpy()", {MAYBE}),
    "annotated": ("def f(x: torch.Tensor):\n    return (x + 1).numpy()", {MAYBE}),
    "detached, of unknown origin": ("def f(x):\n    return x.detach().numpy()", {MAYBE}),
    "np.array of a tensor on the CPU": (
        "def f(model, x):\n    return np.array(model(x).detach().cpu())",
        {("array-copy-keyword", "warning")},
    ),
    "torch.tensor of a tensor": ("def f(x: torch.Tensor):\n    return torch.tensor(x)", {("lost-gradient", "warning")}),
    "a list of arrays": (
        "def f(xs):\n    return torch.tensor([x.cpu().numpy() for x in xs])",
        {("slow-conversion", "warning")},
    ),
    "an edit of torch": ("torch.Tensor.numpy = lambda self: self.detach().cpu()", {("patched-torch", "error")}),
    "an edit of __array__": ("torch.Tensor.__array__ = lambda self, dtype=None: 0", {("patched-torch", "error")}),
    "the best that is the last": (
        "def f(model):\n    for _ in range(9):\n        best = model.state_dict()\n    model.load_state_dict(best)",
        {("shared-memory", "warning")},
    ),
    "a shallow copy of the best": (
        "def f(model):\n    best_state = model.state_dict().copy()\n    model.load_state_dict(best_state)",
        {("shared-memory", "warning")},
    ),
}

SOUND = {
    "the whole chain": "def f(model, x):\n    return model(x).detach().cpu().numpy()",
    "force": "def f(model, x):\n    return model(x).numpy(force=True)",
    "no_grad and cpu": "def f(model, x):\n    with torch.no_grad():\n        return model(x).cpu().numpy()",
    "inference mode": "@torch.inference_mode()\ndef f(model, x):\n    return model(x).to('cpu').numpy()",
    "kept from no_grad": (
        "def f(model, x):\n    with torch.no_grad():\n        y = model(x)\n    return y.cpu().numpy()"
    ),
    "made on the CPU": "x = torch.arange(5)\ny = (x * 2).numpy()",
    "from an array": "def f(a):\n    return torch.from_numpy(a).float().numpy()",
    "cpu of something unknown": "def f(x):\n    return x.cpu().permute(0, 2).float().numpy()",
    "argmax has no gradient": "def f(model, x):\n    return model(x).argmax(-1).cpu().numpy()",
    "integers": "def f(model, x):\n    return (model(x) > 0).cpu().numpy()",
    "moved where it is asked": (
        "def f(model, x):\n    y = model(x).detach()\n    if y.is_cuda:\n        y = y.cpu()\n    return y.numpy()"
    ),
    "no tensor where it is asked": (
        "def f(x: torch.Tensor):\n    if not torch.is_tensor(x):\n        x = torch.tensor(x)\n    return x"
    ),
    "no tensor after a return": (
        "def f(x: torch.Tensor):\n    if isinstance(x, torch.Tensor):\n        return x\n    return torch.tensor(x)"
    ),
    "a frozen parameter": "w = nn.Parameter(torch.ones(2), requires_grad=False)\nw.cpu().numpy()",
    "another library's": "def f(frame):\n    return frame.to_numpy()",
    "np of arrays": "def f(a):\n    return np.asarray(np.zeros(3))",
    "np of something unknown": "def f(x):\n    return np.asarray(x)",
    "numbers, not arrays": "def f():\n    return torch.tensor([np.sqrt(2.0), np.prod([2, 3])])",
    "elements of an array": "def f(x):\n    return torch.tensor([int(i) for i in x.cpu().numpy()])",
    "a copy of the best": (
        "import copy\ndef f(model):\n    best = copy.deepcopy(model.state_dict())\n    model.load_state_dict(best)"
    ),
    "a state dict that is saved": "def f(model, path):\n    best = model.state_dict()\n    torch.save(best, path)",
    "the optimizer's": "def f(optimizer):\n    best = optimizer.state_dict()\n    optimizer.load_state_dict(best)",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_fails_is_found(name: str) -> None:
    code, due = WRONG[name]
    assert found(code) == due


@pytest.mark.parametrize("name", SOUND)
def test_what_works_is_left_alone(name: str) -> None:
    assert found(SOUND[name]) == set()


def test_the_line_and_what_to_write_instead() -> None:
    (off, grad) = hits("def f(model, x):\n    return model(x).numpy()")
    assert off.line == grad.line == 6
    assert off.fix == "model(x).detach().cpu().numpy()"
    assert "the output of a module" in off.message


def test_a_sound_conversion_counts_as_a_pass() -> None:
    (hit,) = hits("def f(model, x):\n    return model(x).detach().cpu().numpy()")
    assert hit.sound


def test_a_file_without_torch_is_not_asked() -> None:
    assert look(ast.parse("def f(x):\n    return x.numpy()"), "x.py") == []


def test_a_file_with_another_library_of_tensors_is_not_guessed_at() -> None:
    assert found("import tensorflow as tf\ndef f(x):\n    return x.numpy()") == set()


def test_torchs_own_file_pristine_and_edited() -> None:
    own = "class Tensor:\n    def __array__(self, dtype=None):\n        return self{}.numpy()\n"
    assert look(ast.parse(own.format("")), "lib/torch/_tensor.py") == []
    (hit,) = look(ast.parse(own.format(".cpu()")), "lib/torch/_tensor.py")
    assert (hit.rule, hit.severity, hit.line) == ("patched-torch", "error", 2)
    assert look(ast.parse(own.format(".cpu()")), "elsewhere/_tensor.py") == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def f(:\n", "SyntaxError"),
        (b"\xff\xfe\x00", "SyntaxError"),
        (b"x = 1\x00", ""),
        (b"import torch\nx = " + b"(" * 5000 + b"1" + b")" * 5000, ""),
        (b"import torch\nx = " + b"-" * 20000 + b"1", ""),
        (b"", ""),
    ],
)
def test_broken_and_hostile_files_do_not_crash(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(content)
    subject = scan(path)
    assert subject.value == []
    assert reason in subject.facts["reason"]


def test_files_are_found_once_and_environments_passed_over(tmp_path: Path) -> None:
    for name in ("a.py", "pkg/b.py", ".venv/lib/c.py", "build/d.py", ".git/e.py", "notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [p.name for p in files([tmp_path, tmp_path / "a.py"])] == ["a.py", "b.py"]
    with pytest.raises(UsageError, match="does not exist"):
        list(files([tmp_path / "none"]))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no Python file"):
        list(files([tmp_path / "empty"]))
