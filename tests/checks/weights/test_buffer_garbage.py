import torch
from torch import nn

RULE = "buffer-garbage"


class Rotary(nn.Module):
    def __init__(self, dim: int = 16) -> None:
        super().__init__()
        self.register_buffer("inv_freq", 10000.0 ** (-torch.arange(0, dim, 2) / dim), persistent=False)
        self.register_buffer("mask", torch.full((4, 4), float("-inf")).triu(1))
        self.bn = nn.BatchNorm1d(4)


def test_sound_buffers_pass_masks_of_minus_infinity_too(failing) -> None:
    assert not failing(RULE, Rotary())


def test_lost_frequencies_fail(failing) -> None:
    for value in (float("nan"), 0.0, 3e31, 1e-42, 7.5):
        net = Rotary()
        net.inv_freq.fill_(value)
        assert set(failing(RULE, net)) == {"inv_freq"}, value


def test_negative_running_variance_fails(failing) -> None:
    net = Rotary()
    net.bn.running_var[1] = -1
    assert set(failing(RULE, net)) == {"bn.running_var"}


def test_buffer_that_is_lost_between_meta_and_to_empty(failing) -> None:
    def build() -> nn.Module:
        with torch.device("meta"):
            net = Rotary()
        net.to_empty(device="cpu")
        net.bn.reset_parameters()
        net.bn.reset_running_stats()
        return net

    assert {"inv_freq", "mask"} <= set(failing(RULE, build))


def test_integers_that_index_nothing_are_a_warning(failing) -> None:
    net = nn.Linear(4, 4)
    net.register_buffer("index", torch.randn(64).view(torch.int64))
    (outcome,) = failing(RULE, net).values()
    assert outcome.severity.value == "warning"
    net.index = torch.full((8,), torch.iinfo(torch.int64).max)
    assert failing(RULE, net)
    for sound in (
        torch.arange(64),
        torch.tensor([0, 1, 10**13]),
        torch.randint(-(2**31), 2**31 - 1, (64,), dtype=torch.int32),  # packed bits
        torch.tensor([0, torch.iinfo(torch.int64).min]).repeat(8),
    ):
        net.index = sound
        assert not failing(RULE, net)


def test_integers_read_as_floats_are_a_warning_and_a_decay_is_none(failing) -> None:
    net = nn.Linear(4, 4)
    net.register_buffer("table", torch.randint(0, 50_000, (32,)).view(torch.float32))
    assert failing(RULE, net)
    net.register_buffer("table", 0.9 ** torch.arange(1000))
    assert not failing(RULE, net)


def test_positions_and_variances_that_were_lost_to_zeros(failing) -> None:
    net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8))
    net.register_buffer("position_ids", torch.arange(16)[None], persistent=False)
    assert not failing(RULE, net)
    net.position_ids = torch.zeros(1, 16, dtype=torch.long)
    assert set(failing(RULE, net)) == {"position_ids"}
    net.position_ids = torch.arange(16)[None]
    net[1].running_var[0] = 0  # one channel that never varied
    assert not failing(RULE, net)
    net[1].running_var.zero_()
    assert set(failing(RULE, net)) == {"1.running_var"}


def test_tables_of_cosines_and_relative_positions_are_never_zero_throughout(failing) -> None:
    angle = torch.outer(torch.arange(6.0), torch.rand(4))
    sound = {
        "freqs_cos": angle.cos(),
        "freqs_sin": angle.sin(),
        "freqs_cis": torch.polar(torch.ones(6, 4), angle),
        "relative_position_index": torch.arange(9).view(3, 3),
        "token_type_ids": torch.zeros(1, 6, dtype=torch.long),
        "cost_matrix": torch.zeros(3, 3),
    }
    net = nn.Module()
    for name, table in sound.items():
        net.register_buffer(name, table, persistent=False)
    assert not failing(RULE, net)
    for table in sound.values():
        table.zero_()
    assert set(failing(RULE, net)) == {"freqs_cos", "freqs_cis", "relative_position_index"}


def test_a_count_of_batches_that_nobody_counted(failing) -> None:
    net = Rotary()
    for count, wrong in ((0, False), (10**9, False), (-1, True), (94233720368547758, True)):
        net.bn.num_batches_tracked.fill_(count)
        assert set(failing(RULE, net)) == ({"bn.num_batches_tracked"} if wrong else set())
