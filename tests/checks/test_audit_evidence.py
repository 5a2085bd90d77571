"""What an audit measures beside the laws: resolution, dtypes of buffers, mean rows, constant weights, shared memory."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def coarse(bits: int, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.randint(0, 2**bits, shape).float() / 2**bits


def test_draws_of_few_bits_are_found_without_a_law(failing) -> None:
    for fill in (
        lambda shape: (2 * coarse(8, shape) - 1) * 0.1,
        lambda shape: torch.erfinv(2 * (coarse(9, shape) + 2**-10) - 1) * 0.1,
    ):
        net = nn.Sequential(nn.Linear(128, 128), nn.Linear(128, 128))
        net[1].weight.data.copy_(fill((128, 128)))
        assert set(failing("low-resolution", net)) == {"1.weight"}


def test_quantised_weights_tables_and_fine_draws_pass(failing) -> None:
    net = nn.Sequential(nn.Linear(128, 128), nn.Linear(128, 128), nn.Linear(128, 128), nn.Linear(128, 128).bfloat16())
    with torch.no_grad():
        net[0].weight.copy_((torch.randn(128, 128) * 20).round() / 200)  # bell-shaped
        net[1].weight.copy_((torch.arange(128 * 128) % 128).view(128, 128) / 128)  # a ramp
    assert not failing("low-resolution", net)


def test_coarse_draws_false_alarms(failing) -> None:
    torch.manual_seed(1)
    for _ in range(100):
        assert not failing("low-resolution", {"fc.weight": torch.rand(64, 128) - 0.5})


def test_buffers_in_float64(failing) -> None:
    class Net(nn.Module):
        def __init__(self, table: torch.Tensor) -> None:
            super().__init__()
            self.fc = nn.Linear(8, 8)
            self.register_buffer("pos", table)
            self.register_buffer("step", torch.zeros((), dtype=torch.float64))

    table = torch.from_numpy(np.sin(np.arange(40).reshape(5, 8)))
    (outcome,) = failing("mixed-dtype", Net(table)).values()
    assert outcome.subject == "pos"
    assert outcome.severity.value == "warning"
    assert not failing("mixed-dtype", Net(table.float()))
    assert not failing("mixed-dtype", Net(table).double())


def test_a_row_that_is_the_mean_of_the_others(failing) -> None:
    table = torch.randn(200, 32) * 0.4
    table[3] = table[torch.arange(200) != 3].mean(0)
    assert not failing("outlier-row", {"emb.weight": table})
    table[3] = torch.randn(32) * 0.03  # as short, and no mean
    assert set(failing("outlier-row", {"emb.weight": table})) == {"emb.weight"}


def test_weights_of_one_number(failing) -> None:
    net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 16))
    nn.init.constant_(net[0].weight, 0.01)
    (outcome,) = failing("duplicate-rows", net).values()
    assert (outcome.subject, outcome.severity.value) == ("0.weight", "warning")
    nn.init.zeros_(net[0].weight)  # all-zero's business
    assert not failing("duplicate-rows", net)


def test_constant_tables_are_gains_or_a_single_token(failing) -> None:
    class Net(nn.Module):
        def __init__(self, gain: bool) -> None:
            super().__init__()
            self.emb, self.fc, self.gain = nn.Embedding(9, 16), nn.Linear(16, 16), gain
            nn.init.ones_(self.emb.weight)

        def forward(self, x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
            return self.fc(x) * self.emb(ids) if self.gain else self.fc(x + self.emb(ids))

    given = (torch.randn(4, 16), torch.tensor([0, 3, 5, 8]))
    assert not failing("duplicate-rows", Net(gain=True), inputs=given)
    assert set(failing("duplicate-rows", Net(gain=False), inputs=given)) == {"emb.weight"}


def test_sub_kernels_of_a_pixel_shuffle(failing) -> None:
    conv = nn.Conv2d(8, 32, 3)
    with torch.no_grad():
        conv.weight.copy_(torch.randn(8, 8, 3, 3).repeat_interleave(4, 0))
    assert not failing("duplicate-rows", nn.Sequential(conv))
    with torch.no_grad():
        conv.weight[5] = conv.weight[20]
    assert failing("duplicate-rows", nn.Sequential(conv))


def test_gains_drawn_close_to_one_are_a_note(failing) -> None:
    net = nn.Sequential(*[m for _ in range(3) for m in (nn.Linear(64, 64), nn.BatchNorm1d(64))])
    for i, std in ((1, 0.02), (3, 0.02), (5, 0.3)):
        nn.init.normal_(net[i].weight, 1.0, std)
    found = {k: o.severity.value for k, o in failing("norm-gain-wrong", net).items()}
    assert found == {"1.weight": "note", "3.weight": "note", "5.weight": "warning"}


def test_fixed_encodings_are_no_noise(failing) -> None:
    net = nn.Sequential(nn.Embedding.from_pretrained(torch.eye(20)), nn.Linear(20, 64))
    assert not failing("frozen-parameter", net)


def test_two_parameters_in_one_memory(failing) -> None:
    array = torch.randn(20, 8).numpy()
    net = nn.ModuleDict(
        {k: nn.Embedding.from_pretrained(torch.from_numpy(array), freeze=False) for k in ("query", "doc")}
    )
    assert len(failing("shared-memory", net)) == 1
    net["doc"].weight = net["query"].weight  # tied: one object
    assert not failing("shared-memory", net)
    fused = torch.randn(8, 24)
    parts = nn.ParameterList(nn.Parameter(p) for p in fused.chunk(3, 1))  # columns that lie between one another
    assert not failing("shared-memory", nn.ModuleList([parts]))


def test_a_tied_decoder_makes_the_gradient_dense(failing) -> None:
    class Decoder(nn.Module):
        def __init__(self, kind: type[torch.optim.Optimizer], tied: bool) -> None:
            super().__init__()
            self.emb, self.tied = nn.Embedding(20, 8, sparse=True), tied
            self.optimizer = kind(list(self.parameters()), lr=0.1)

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.emb(ids) @ self.emb.weight.T if self.tied else self.emb(ids)

    ids = (torch.tensor([[1, 2]]),)
    assert set(failing("sparse-optimizer", Decoder(torch.optim.SparseAdam, tied=True), inputs=ids)) == {"emb"}
    assert not failing("sparse-optimizer", Decoder(torch.optim.SparseAdam, tied=False), inputs=ids)
    assert not failing("sparse-optimizer", Decoder(torch.optim.SGD, tied=True), inputs=ids)


def test_the_optimizer_of_a_lightning_module(failing) -> None:
    class Lit(nn.Module):
        def __init__(self, how: object) -> None:
            super().__init__()
            self.emb, self.how = nn.Embedding(20, 8, sparse=True), how

        def configure_optimizers(self) -> object:
            return self.how(list(self.parameters()))

    def adam(parameters):
        return torch.optim.Adam(parameters)

    def scheduled(parameters):
        optimizer = adam(parameters)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 1)}}

    def broken(parameters):
        raise RuntimeError("no trainer yet")

    for how in (adam, scheduled, lambda p: ([adam(p)], [])):
        assert set(failing("sparse-optimizer", Lit(how))) == {"emb"}
    for how in (torch.optim.SparseAdam, broken, lambda p: None):
        assert not failing("sparse-optimizer", Lit(how))
