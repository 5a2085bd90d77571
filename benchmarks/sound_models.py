"""Claim: `audit` is silent on sound models. torch.nn layers and transformers' architectures, random weights, no downloads.

Prints one line a model: errors, warnings (by rule), how many tensors of 1,000 elements or more were identified. Needs
`pip install transformers`. Run: python benchmarks/sound_models.py [--factory] [NAME ...]
"""

from __future__ import annotations

import collections
import sys
import time
import warnings

import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.results import Severity, Status

SMALL = {
    "hidden_size": 64, "d_model": 64, "dim": 64, "n_embd": 64, "intermediate_size": 128, "ffn_dim": 128, "d_ff": 128,
    "num_hidden_layers": 4, "num_layers": 4, "n_layer": 4, "n_layers": 4, "encoder_layers": 4, "decoder_layers": 4,
    "num_attention_heads": 4, "n_head": 4, "n_heads": 4, "num_heads": 4, "encoder_attention_heads": 4,
    "decoder_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 500, "encoder_ffn_dim": 128, "decoder_ffn_dim": 128,
    "hidden_dim": 128, "d_kv": 16, "head_dim": 16, "embedding_size": 64, "max_position_embeddings": 64, "n_positions": 64,
}  # fmt: skip
TYPES = (
    "albert", "bart", "bert", "big_bird", "biogpt", "blenderbot", "bloom", "camembert", "canine", "codegen", "convbert",
    "convnext", "ctrl", "deberta", "deberta-v2", "deit", "dinov2", "distilbert", "electra", "ernie", "esm", "falcon", "flaubert",
    "fnet", "gemma", "gemma2", "glm", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gptj", "granite", "hubert", "ibert",
    "layoutlm", "led", "llama", "longformer", "luke", "m2m_100", "mamba", "mamba2", "marian", "mbart", "mistral", "mixtral",
    "mobilebert", "mobilevit", "mpnet", "mpt", "mra", "mt5", "nystromformer", "olmo", "olmo2", "opt", "pegasus", "persimmon", "phi",
    "phi3", "plbart", "poolformer", "pvt", "qwen2", "qwen3", "reformer", "regnet", "rembert", "resnet", "roberta", "roformer",
    "rwkv", "segformer", "sew", "splinter", "squeezebert", "stablelm", "starcoder2", "swin", "swinv2", "t5", "umt5", "unispeech",
    "vit", "vit_mae", "wav2vec2", "xglm", "xlm", "xlm-roberta", "xlnet", "xmod", "yoso",
)  # fmt: skip


def hub(kind: str) -> nn.Module:
    """A small random model of one architecture."""
    from transformers import AutoConfig, AutoModel

    base = AutoConfig.for_model(kind)
    small = {k: v for k, v in SMALL.items() if isinstance(getattr(base, k, None), int)}
    if kind in {"convnext", "swin", "swinv2", "mobilevit", "poolformer", "pvt", "regnet", "resnet", "segformer"}:
        small = {}
    return AutoModel.from_config(AutoConfig.for_model(kind, **small))


def layers() -> dict[str, nn.Module]:
    """torch's own layers and containers."""
    return {
        "mlp": nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)),
        "cnn": nn.Sequential(nn.Conv2d(3, 32, 3), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.GroupNorm(8, 64)),
        "conv1d3d": nn.ModuleList([nn.Conv1d(8, 16, 3), nn.Conv3d(4, 8, 3), nn.ConvTranspose1d(8, 16, 3),
                                   nn.ConvTranspose2d(8, 16, 3, groups=4), nn.ConvTranspose3d(4, 8, 3)]),
        "rnn": nn.ModuleList([nn.LSTM(32, 64, 2, bidirectional=True), nn.GRU(32, 64), nn.RNN(32, 64), nn.LSTMCell(32, 64)]),
        "embedding": nn.ModuleList([nn.Embedding(500, 32, padding_idx=0), nn.EmbeddingBag(500, 32), nn.Embedding(500, 32)]),
        "transformer": nn.Transformer(64, 4, 2, 2, 128, batch_first=True),
        "encoder": nn.TransformerEncoder(nn.TransformerEncoderLayer(64, 4, 128, batch_first=True), 4, enable_nested_tensor=False),
        "attention": nn.MultiheadAttention(64, 4, bias=True, add_bias_kv=True),
        "norms": nn.ModuleList([nn.LayerNorm(64), nn.BatchNorm1d(64), nn.GroupNorm(4, 64), nn.InstanceNorm2d(64, affine=True),
                                nn.RMSNorm(64), nn.LocalResponseNorm(2)]),
        "bilinear": nn.ModuleList([nn.Bilinear(16, 16, 32), nn.PReLU(8)]),
        "weight_norm": nn.utils.parametrizations.weight_norm(nn.Linear(64, 64)),
        "spectral_norm": nn.utils.parametrizations.spectral_norm(nn.Linear(64, 64)),
        "adaptive_softmax": nn.AdaptiveLogSoftmaxWithLoss(64, 1000, [100, 500]),
    }  # fmt: skip


def main() -> None:
    """Audit everything, or the names given."""
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    as_factory = "--factory" in sys.argv
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")]
    stock = layers()
    errors = warned = identified = large = 0
    rules: collections.Counter[str] = collections.Counter()
    for name in [*stock, *TYPES]:
        if wanted and name not in wanted:
            continue
        torch.manual_seed(0)
        try:
            model = stock[name] if name in stock else hub(name)
        except Exception as error:  # noqa: BLE001 - an architecture that this version cannot make so small
            print(
                f"{name:18} not built: {type(error).__name__}: {str(error).splitlines()[0][:90] if str(error) else ''}"
            )
            continue
        start = time.perf_counter()
        report = audit((lambda n=name: hub(n)) if as_factory and name not in stock else model)
        failed = [o for o in report.outcomes if o.status in {Status.FAIL, Status.ERROR}]
        bad = [o for o in failed if o.severity is Severity.ERROR or o.status is Status.ERROR]
        soft = [o for o in failed if o not in bad and o.severity is Severity.WARNING]
        big = [r for r in report.tables["tensors"] if r["n"] >= 1000 and r["kind"] == "parameter"]
        known = [r for r in big if not r["law"].startswith("none")]
        errors, warned = errors + len(bad), warned + len(soft)
        identified, large = identified + len(known), large + len(big)
        counts = collections.Counter(o.rule for o in bad + soft)
        rules.update(counts)
        print(f"{name:18} {time.perf_counter() - start:5.1f} s  errors {len(bad)}  warnings {len(soft)}  identified "
              f"{len(known)}/{len(big)}  {dict(counts) or ''}", flush=True)  # fmt: skip
        for o in [*bad, *soft] if wanted else bad[:4]:
            print(f"      {o.severity.value} {o.rule} {o.subject}: {o.message[:150]}")
        if wanted:
            for r in big:
                if r not in known:
                    print("      not identified:", r["name"], r["shape"], r["law"], f"std {r['std']:.4g}")
    print(f"errors {errors}, warnings {warned}, identified {identified} of {large}; {dict(rules)}")


if __name__ == "__main__":
    main()
