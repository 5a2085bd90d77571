"""timm: the smallest model of each of its families, up to 32 million parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

NAMES = (
    "halonet_h1", "mobileone_s1", "cait_xxs24_224", "coat_tiny", "convit_tiny", "convmixer_768_32", "convnext_atto_rms", "cpubone_nano",
    "crossvit_tiny_240", "csatv2", "cs3darknet_focus_s", "cspnext_tiny", "davit_tiny", "deit_tiny_patch16_224", "densenet121",
    "dla46x_c", "dpn48b", "edgenext_xx_small", "efficientformer_l1", "efficientformerv2_s0", "efficientnet_b0", "efficientvim_m1",
    "efficientvit_b0", "efficientvit_m0", "eva02_tiny_patch14_224", "fasternet_t0", "fastvit_t8", "focalnet_tiny_srf",
    "gcvit_xxtiny", "ghostnet_050", "hardcorenas_a", "hgnetv2_b0", "hiera_tiny_224", "hrnet_w18_small", "iformer_t",
    "inception_next_atto", "inception_v3", "lcnetv2_small", "levit_128s", "lowformer_b0", "mambaout_femto", "coatnet_pico_rw_224",
    "poolformerv2_s12", "gmlp_ti16_224", "mobilenetv3_small_050", "mobilevit_xxs", "mvitv2_tiny", "nest_tiny", "nextvit_small",
    "nf_regnet_b0", "pit_ti_224", "pvt_v2_b0", "rdnet_tiny", "regnetx_002", "repghostnet_050", "repvit_m0_9", "res2net50_14w_8s",
    "resnest14d", "resnet18", "resnetv2_18", "rexnet_100", "selecsls42", "legacy_seresnet18", "sequencer2d_s", "shvit_s1",
    "skresnet18", "starnet_s050", "swiftformer_s", "swin_tiny_patch4_window7_224", "swinv2_tiny_window8_256", "swinv2_cr_tiny_224",
    "tiny_vit_5m_224", "tnt_s_legacy_patch16_224", "tresnet_m", "twins_svt_small", "visformer_tiny", "vit_tiny_patch16_224",
    "vit_tiny_r_s16_p8_224", "vit_relpos_small_patch16_224", "vitamin_small_224", "volo_d1_224", "ese_vovnet19b_slim_dw",
    "legacy_xception", "xcit_nano_12_p8_224", "test_vit4", "test_maxvit", "test_nfnet", "test_byobnet", "test_efficientnet_evos",
)  # fmt: skip


def models() -> Iterator[Sound]:
    """As `timm.create_model` makes them."""
    import timm

    known = frozenset(timm.list_models())
    for name in NAMES:
        if name in known:
            yield Sound(f"timm/{name}", "timm", lambda n=name: timm.create_model(n), inputs_of)


def inputs_of(model: nn.Module) -> tuple[torch.Tensor, ...]:
    """Two images of the size that the model was made for."""
    size = getattr(model, "default_cfg", {}).get("input_size", (3, 224, 224))
    return (torch.randn(2, *size, generator=torch.Generator().manual_seed(0)),)
