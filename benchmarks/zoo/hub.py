"""transformers: one small random model of each architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

SMALL = {
    "hidden_size": 64, "d_model": 64, "dim": 64, "n_embd": 64, "intermediate_size": 128, "ffn_dim": 128, "d_ff": 128,
    "num_hidden_layers": 4, "num_layers": 4, "n_layer": 4, "n_layers": 4, "encoder_layers": 4, "decoder_layers": 4,
    "num_attention_heads": 4, "n_head": 4, "n_heads": 4, "num_heads": 4, "encoder_attention_heads": 4,
    "decoder_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 500, "encoder_ffn_dim": 128, "decoder_ffn_dim": 128,
    "hidden_dim": 128, "d_kv": 16, "head_dim": 16, "embedding_size": 64, "max_position_embeddings": 64, "n_positions": 64,
    "rotary_dim": 8, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
}  # fmt: skip
WHOLE = {"convnext", "convnextv2", "swin", "swinv2", "mobilevit", "mobilevitv2", "poolformer", "pvt", "pvt_v2", "regnet", "resnet",
         "segformer", "efficientnet", "mobilenet_v1", "mobilenet_v2", "levit", "bit", "van", "focalnet", "cvt", "dinat", "glpn",
         "timesformer", "esm"}  # fmt: skip
"""Architectures whose sizes depend on each other: built as they are."""
NESTED = {"clip", "siglip", "chinese_clip", "clipseg", "owlvit"}
_VISION = {k: SMALL[k] for k in ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")}
_VISION |= {"image_size": 32, "patch_size": 8}
OWN = {
    "mamba2": {
        "hidden_size": 64,
        "num_heads": 8,
        "head_dim": 16,
        "state_size": 16,
        "n_groups": 1,
        "num_hidden_layers": 3,
        "vocab_size": 500,
    }
}
TYPES = (
    "albert", "bart", "beit", "bert", "big_bird", "biogpt", "bit", "blenderbot", "bloom", "camembert", "canine",
    "chinese_clip", "clip", "clipseg", "codegen", "cohere", "convbert", "convnext", "convnextv2", "ctrl", "cvt", "data2vec-text", "deberta", "deberta-v2", "deit",
    "dinov2", "distilbert", "electra", "ernie", "falcon", "flaubert", "fnet", "focalnet", "fsmt", "gemma", "gemma2",
    "gemma3_text", "glm", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gptj", "granite", "hubert", "ibert", "layoutlm", "led",
    "levit", "lilt", "llama", "longformer", "longt5", "luke", "lxmert", "m2m_100", "mamba", "mamba2", "marian", "mbart", "mistral",
    "mixtral", "mobilebert", "mobilenet_v1", "mobilenet_v2", "mobilevit", "mobilevitv2", "modernbert", "mpnet", "mpt", "mra", "mt5",
    "nystromformer", "olmo", "olmo2", "olmoe", "opt", "patchtst", "pegasus", "persimmon", "phi", "phi3", "plbart", "poolformer",
    "prophetnet", "pvt", "pvt_v2", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "recurrent_gemma", "reformer", "regnet", "rembert",
    "resnet", "roberta", "roberta-prelayernorm", "roformer", "rwkv", "segformer", "sew", "siglip", "speech_to_text", "splinter",
    "squeezebert", "stablelm", "starcoder2", "swin", "swinv2", "switch_transformers", "t5", "umt5", "unispeech", "vilt", "vit",
    "vit_mae", "vit_msn", "wav2vec2", "wavlm", "whisper", "xglm", "xlm", "xlm-roberta", "xlm-roberta-xl", "xlnet", "xmod", "yoso",
)  # fmt: skip


def models() -> Iterator[Sound]:
    """The base model of each type."""
    import transformers

    transformers.logging.set_verbosity_error()
    for kind in TYPES:
        yield Sound(kind, "transformers", lambda k=kind: base(k), inputs_of)


def configuration(kind: str) -> Any:
    """Small, with whatever sizes this architecture has by these names."""
    from transformers import AutoConfig

    if kind in WHOLE:
        return AutoConfig.for_model(kind)
    if kind in NESTED:
        return AutoConfig.for_model(kind, text_config={**SMALL, "vocab_size": 500}, vision_config=_VISION)
    if kind in OWN:
        return AutoConfig.for_model(kind, **OWN[kind])
    usual = AutoConfig.for_model(kind)
    small = {k: v for k, v in SMALL.items() if isinstance(getattr(usual, k, None), int)}
    for left_out in ((), ("head_dim",), ("num_layers", "n_layer", "num_hidden_layers")):
        try:
            return AutoConfig.for_model(kind, **{k: v for k, v in small.items() if k not in left_out})
        except Exception:  # noqa: BLE001 - some architectures refuse a field, each with an error of its own
            continue
    return usual


def base(kind: str) -> nn.Module:
    """Without a head."""
    from transformers import AutoModel

    return AutoModel.from_config(configuration(kind))


def inputs_of(model: nn.Module) -> dict[str, torch.Tensor] | None:
    """Ids, pixels or sound, by the name of the model's main input; None for other models."""
    draws = torch.Generator().manual_seed(0)
    config: Any = model.config
    main = getattr(model, "main_input_name", "")
    text = getattr(config, "text_config", config)
    size = min(getattr(text, "vocab_size", 500), 500)
    ids = torch.randint(5, size, (4, 16), generator=draws)
    vision = getattr(config, "vision_config", config)
    side = getattr(vision, "image_size", 64) or 64
    side = side if isinstance(side, int) else side[0]
    pixels = torch.randn(4, getattr(vision, "num_channels", 3), side, side, generator=draws)
    if main == "input_ids":
        fed = {"input_ids": ids}
        if getattr(config, "is_encoder_decoder", False):
            fed["decoder_input_ids"] = ids[:, :8]
        if hasattr(config, "vision_config"):
            fed["pixel_values"] = pixels
        return fed
    if main == "pixel_values":
        return {"pixel_values": pixels}
    if main == "input_values":
        return {"input_values": torch.randn(2, 4000, generator=draws)}
    return None
