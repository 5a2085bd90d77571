"""diffusers: small U-Nets, transformers and autoencoders; EDM-like zero-initialised branches are among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS = {"down_block_types": ("DownBlock2D", "AttnDownBlock2D"), "up_block_types": ("AttnUpBlock2D", "UpBlock2D")}


def models() -> Iterator[Sound]:
    """One entry an architecture."""
    import diffusers as d

    def add(name: str, kind: str, inputs: Any = None, **options: Any) -> Sound:
        return Sound(f"diffusers/{name}", "diffusers", lambda: getattr(d, kind)(**options), inputs)

    image = lambda m: {"sample": torch.randn(2, 3, 32, 32), "timestep": torch.tensor([3, 7])}  # noqa: E731
    yield add("unet", "UNet2DModel", image, sample_size=32, block_out_channels=(32, 64), layers_per_block=1, **_BLOCKS)
    yield add("unet_condition", "UNet2DConditionModel",
              lambda m: {"sample": torch.randn(2, 4, 16, 16), "timestep": torch.tensor([3, 7]),
                         "encoder_hidden_states": torch.randn(2, 5, 32)},
              sample_size=16, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=32, attention_head_dim=8,
              down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"))  # fmt: skip
    yield add("unet_1d", "UNet1DModel", None, block_out_channels=(32, 32, 64), sample_size=64)
    yield add("unet_3d", "UNet3DConditionModel", None, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=32,
              attention_head_dim=8, down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"),
              up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"))  # fmt: skip
    yield add("controlnet", "ControlNetModel", None, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=32,
              attention_head_dim=8, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
              conditioning_embedding_out_channels=(16, 32))  # fmt: skip
    yield add("vae", "AutoencoderKL", lambda m: (torch.randn(2, 3, 32, 32),), block_out_channels=(32, 64),
              down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2)  # fmt: skip
    yield add("vq", "VQModel", None, block_out_channels=(32, 64), down_block_types=("DownEncoderBlock2D",) * 2,
              up_block_types=("UpDecoderBlock2D",) * 2)  # fmt: skip
    yield add("tiny_vae", "AutoencoderTiny", lambda m: (torch.randn(2, 3, 32, 32),))
    yield add("dc_vae", "AutoencoderDC", None, encoder_block_out_channels=(32, 64), decoder_block_out_channels=(32, 64),
              encoder_layers_per_block=(1, 1), decoder_layers_per_block=(1, 1),
              encoder_block_types=("ResBlock", "ResBlock"), decoder_block_types=("ResBlock", "ResBlock"),
              encoder_qkv_multiscales=((), ()), decoder_qkv_multiscales=((), ()), decoder_norm_types=("rms_norm", "rms_norm"),
              decoder_act_fns=("silu", "silu"))  # fmt: skip
    yield add("oobleck", "AutoencoderOobleck", None, encoder_hidden_size=32, decoder_channels=32, decoder_input_channels=16,
              downsampling_ratios=[2, 4], channel_multiples=[1, 2])  # fmt: skip
    yield add("dit", "DiTTransformer2DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=3, sample_size=16,
              in_channels=4, out_channels=4)  # fmt: skip
    yield add("pixart", "PixArtTransformer2DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=3, sample_size=16,
              cross_attention_dim=64, caption_channels=32)  # fmt: skip
    yield add("sd3", "SD3Transformer2DModel", None, sample_size=16, num_layers=3, attention_head_dim=16, num_attention_heads=4,
              joint_attention_dim=32, caption_projection_dim=64, pooled_projection_dim=32, out_channels=16)  # fmt: skip
    yield add("flux", "FluxTransformer2DModel", None, num_layers=2, num_single_layers=2, attention_head_dim=16, num_attention_heads=4,
              joint_attention_dim=32, pooled_projection_dim=32, axes_dims_rope=(4, 4, 8))  # fmt: skip
    yield add("sana", "SanaTransformer2DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=2,
              num_cross_attention_heads=4, cross_attention_head_dim=16, cross_attention_dim=64, caption_channels=32, sample_size=8)  # fmt: skip
    yield add("wan", "WanTransformer3DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=2, text_dim=32, ffn_dim=128,
              freq_dim=32)  # fmt: skip
    yield add("cogvideox", "CogVideoXTransformer3DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=2,
              text_embed_dim=32, time_embed_dim=32, sample_width=16, sample_height=16, sample_frames=5)  # fmt: skip
    yield add("hunyuan", "HunyuanDiT2DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=2, hidden_size=64,
              cross_attention_dim=64, cross_attention_dim_t5=64, pooled_projection_dim=32, text_len=8, text_len_t5=8)  # fmt: skip
    yield add("ltx", "LTXVideoTransformer3DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=2,
              cross_attention_dim=64, caption_channels=32)  # fmt: skip
    yield add("mochi", "MochiTransformer3DModel", None, num_attention_heads=4, attention_head_dim=16, num_layers=2,
              pooled_projection_dim=64, text_embed_dim=32, time_embed_dim=16)  # fmt: skip
    yield add("prior", "PriorTransformer", None, num_attention_heads=4, attention_head_dim=16, num_layers=2, embedding_dim=32,
              num_embeddings=7)  # fmt: skip
    yield add("kandinsky3", "Kandinsky3UNet", None, time_embedding_dim=64, groups=8, attention_head_dim=16, layers_per_block=1,
              block_out_channels=(32, 64), cross_attention_dim=64, encoder_hid_dim=32)  # fmt: skip
    yield add("svd", "UNetSpatioTemporalConditionModel", None, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=32,
              num_attention_heads=(4, 4), down_block_types=("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
              up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"))  # fmt: skip
