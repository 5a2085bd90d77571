"""Rules of `audit` and `compare` end to end: all at once they name the planted defect, and nothing on a sound model."""

from __future__ import annotations

import copy
import itertools
import warnings
from collections import Counter
from types import SimpleNamespace

import pytest
import torch
from torch import nn

import embcheck
from embcheck.results import Status

D = 32


class Net(nn.Module):
    """A sound small language model, changed by `change`."""

    def __init__(self, change=None) -> None:
        super().__init__()
        self.emb = nn.Embedding(120, D)
        nn.init.normal_(self.emb.weight, std=D**-0.5)
        self.layers = nn.ModuleList(nn.Linear(D, D) for _ in range(3))
        self.norm = nn.LayerNorm(D)
        self.rnn = nn.LSTM(D, D, batch_first=True)
        self.head = nn.Linear(D, 120)
        self.register_buffer("inv_freq", 10_000.0 ** -(torch.arange(0, 8, 2) / 8), persistent=False)
        self.optimizer = None
        with torch.no_grad():
            if change is not None:
                change(self)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.emb(ids)
        for layer in self.layers:
            x = x + layer(x)
        return self.head(self.norm(x + self.rnn(x)[0]))


def ids() -> tuple[torch.Tensor]:
    return (torch.arange(24).reshape(2, 12),)


def zero_row(net: Net) -> None:
    net.layers[1].weight[3] = 0


def zero_column(net: Net) -> None:
    net.layers[1].weight[:, 3] = 0


def zero_block(net: Net) -> None:
    net.layers[1].weight[8:16, 8:24] = 0


def odd_row(net: Net) -> None:
    net.emb.weight[7] = torch.randn(D) * 2


def copied(net: Net) -> None:
    net.layers = nn.ModuleList(copy.deepcopy(net.layers[0]) for _ in range(3))


def marked_and_wiped(net: Net) -> None:
    net.layers[0].bias._no_reinit = True
    for layer in net.layers:
        layer.bias.zero_()


def fused_orthogonal(net: Net) -> None:
    nn.init.orthogonal_(net.rnn.weight_hh_l0)


def stale(net: Net) -> None:
    net.optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    net.head = nn.Linear(D, 120)


def rewrapped(net: Net) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch deprecates the hook that this rule is about
        net.layers[0] = nn.utils.weight_norm(net.layers[0])
    nn.init.xavier_normal_(net.layers[0].weight)


def unfilled(net: Net) -> None:
    net.score = nn.Parameter(torch.empty(6, 5))


def lost_buffer(net: Net) -> None:
    net.inv_freq = torch.full((4,), 3e20)
    net.inv_freq[1] = -7e15


# rule, what is planted, the subject that is named
VALUES = [
    ("all-zero", lambda net: net.layers[1].weight.zero_(), "layers.1.weight"),
    ("zero-rows", zero_row, "layers.1.weight"),
    ("zero-columns", zero_column, "layers.1.weight"),
    ("zero-slice", zero_block, "layers.1.weight"),
    ("garbage-values", unfilled, "score"),
    ("identical-parameters", copied, "layers.0"),
    ("outlier-row", odd_row, "emb.weight"),
    ("mixed-dtype", lambda net: net.emb.double(), "emb.weight"),
    ("buffer-garbage", lost_buffer, "inv_freq"),
    ("buffer-precision", lambda net: setattr(net, "inv_freq", net.inv_freq.bfloat16()), "inv_freq"),
    ("unregistered", lambda net: setattr(net, "extra", [nn.Linear(D, D), nn.Linear(D, D)]), "extra[0]"),
    ("shared-module", lambda net: setattr(net, "layers", nn.ModuleList([net.layers[0]] * 3)), "layers.0"),
    ("stale-optimizer", stale, "factory"),
    ("init-lost-after-forward", rewrapped, "layers.0.weight"),
    ("special-init-overwritten", marked_and_wiped, "layers.0.bias"),
    ("norm-gain-wrong", lambda net: (net.norm.weight.zero_(), net.norm.bias.fill_(1)), "norm.weight"),
    ("wrong-gate-init", fused_orthogonal, "rnn.weight_hh_l0"),
    ("logit-scale", lambda net: setattr(net.head, "weight", nn.Parameter(torch.randn(120, D))), "head:linear"),
]


