"""monai: networks for volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Iterator


def models() -> Iterator[Sound]:
    """Small versions of its networks."""
    from monai.networks import nets as n

    flat: dict[str, Any] = {"spatial_dims": 2, "in_channels": 1, "out_channels": 3}
    image = lambda m: (torch.randn(2, 1, 64, 64, generator=torch.Generator().manual_seed(0)),)  # noqa: E731
    table: dict[str, Any] = {
        "UNet": lambda: n.UNet(**flat, channels=(16, 32, 64), strides=(2, 2), num_res_units=1),
        "BasicUNet": lambda: n.BasicUNet(**flat, features=(16, 16, 32, 32, 64, 16)),
        "AttentionUnet": lambda: n.AttentionUnet(**flat, channels=(16, 32, 64), strides=(2, 2)),
        "SegResNet": lambda: n.SegResNet(**flat, init_filters=16),
        "VNet": lambda: n.VNet(**flat),
        "DynUNet": lambda: n.DynUNet(**flat, kernel_size=[3, 3, 3], strides=[1, 2, 2], upsample_kernel_size=[2, 2]),
        "HighResNet": lambda: n.HighResNet(**flat),
        "UNETR": lambda: n.UNETR(in_channels=1, out_channels=3, img_size=64, spatial_dims=2, hidden_size=64, mlp_dim=128, num_heads=4),
        "SwinUNETR": lambda: n.SwinUNETR(**flat, feature_size=24),
        "ViT": lambda: n.ViT(1, 64, 16, spatial_dims=2, hidden_size=64, mlp_dim=128, num_layers=3, num_heads=4, classification=True),
        "DenseNet121": lambda: n.DenseNet121(**flat),
        "AutoEncoder": lambda: n.AutoEncoder(**flat, channels=(16, 32), strides=(2, 2)),
        "VarAutoEncoder": lambda: n.VarAutoEncoder(2, (1, 64, 64), 1, 16, (16, 32), (2, 2)),
        "AutoencoderKL": lambda: n.AutoencoderKL(**flat, channels=(32, 64), num_res_blocks=1, attention_levels=(False, True)),
        "DiffusionModelUNet": lambda: n.DiffusionModelUNet(**flat, channels=(32, 64), num_res_blocks=1, attention_levels=(False, True),
                                                           num_head_channels=16),
        "MedNeXtS": lambda: n.MedNeXt(2, 8, 1, 3),
        "VQVAE": lambda: n.VQVAE(2, 1, 1, channels=(32, 32), num_res_channels=(32, 32), downsample_parameters=((2, 4, 1, 1),) * 2,
                               upsample_parameters=((2, 4, 1, 1, 0),) * 2, num_embeddings=64, embedding_dim=32),
        "PatchDiscriminator": lambda: n.PatchDiscriminator(spatial_dims=2, channels=32, in_channels=1),
        "DecoderOnlyTransformer": lambda: n.DecoderOnlyTransformer(300, 32, 64, 3, 4),
        "FullyConnectedNet": lambda: n.FullyConnectedNet(64, 10, [128, 128]),
        "EfficientNetBN": lambda: n.EfficientNetBN("efficientnet-b0", pretrained=False, spatial_dims=2, in_channels=1),
    }  # fmt: skip
    fed = {"UNet", "BasicUNet", "AttentionUnet", "SegResNet", "DynUNet", "HighResNet", "UNETR", "SwinUNETR", "ViT", "DenseNet121",
           "AutoEncoder", "AutoencoderKL", "PatchDiscriminator", "EfficientNetBN"}  # fmt: skip
    for name, build in table.items():
        yield Sound(f"monai/{name}", "monai", build, image if name in fed else None)
