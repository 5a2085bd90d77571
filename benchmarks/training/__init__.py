"""Small models trained to convergence on the CPU, a few seconds each: what `trained_models.py` audits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Task:
    """A model, its data as a loss at a step, and how it is trained."""

    name: str
    make: Callable[[], nn.Module]
    loss: Callable[[nn.Module], torch.Tensor]
    steps: int
    optimizer: Callable[[nn.Module], torch.optim.Optimizer]
    untouched: tuple[str, ...] = ()
    """Tensors that training leaves as they were drawn."""


def train(
    task: Task, model: nn.Module, average: dict[str, torch.Tensor] | None = None
) -> tuple[list[float], torch.optim.Optimizer]:
    """The losses, and the optimizer as it ended; `average` becomes the exponential moving average of the weights."""
    optimizer = task.optimizer(model)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, task.steps)
    losses = []
    model.train()
    for _ in range(task.steps):
        optimizer.zero_grad(set_to_none=True)
        loss = task.loss(model)
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if average is not None:
            for name, t in model.state_dict().items():
                average[name] = (
                    t.clone() if name not in average else average[name].lerp_(t, 0.01) if t.is_floating_point() else t
                )
    return losses, optimizer


def adam(rate: float = 3e-3, decay: float = 0.0) -> Callable[[nn.Module], torch.optim.Optimizer]:
    """AdamW where there is decay, Adam otherwise."""
    return lambda m: (torch.optim.AdamW if decay else torch.optim.Adam)(m.parameters(), lr=rate, weight_decay=decay)


def sgd(rate: float = 0.1, decay: float = 5e-4) -> Callable[[nn.Module], torch.optim.Optimizer]:
    """With momentum."""
    return lambda m: torch.optim.SGD(m.parameters(), lr=rate, momentum=0.9, weight_decay=decay)


def tasks() -> Iterator[Task]:
    """Classifiers, language models, tables, autoencoders, a graph network."""
    yield Task("mlp_adam", mlp, _classes(flat=True), 1500, adam(1e-3))
    yield Task("mlp_adamw", mlp, _classes(flat=True), 1500, adam(1e-3, 0.05))
    yield Task("mlp_sgd", mlp, _classes(flat=True), 1500, sgd())
    yield Task("cnn_sgd", cnn, _classes(flat=False), 400, sgd(0.05))
    yield Task("cnn_adamw", cnn, _classes(flat=False), 400, adam(2e-3, 0.05))
    yield Task("lstm_lm", lambda: Recurrent(nn.LSTM), _text(24), 500, adam())
    yield Task("gru_lm_sgd", lambda: Recurrent(nn.GRU), _text(24), 600, sgd(0.5, 0.0))
    yield Task("transformer_lm", Transformer, _text(32), 500, adam(2e-3, 0.1))
    yield Task("factors", Factors, _ratings(), 1500, adam(1e-2))
    yield Task(
        "factors_sgd", Factors, _ratings(), 2000, lambda m: torch.optim.SGD(m.parameters(), lr=5.0, momentum=0.9)
    )
    yield Task("word2vec", Pairs, _windows(), 1500, adam(5e-3))
    yield Task("vae_batchnorm", VAE, _images(), 600, adam(2e-3))
    yield Task("gcn", GCN, _communities(), 300, adam(1e-2, 5e-4))


def mlp() -> nn.Module:
    """64 pixels to 10 digits."""
    return nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn() -> nn.Module:
    """Three convolutions with batch norm."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
        nn.MaxPool2d(2), nn.Conv2d(32, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10),
    )  # fmt: skip


class Recurrent(nn.Module):
    """Characters in, characters out."""

    def __init__(self, cell: Callable[..., nn.Module]) -> None:
        super().__init__()
        self.emb = nn.Embedding(96, 32)
        self.rnn = cell(32, 64, batch_first=True)
        self.head = nn.Linear(64, 96)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(self.emb(ids))[0])


class Transformer(nn.Module):
    """Two blocks, drawn as GPT-2, the head tied to the table."""

    def __init__(self) -> None:
        super().__init__()
        self.emb, self.pos = nn.Embedding(96, 64), nn.Embedding(32, 64)
        layer = nn.TransformerEncoderLayer(64, 4, 128, 0.0, "gelu", batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(64)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        n = ids.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(n)
        x = self.blocks(self.emb(ids) + self.pos.weight[:n], mask=mask, is_causal=True)
        return self.norm(x) @ self.emb.weight.T


class Factors(nn.Module):
    """Users and items; a fifth of the items is never rated."""

    def __init__(self) -> None:
        super().__init__()
        self.user, self.item = nn.Embedding(200, 16), nn.Embedding(300, 16)
        for table in (self.user, self.item):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, user: torch.Tensor, item: torch.Tensor) -> torch.Tensor:
        return (self.user(user) * self.item(item)).sum(-1)