def audited(target, **given):
    """Every rule at once; no two outcomes may share code and subject, and no rule may crash."""
    report = embcheck.audit(target, **given)
    assert not [o.reason for o in report.outcomes if o.status is Status.ERROR]
    twice = [pair for pair, times in Counter((o.code, o.subject) for o in report.outcomes).items() if times > 1]
    assert not twice
    return {(o.rule, o.subject): o for o in report.failed}


@pytest.mark.parametrize(("rule", "change", "subject"), VALUES, ids=[rule for rule, *_ in VALUES])
def test_planted_defect_is_named(rule, change, subject) -> None:
    def factory() -> nn.Module:
        return Net(change)

    found = audited(factory, inputs=ids if rule == "logit-scale" else None)
    named = {s for r, s in found if r == rule}
    assert any(s == subject or s.endswith(subject) for s in named), sorted(found)


def test_sound_model_is_silent() -> None:
    assert audited(Net, inputs=ids) == {}
    assert audited(Net().state_dict()) == {}
    twin = Net()
    assert audited(twin, reference={k: v.clone() for k, v in twin.state_dict().items()}) == {}
    assert audited(twin, reference=copy.deepcopy(twin)) == {}


def state_of(net: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in net.state_dict().items()}


def test_reference_rules_name_what_was_not_loaded() -> None:
    net = Net()
    state = state_of(net)
    net.layers[2].reset_parameters()
    assert {s for r, s in audited(net, reference=state) if r == "checkpoint-mismatch"} == {
        "layers.2.weight", "layers.2.bias",
    }  # fmt: skip
    net = Net()
    state = state_of(net)
    state["emb.weight"] = state["emb.weight"].roll(1, 0)
    assert ("row-order", "emb.weight") in audited(net, reference=state)


def test_replica_that_differs() -> None:
    net = Net()
    other = copy.deepcopy(net)
    with torch.no_grad():
        other.layers[1].weight[0, 0] += 1
    assert {key for key in audited(net, reference=other) if key[0] == "replica-mismatch"} == {
        ("replica-mismatch", "layers.1.weight")
    }


def test_head_that_the_configuration_ties() -> None:
    net = Net(lambda n: setattr(n, "lm_head", nn.Linear(D, 120, bias=False)))
    net.config = SimpleNamespace(tie_word_embeddings=True, vocab_size=120)
    assert ("untied-random-head", "lm_head.weight") in audited(net)


def test_checkpoint_that_was_never_trained() -> None:
    found = audited(state_of(Net()), trained=True)
    assert {"emb.weight", "layers.0.weight", "rnn.weight_ih_l0"} <= {s for r, s in found if r == "looks-untrained"}


def test_factory_that_ignores_or_exceeds_its_seed() -> None:
    count = itertools.count()

    def unseeded() -> nn.Module:
        torch.manual_seed(next(count))
        return Net()

    def frozen() -> nn.Module:
        torch.manual_seed(1)
        return Net()

    assert ("not-reproducible", "emb.weight") in audited(unseeded)
    assert ("seed-ignored", "emb.weight") in audited(frozen)


def test_table_of_another_file_of_vectors(tmp_path) -> None:
    net = Net()
    path = tmp_path / "vectors.txt"
    lines = [f"w{i} " + " ".join(map(str, row)) for i, row in enumerate(torch.randn(120, D).tolist())]
    path.write_text("\n".join(lines))
    assert ("vectors-mismatch", "emb.weight") in audited(net, vectors=str(path))


def test_compare_names_laws_and_names_that_differ() -> None:
    a, b = state_of(Net()), state_of(Net())
    b["layers.1.weight"] = 2 * torch.randn(D, D) * a["layers.1.weight"].std()
    del b["head.bias"]
    report = embcheck.compare(a, b)
    failed = {(o.rule, o.subject) for o in report.failed}
    assert failed == {("different-law", "layers.1.weight"), ("missing-tensor", "head.bias")}
    assert max(Counter((o.code, o.subject) for o in report.outcomes).values()) == 1
