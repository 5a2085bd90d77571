import torch
from torch import nn

RULE = "all-zero"


class Net(nn.Module):
    def __init__(self, positions: torch.Tensor) -> None:
        super().__init__()
        self.tok = nn.Embedding(20, 8)
        self.pos = nn.Parameter(positions)
        self.cls = nn.Parameter(torch.zeros(1, 1, 8))


def test_drawn_weights_and_single_tokens_pass(failing) -> None:
    assert not failing(RULE, Net(torch.randn(1, 6, 8)))


def test_forgotten_table_fails_as_a_warning(failing) -> None:
    found = failing(RULE, Net(torch.zeros(1, 6, 8)))
    assert set(found) == {"pos"}
    assert found["pos"].severity.value == "warning"


def test_low_rank_pair_may_start_at_zero(failing) -> None:
    class LoRA(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(16, 2, bias=False), nn.Linear(2, 16, bias=False)
            nn.init.zeros_(self.b.weight)

    assert not failing(RULE, LoRA())


def test_both_factors_at_zero_never_learn(failing) -> None:
    class Dead(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Parameter(torch.zeros(2, 16)), nn.Parameter(torch.zeros(16, 2))

    assert set(failing(RULE, Dead())) == {"a", "b"}


def test_a_zero_table_that_is_the_whole_signal_is_not_excused(failing) -> None:
    ids = (torch.randint(0, 20, (4, 6)),)
    for after in (nn.Linear(8, 8), nn.LayerNorm(8), nn.Sequential(nn.Dropout(0.1), nn.Linear(8, 8))):
        table = nn.Embedding(20, 8)
        nn.init.zeros_(table.weight)
        assert set(failing(RULE, nn.Sequential(table, after, nn.Linear(8, 3)), inputs=ids)) == {"0.weight"}


def test_a_zero_layer_in_the_middle_is_not_excused_and_one_beside_a_skip_is(failing) -> None:
    class Middle(nn.Module):
        def __init__(self, around: bool) -> None:
            super().__init__()
            self.a, self.b, self.c, self.around = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 3), around
            nn.init.zeros_(self.b.weight)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = torch.relu(self.a(x))
            return self.c(torch.relu(self.b(h)) + (h if self.around else 0))

    x = (torch.randn(6, 8),)
    assert set(failing(RULE, Middle(around=False), inputs=x)) == {"b.weight"}
    assert not failing(RULE, Middle(around=True), inputs=x)


def test_zeros_that_somebody_wrote_over_a_layer_are_a_note(failing) -> None:
    convolutions = nn.ModuleList([nn.Conv2d(8, 8, 3) for _ in range(4)])
    nn.init.zeros_(convolutions[3].weight)
    assert failing(RULE, convolutions)["3.weight"].severity.value == "note"
    for layer in convolutions:
        nn.init.zeros_(layer.weight)  # nothing is drawn: memory that was never initialised is often zero
    assert {o.severity.value for o in failing(RULE, convolutions).values()} == {"warning"}


def test_a_product_of_two_zeros_stays_a_warning(failing) -> None:
    pair = nn.ModuleDict({"a": nn.Linear(64, 4, bias=False), "b": nn.Linear(4, 64, bias=False)})
    for layer in pair.values():
        nn.init.zeros_(layer.weight)
    model = nn.ModuleDict({"pair": pair, "rest": nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])})
    assert {o.severity.value for o in failing(RULE, model).values()} == {"warning"}


def test_a_frozen_layer_of_zeros_stays_zero(failing) -> None:
    net = nn.Sequential(nn.Embedding(20, 8), nn.Linear(8, 8)).requires_grad_(False)
    net.append(nn.Linear(8, 3))
    assert not failing(RULE, net)
    for p in net[:2].parameters():
        nn.init.zeros_(p)
    found = failing(RULE, net, inputs=(torch.randint(0, 20, (4,)),))
    assert set(found) == {"0.weight", "1.weight"}
    net.register_parameter("mask", nn.Parameter(torch.zeros(4, 4), requires_grad=False))
    assert "mask" not in failing(RULE, net)


def test_a_stack_of_low_rank_pairs_may_start_at_zero(failing) -> None:
    stack = nn.Module()
    stack.a, stack.b = nn.Parameter(torch.randn(3, 2, 16)), nn.Parameter(torch.zeros(3, 16, 2))
    assert not failing(RULE, stack)
    stack.b = nn.Parameter(torch.zeros(4, 16, 2))
    assert failing(RULE, stack)


def test_zero_queries_are_the_signal_and_not_a_layer(failing) -> None:
    class Pool(nn.Module):
        def __init__(self, queries: torch.Tensor) -> None:
            super().__init__()
            self.queries, self.attend = nn.Parameter(queries), nn.MultiheadAttention(8, 2, batch_first=True)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.attend(self.queries.expand(len(x), -1, -1), x, x)[0]

    x = (torch.randn(3, 5, 8),)
    assert set(failing(RULE, Pool(torch.zeros(1, 4, 8)), inputs=x)) == {"queries"}
    assert not failing(RULE, Pool(torch.randn(1, 4, 8)), inputs=x)


def test_low_rank_pairs_that_are_named_per_adapter_may_start_at_zero(failing) -> None:
    class LoRA(nn.Module):
        def __init__(self, zero: str) -> None:
            super().__init__()
            self.lora_A = nn.ModuleDict({"default": nn.Linear(64, 8, bias=False)})
            self.lora_B = nn.ModuleDict({"default": nn.Linear(8, 96, bias=False)})
            nn.init.zeros_(getattr(self, zero)["default"].weight)

    assert not failing(RULE, nn.ModuleList(LoRA("lora_B") for _ in range(4)))
    blocks = nn.ModuleList(nn.ModuleDict({"fc": nn.Linear(8, 64, bias=False)}) for _ in range(2))
    blocks.append(nn.ModuleDict({"fc": nn.Linear(64, 8, bias=False)}))
    nn.init.zeros_(blocks[2]["fc"].weight)
    assert failing(RULE, blocks)  # another block is no partner
