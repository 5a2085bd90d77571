"""Every command on a device that is not the CPU: an accelerator made of Python, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

TESTS = Path(__file__).parent

pytestmark = pytest.mark.skipif(
    not hasattr(torch.utils.backend_registration, "_setup_privateuseone_for_python_backend"),
    reason="this torch cannot register a backend in Python",
)

START = """
import json, sys, torch
sys.path.insert(0, {tests!r})
import backend
kept = backend.register()
# its tensors are a subclass that keeps its values elsewhere, which a real device's are not
import embcheck.subjects.access
embcheck.subjects.access._is_wrapper = lambda tensor: False
"""


def on_device(script: str) -> Any:
    """What the script prints last, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", START.format(tests=str(TESTS)) + script],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_distances_are_those_of_the_host_and_only_counts_cross() -> None:
    found = on_device("""
from embcheck.laws.families import Normal
from embcheck.stats.ks.one_sample import kolmogorov, two_sample
from embcheck.stats.summary import summarize
rows = []
for dtype in (torch.float32, torch.float64, torch.bfloat16):
    host = torch.randn(600_000, dtype=dtype)
    there = host.to("pretend")
    assert not there.is_cpu
    backend.crossed.clear()
    one, other = kolmogorov(there, Normal()), kolmogorov(host, Normal())
    a, b = summarize(there), summarize(host)
    pair = two_sample(there[:300_000], there[300_000:]), two_sample(host[:300_000], host[300_000:])
    rows.append([one.d, other.d, pair[0].d, pair[1].d, a.std, b.std, a.distinct, b.distinct, max(backend.crossed)])
print(json.dumps(rows))
""")
    for d, host_d, pair_d, host_pair_d, std, host_std, distinct, host_distinct, most in found:
        assert d == pytest.approx(host_d, abs=1e-12) and pair_d == pytest.approx(host_pair_d, abs=1e-12)
        assert std == pytest.approx(host_std, rel=1e-12) and distinct == host_distinct
        assert most <= 1 << 19  # counts of bins, not the 600,000 values


@pytest.mark.parametrize("without_float64", [False, True])
def test_init_stats_says_what_it_says_of_the_cpu(without_float64: bool) -> None:
    found = on_device(f"""
import embcheck
backend.without_float64 = {without_float64}
def said(device):
    return [[o.code, o.subject, o.status.value] for o in embcheck.init_stats(device=device).outcomes]
print(json.dumps([said("pretend"), said("cpu")]))
""")
    there, here = found
    assert len(here) > 1000
    said = {(code, subject): status for code, subject, status in here}
    cpu_only = ("INI120", "Tensor(2, 3)")
    assert {(code, subject) for code, subject, _ in there} ^ set(said) == {cpu_only}
    other = [row for row in there if said[row[0], row[1]] != row[2]]
    assert other == [["EMB115", "Embedding(4, 2) with ids on another device", "pass"]]  # the CPU has to skip it


@pytest.mark.parametrize(
    ("defect", "rules"),
    [
        # https://github.com/pytorch/pytorch/pull/165267: in-place draws on a view that is not contiguous are lost
        ("args[0].host.is_contiguous() or (lambda: args[0])", {"INI101", "INI102"}),
        # https://github.com/pytorch/pytorch/issues/78009: the generator's state does not advance
        ("torch.default_generator.manual_seed(7)", {"INI114"}),
    ],
)
def test_a_defect_of_the_backend_is_named(defect: str, rules: set[str]) -> None:
    found = on_device(f"""
import embcheck
plain = backend._run
def broken(func, args, kwargs):
    if func._schema.name == "aten::normal_":
        done = {defect}
        if callable(done):
            return done()
    return plain(func, args, kwargs)
backend._run = broken
report = embcheck.init_stats(device="pretend", select=["INI"])
print(json.dumps([report.exit_code, sorted({{o.code for o in report.failed}})]))
""")
    code, codes = found
    assert code == 1 and rules & set(codes), codes


@pytest.mark.parametrize("without_float64", [False, True])
def test_every_other_command_runs_there(tmp_path: Path, without_float64: bool) -> None:
    (tmp_path / "net.py").write_text(
        """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(3000, 64, padding_idx=0, device="pretend")
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.layers = nn.ModuleList(nn.Linear(64, 64, device="pretend") for _ in range(3))
        self.head = nn.Linear(64, 10, device="pretend")
    def forward(self, ids):
        x = self.embedding(ids)
        for layer in self.layers:
            x = layer(x).relu()
        return self.head(x)
def ids():
    return (torch.randint(0, 3000, (4, 7)).to("pretend"),)
"""
    )
    found = on_device(f"""
import embcheck, os
os.chdir({str(tmp_path)!r})
sys.path.insert(0, ".")
import net
backend.without_float64 = {without_float64}
model = net.Net()
audit = embcheck.audit("net:Net", inputs="net:ids")
live = embcheck.audit(model)
compared = embcheck.compare(model, model)
swept = embcheck.variance_sweep(depth=6, width=64, device="pretend")
own = embcheck.variance_sweep(model="net:Net", inputs="net:ids")
converted = embcheck.conversions(device="pretend")
named = str(embcheck.identify(model.layers[0].weight, module=model.layers[0]))
checked = embcheck.check(model.embedding.weight[1:], "normal(0, 0.02)").status.value
reports = (audit, live, compared, swept, own, converted)
print(json.dumps([
    [sorted({{o.code for o in r.failed if r.counts(o)}}) for r in reports],
    [o.message for r in reports for o in r.outcomes if o.status.value == "error"],
    named, checked]))
""")
    failed, crashed, named, checked = found
    assert crashed == []
    assert failed == [["EMB101"], ["EMB101"], [], [], [], []]
    assert "default" in named and checked == "pass"