class Pairs(nn.Module):
    """Skip-gram with negative sampling; the output vectors start at zero, as in word2vec."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.outer = nn.Embedding(300, 24), nn.Embedding(300, 24)
        nn.init.uniform_(self.inner.weight, -0.5 / 24, 0.5 / 24)
        nn.init.zeros_(self.outer.weight)

    def forward(self, centre: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        return (self.inner(centre) * self.outer(context)).sum(-1)


class VAE(nn.Module):
    """Batch norm in the encoder and the decoder."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 16))
        self.decoder = nn.Sequential(nn.Linear(8, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        mean, log_var = self.encoder(x).chunk(2, -1)
        return self.decoder(mean + torch.randn_like(mean) * (log_var / 2).exp()), mean, log_var


class GCN(nn.Module):
    """Two graph convolutions, dense adjacency."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(100, 32, bias=False), nn.Linear(32, 4, bias=False)
        for layer in (self.first, self.second):
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return a @ self.second((a @ self.first(x)).relu())


def _classes(flat: bool) -> Callable[[nn.Module], torch.Tensor]:
    x, y = digits()
    x = x if flat else x.view(-1, 1, 8, 8)

    def loss(model: nn.Module) -> torch.Tensor:
        rows = torch.randint(0, len(x), (128,))
        return F.cross_entropy(model(x[rows]), y[rows])

    return loss


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Handwritten digits (scikit-learn's 1,797), or noisy copies of ten random images where it is not installed."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        draws = torch.Generator().manual_seed(0)
        y = torch.randint(0, 10, (1797,), generator=draws)
        return torch.randn(10, 64, generator=draws)[y] + torch.randn(1797, 64, generator=draws), y
    data = load_digits()
    return torch.tensor(data.data, dtype=torch.float32) / 8 - 1, torch.tensor(data.target)


def _text(length: int) -> Callable[[nn.Module], torch.Tensor]:

    text = "".join(c for name in dir(F) if (c := getattr(F, name).__doc__ or ""))[:60_000]
    ids = torch.tensor([min(max(ord(c) - 31, 0), 95) for c in text])

    def loss(model: nn.Module) -> torch.Tensor:
        starts = torch.randint(0, len(ids) - length - 1, (32, 1))
        rows = ids[starts + torch.arange(length + 1)]
        return F.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())

    return loss


def _ratings() -> Callable[[nn.Module], torch.Tensor]:
    draws = torch.Generator().manual_seed(1)
    true = torch.randn(200, 8, generator=draws) @ torch.randn(8, 300, generator=draws) / math.sqrt(8)

    def loss(model: nn.Module) -> torch.Tensor:
        user, item = torch.randint(0, 200, (512,)), torch.randint(0, 240, (512,))
        return F.mse_loss(model(user, item), true[user, item])

    return loss


def _windows() -> Callable[[nn.Module], torch.Tensor]:
    def loss(model: nn.Module) -> torch.Tensor:
        topic = torch.randint(0, 30, (512,))
        centre, context = topic * 10 + torch.randint(0, 10, (512,)), topic * 10 + torch.randint(0, 10, (512,))
        noise = torch.randint(0, 300, (512,))
        return F.softplus(-model(centre, context)).mean() + F.softplus(model(centre, noise)).mean()

    return loss


def _images() -> Callable[[nn.Module], torch.Tensor]:
    x, _ = digits()

    def loss(model: nn.Module) -> torch.Tensor:
        batch = x[torch.randint(0, len(x), (128,))]
        out, mean, log_var = model(batch)
        return F.mse_loss(out, batch) + 1e-3 * (mean**2 + log_var.exp() - log_var).mean()

    return loss


def _communities() -> Callable[[nn.Module], torch.Tensor]:
    draws = torch.Generator().manual_seed(2)
    y = torch.arange(200) % 4
    linked = torch.rand(200, 200, generator=draws) < torch.where(y[:, None] == y, 0.1, 0.01)
    a = (linked | linked.T).float() + torch.eye(200)
    a = a / a.sum(1, keepdim=True)
    x = torch.randn(200, 100, generator=draws) + F.one_hot(y, 100) * 2.0
    return lambda model: F.cross_entropy(model(a, x), y)
