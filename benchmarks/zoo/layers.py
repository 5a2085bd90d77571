"""torch's own layers and containers, and networks as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def models() -> Iterator[Sound]:
    """Layers, plain networks, torch's transformer."""
    for name, (build, *inputs) in _TABLE.items():
        yield Sound(name, "torch", build, (lambda m, i=inputs[0]: i()) if inputs else None)


def _mlp(width: int = 128, depth: int = 3, activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Module:
    inner = [layer for _ in range(depth) for layer in (nn.Linear(width, width), activation())]
    return nn.Sequential(nn.Linear(64, width), activation(), *inner, nn.Linear(width, 10))


def _cnn() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3, padding=1), nn.GroupNorm(8, 64),
        nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


class _LanguageModel(nn.Module):
    def __init__(self, cell: Callable[..., nn.Module], vocab: int = 300, width: int = 64) -> None:
        super().__init__()
        self.emb = nn.Embedding(vocab, width, padding_idx=0)
        self.rnn = cell(width, width, 2, batch_first=True)
        self.head = nn.Linear(width, vocab)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(self.emb(ids))[0])


class _Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(500, 64)
        self.pos = nn.Parameter(torch.randn(1, 32, 64) * 0.02)
        layer = nn.TransformerEncoderLayer(64, 4, 128, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        for p in self.encoder.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)
        self.head = nn.Linear(64, 10)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.encoder(self.emb(ids) + self.pos[:, : ids.shape[1]]).mean(1))


class _VAE(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 32))
        self.decoder = nn.Sequential(nn.Linear(16, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean, log_var = self.encoder(x).chunk(2, -1)
        return self.decoder(mean + torch.randn_like(mean) * (0.5 * log_var).exp())


def _he(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)
    return net


def _normal(*shape: int) -> Callable[[], Any]:
    return lambda: (torch.randn(shape, generator=torch.Generator().manual_seed(0)),)


def _ids(size: int, *shape: int) -> Callable[[], Any]:
    return lambda: (torch.randint(1, size, shape, generator=torch.Generator().manual_seed(0)),)


_TABLE: dict[str, tuple[Callable[..., Any], ...]] = {
    "mlp": (_mlp, _normal(32, 64)),
    "mlp_gelu": (lambda: _mlp(256, 4, nn.GELU), _normal(32, 64)),
    "mlp_tanh": (lambda: _mlp(128, 3, nn.Tanh), _normal(32, 64)),
    "mlp_he": (lambda: _he(_mlp(256, 10)), _normal(32, 64)),
    "cnn": (_cnn, _normal(8, 3, 32, 32)),
    "conv1d3d": (lambda: nn.ModuleList([
        nn.Conv1d(8, 16, 3), nn.Conv3d(4, 8, 3), nn.ConvTranspose1d(8, 16, 3), nn.ConvTranspose2d(8, 16, 3, groups=4),
        nn.ConvTranspose3d(4, 8, 3), nn.Conv2d(64, 64, 3, groups=64), nn.Conv2d(32, 64, 5, groups=8)]),),
    "rnn": (lambda: nn.ModuleList([
        nn.LSTM(32, 64, 2, bidirectional=True), nn.GRU(32, 64), nn.RNN(32, 64), nn.LSTMCell(32, 64),
        nn.LSTM(32, 64, proj_size=16)]),),
    "lstm_lm": (lambda: _LanguageModel(nn.LSTM), _ids(300, 8, 20)),
    "gru_lm": (lambda: _LanguageModel(nn.GRU), _ids(300, 8, 20)),
    "embedding": (lambda: nn.ModuleList([nn.Embedding(500, 32, padding_idx=0), nn.EmbeddingBag(500, 32), nn.Embedding(500, 32)]),),
    "embedding_max_norm": (lambda: nn.Embedding(500, 32, max_norm=100.0),),
    "transformer": (lambda: nn.Transformer(64, 4, 2, 2, 128, batch_first=True),
                    lambda: (torch.randn(4, 12, 64), torch.randn(4, 10, 64))),
    "encoder": (lambda: nn.TransformerEncoder(
        nn.TransformerEncoderLayer(64, 4, 128, batch_first=True), 4, enable_nested_tensor=False), _normal(4, 12, 64)),
    "text_classifier": (_Classifier, _ids(500, 8, 20)),
    "attention": (lambda: nn.MultiheadAttention(64, 4, bias=True, add_bias_kv=True),),
    "attention_kdim": (lambda: nn.MultiheadAttention(64, 4, kdim=32, vdim=48),),
    "norms": (lambda: nn.ModuleList([
        nn.LayerNorm(64), nn.BatchNorm1d(64), nn.GroupNorm(4, 64), nn.InstanceNorm2d(64, affine=True), nn.RMSNorm(64),
        nn.LocalResponseNorm(2)]),),
    "bilinear": (lambda: nn.ModuleList([nn.Bilinear(16, 16, 32), nn.PReLU(8)]),),
    "weight_norm": (lambda: nn.utils.parametrizations.weight_norm(nn.Linear(64, 64)), _normal(8, 64)),
    "weight_norm_hook": (lambda: nn.utils.weight_norm(nn.Conv1d(32, 64, 3)), _normal(8, 32, 20)),
    "spectral_norm": (lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(64, 64)), _normal(8, 64)),
    "orthogonal": (lambda: nn.utils.parametrizations.orthogonal(nn.Linear(64, 64)), _normal(8, 64)),
    "adaptive_softmax": (lambda: nn.AdaptiveLogSoftmaxWithLoss(64, 1000, [100, 500]),
                         lambda: (torch.randn(16, 64), torch.randint(0, 1000, (16,)))),
    "vae": (_VAE, _normal(16, 64)),
}  # fmt: skip
