"""Sequence models beside transformers: x-transformers, mamba in plain torch, open_clip, sentence-transformers, codebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def models() -> Iterator[Sound]:
    """Whatever of it is installed."""
    for found in (_x_transformers, _mamba, _clip, _sentences, _codebooks):
        try:
            yield from found()
        except ImportError as error:
            print(f"{found.__name__.strip('_')}: not installed ({error})")


def _ids(size: int, *shape: int) -> Callable[[Any], Any]:
    return lambda m: (torch.randint(1, size, shape, generator=torch.Generator().manual_seed(0)),)


def _x_transformers() -> Iterator[Sound]:
    import x_transformers as x

    variants: dict[str, dict[str, Any]] = {
        "plain": {}, "rotary": {"rotary_pos_emb": True}, "rmsnorm_glu": {"use_rmsnorm": True, "ff_glu": True, "ff_swish": True},
        "alibi": {"alibi_pos_bias": True}, "t5_bias": {"rel_pos_bias": True}, "sandwich": {"sandwich_norm": True},
        "post_norm": {"pre_norm": False}, "qk_norm": {"attn_qk_norm": True},
        "talking_heads": {"attn_pre_talking_heads": True}, "macaron": {"macaron": True}, "gates": {"attn_gate_values": True},
        "zero_init": {"zero_init_branch_output": True},
        "deepnorm": {"pre_norm": False, "scale_residual": True}, "memory_kv": {"attn_num_mem_kv": 8}, "one_kv": {"attn_one_kv_head": True},
        "hyper": {"num_residual_streams": 2}, "layerscale": {"use_layerscale": True}, "dynamic_tanh": {"use_dynamic_tanh": True},
        "simple_rms": {"use_simple_rmsnorm": True}, "shift": {"shift_tokens": 1},
    }  # fmt: skip
    for name, options in variants.items():
        yield Sound(
            f"xt/{name}",
            "x_transformers",
            lambda o=options: x.TransformerWrapper(
                num_tokens=300, max_seq_len=64, attn_layers=x.Decoder(dim=64, depth=3, heads=4, **o)
            ),
            _ids(300, 4, 20),
        )
    yield Sound("xt/tied", "x_transformers", lambda: x.TransformerWrapper(
        num_tokens=300, max_seq_len=64, tie_embedding=True, attn_layers=x.Decoder(dim=64, depth=3, heads=4)), _ids(300, 4, 20))  # fmt: skip
    yield Sound("xt/encoder_decoder", "x_transformers", lambda: x.XTransformer(
        dim=64, enc_num_tokens=300, enc_depth=2, enc_heads=4, enc_max_seq_len=64, dec_num_tokens=300, dec_depth=2, dec_heads=4,
        dec_max_seq_len=64))  # fmt: skip
    yield Sound("xt/vit", "x_transformers", lambda: x.ViTransformerWrapper(
        image_size=32, patch_size=8, num_classes=10, attn_layers=x.Encoder(dim=64, depth=3, heads=4)),
        lambda m: (torch.randn(4, 3, 32, 32),))  # fmt: skip


def _mamba() -> Iterator[Sound]:
    from mambapy.lm import LM
    from mambapy.mamba import MambaConfig
    from mambapy.mamba2 import Mamba2Config

    yield Sound("mambapy/mamba", "mambapy", lambda: LM(MambaConfig(d_model=64, n_layers=3), 300), _ids(300, 4, 20))
    yield Sound("mambapy/mamba2", "mambapy", lambda: LM(Mamba2Config(d_model=64, n_layers=3, d_head=16), 300))


def _clip() -> Iterator[Sound]:
    from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg

    text = CLIPTextCfg(context_length=16, vocab_size=500, width=64, heads=4, layers=3)
    yield Sound(
        "open_clip/vit", "open_clip", lambda: CLIP(64, CLIPVisionCfg(layers=3, width=64, patch_size=8, image_size=32, head_width=16), text),
        lambda m: (torch.randn(4, 3, 32, 32), torch.randint(1, 500, (4, 16))),
    )  # fmt: skip
    yield Sound(
        "open_clip/resnet",
        "open_clip",
        lambda: CLIP(64, CLIPVisionCfg(layers=(1, 1, 1, 1), width=32, image_size=64), text),
    )


def _sentences() -> Iterator[Sound]:
    import sentence_transformers as s
    from sentence_transformers.models import Dense, Pooling

    from zoo.hub import base

    class Body(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.auto_model = base("bert")

    yield Sound("sentence-transformers", "sentence_transformers",
                lambda: torch.nn.Sequential(Body(), Pooling(64), Dense(64, 32)) if s else None)  # fmt: skip


def _codebooks() -> Iterator[Sound]:
    import vector_quantize_pytorch as v

    yield Sound("vq/euclidean", "vector_quantize_pytorch", lambda: v.VectorQuantize(dim=64, codebook_size=128))
    yield Sound(
        "vq/cosine", "vector_quantize_pytorch", lambda: v.VectorQuantize(dim=64, codebook_size=128, use_cosine_sim=True)
    )
    yield Sound(
        "vq/residual", "vector_quantize_pytorch", lambda: v.ResidualVQ(dim=64, num_quantizers=3, codebook_size=128)
    )
    yield Sound("vq/fsq", "vector_quantize_pytorch", lambda: v.FSQ([8, 5, 5, 5], dim=64))
    yield Sound("vq/lfq", "vector_quantize_pytorch", lambda: v.LFQ(dim=64, codebook_size=256))
