"""A GPT-2-style model, sound, with its author's declaration, and the defects that are planted in it one at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable


class Attention(nn.Module):
    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.c_attn = nn.Linear(d, 3 * d)
        self.c_proj = nn.Linear(d, d)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, t, d = x.shape
        q, k, v = (y.view(b, t, self.heads, -1).transpose(1, 2) for y in self.c_attn(x).split(d, dim=2))
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(b, t, d))


class MLP(nn.Module):
    def __init__(self, d: int) -> None:
        super().__init__()
        self.c_fc = nn.Linear(d, 4 * d)
        self.c_proj = nn.Linear(4 * d, d)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.c_proj(nn.functional.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attn, self.mlp = Attention(d, heads), MLP(d)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self, layers: int = 6, d: int = 96, vocab: int = 500, context: int = 64) -> None:
        super().__init__()
        self.layers = layers
        self.wte = nn.Embedding(vocab, d, padding_idx=0)
        self.wpe = nn.Embedding(context, d)
        self.h = nn.ModuleList([Block(d, 4) for _ in range(layers)])
        self.ln_f = nn.LayerNorm(d)
        for name, module in self.named_modules():
            if isinstance(module, nn.Linear):
                std = 0.02 / math.sqrt(2 * layers) if name.endswith("c_proj") else 0.02
                nn.init.normal_(module.weight, 0.0, std)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, 0.0, 0.02)
        with torch.no_grad():
            self.wte.weight[0].zero_()

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1], device=ids.device))
        for block in self.h:
            x = block(x)
        return self.ln_f(x) @ self.wte.weight.T


def expect(layers: int = 6) -> dict[str, object]:
    return {
        "wte.weight": {"law": "normal(0, 0.02)", "padding_idx": 0},
        "wpe.weight": "normal(0, 0.02)",
        "*.c_proj.weight": f"normal(0, 0.02/sqrt(2*{layers}))",
        "h.*.c_*.weight": "normal(0, 0.02)",
        "*ln_*.weight": "ones()",
        "*.bias": "zeros()",
    }


def _scaled(model: GPT) -> None:
    model.h[2].mlp.c_fc.weight.mul_(1.05)


def _family(model: GPT) -> None:
    nn.init.uniform_(model.h[1].mlp.c_fc.weight, -0.02 * 3**0.5, 0.02 * 3**0.5)


def _fans(model: GPT) -> None:
    nn.init.xavier_normal_(model.h[3].mlp.c_fc.weight)  # a recipe that depends on the fans, in place of the constant


def _residual(model: GPT) -> None:
    for block in model.h:
        nn.init.normal_(block.attn.c_proj.weight, 0.0, 0.02)
        nn.init.normal_(block.mlp.c_proj.weight, 0.0, 0.02)


def _skipped(model: GPT) -> None:
    model.h[4].attn.c_attn.reset_parameters()


def _cloned(model: GPT) -> None:
    model.h[5].load_state_dict(model.h[4].state_dict())


def _repeated(model: GPT) -> None:
    w = model.h[0].mlp.c_fc.weight
    w[w.shape[0] // 2 :] = w[: w.shape[0] // 2]


def _padding(model: GPT) -> None:
    nn.init.normal_(model.wte.weight, 0.0, 0.02)


def _outlier(model: GPT) -> None:
    model.h[1].attn.c_attn.weight[7, 11] = 2.0


def _gain(model: GPT) -> None:
    nn.init.normal_(model.h[2].ln_1.weight, 0.0, 0.02)


def _nan(model: GPT) -> None:
    model.h[3].mlp.c_proj.weight[5, 5] = float("nan")


def _unfilled(model: GPT) -> None:
    w = model.h[0].attn.c_proj.weight
    w.view(torch.int32).random_(-(2**31), 2**31 - 1)  # what memory that others have used holds


def _bias(model: GPT) -> None:
    nn.init.normal_(model.h[2].mlp.c_fc.bias, 0.0, 0.02)


# what was planted -> (how, a rule that must name it)
PLANTS: dict[str, tuple[Callable[[GPT], None], tuple[str, ...]]] = {
    "scale x1.05": (_scaled, ("scale-too-large",)),
    "wrong family": (_family, ("wrong-distribution",)),
    "fans": (_fans, ("scale-too-large", "scale-too-small")),
    "residual scaling not applied": (_residual, ("scale-too-large",)),
    "one layer skipped": (_skipped, ("init-not-applied",)),
    "two layers cloned": (_cloned, ("identical-parameters",)),
    "half of a matrix repeated": (_repeated, ("duplicate-rows",)),
    "padding row drawn": (_padding, ("padding-row-not-zero",)),
    "one value of 2.0": (_outlier, ("outliers",)),
    "gain drawn": (_gain, ("norm-gain-wrong", "wrong-values")),
    "NaN": (_nan, ("not-finite",)),
    "unfilled": (_unfilled, ("garbage-values", "not-finite")),
    "bias drawn": (_bias, ("wrong-values",)),
}


def build(plant: str | None = None, seed: int = 0, **sizes: int) -> GPT:
    """The model with this seed, sound or with one defect."""
    torch.manual_seed(seed)
    model = GPT(**sizes)
    if plant is not None:
        with torch.no_grad():
            PLANTS[plant][0](model)
    return model
