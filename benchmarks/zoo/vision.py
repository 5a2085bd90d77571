"""torchvision, segmentation-models-pytorch and vit-pytorch."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import torch

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def models() -> Iterator[Sound]:
    """Whatever of it is installed."""
    for found in (_torchvision, _segmentation, _vit):
        try:
            yield from found()
        except ImportError as error:
            print(f"{found.__name__.strip('_')}: not installed ({error})")


def _images(size: int, n: int = 2) -> Callable[[Any], Any]:
    return lambda m: (torch.randn(n, 3, size, size, generator=torch.Generator().manual_seed(0)),)


def _torchvision() -> Iterator[Sound]:
    from torchvision import models as tv

    for name in ("resnet18", "resnext50_32x4d", "squeezenet1_1", "densenet121", "googlenet", "shufflenet_v2_x0_5", "mobilenet_v2",
                 "mobilenet_v3_small", "mnasnet0_5", "efficientnet_b0", "regnet_x_400mf", "convnext_tiny", "swin_t", "swin_v2_t"):  # fmt: skip
        yield Sound(f"torchvision/{name}", "torchvision", lambda n=name: tv.get_model(n, weights=None), _images(96))
    small = {"image_size": 32, "patch_size": 8, "num_layers": 3, "num_heads": 4, "hidden_dim": 64, "mlp_dim": 128}
    yield Sound("torchvision/vit", "torchvision", lambda: tv.VisionTransformer(**small, num_classes=10), _images(32, 4))
    for name in ("fcn_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"):
        yield Sound(f"torchvision/{name}", "torchvision",
                    lambda n=name: getattr(tv.segmentation, n)(weights=None, weights_backbone=None))  # fmt: skip
    for name in ("r3d_18", "mc3_18", "r2plus1d_18"):
        yield Sound(f"torchvision/{name}", "torchvision", lambda n=name: getattr(tv.video, n)(weights=None))
    for name in ("ssdlite320_mobilenet_v3_large", "retinanet_resnet50_fpn", "fasterrcnn_mobilenet_v3_large_fpn"):
        yield Sound(f"torchvision/{name}", "torchvision",
                    lambda n=name: getattr(tv.detection, n)(weights=None, weights_backbone=None))  # fmt: skip


def _segmentation() -> Iterator[Sound]:
    import segmentation_models_pytorch as s

    for name in (
        "Unet",
        "UnetPlusPlus",
        "MAnet",
        "Linknet",
        "FPN",
        "PSPNet",
        "PAN",
        "DeepLabV3",
        "DeepLabV3Plus",
        "UPerNet",
        "Segformer",
    ):
        yield Sound(f"smp/{name}", "segmentation_models_pytorch",
                    lambda n=name: getattr(s, n)("resnet18", encoder_weights=None), _images(64))  # fmt: skip


def _vit() -> Iterator[Sound]:
    plain = {"image_size": 32, "patch_size": 8, "num_classes": 10, "dim": 64, "depth": 3, "heads": 4, "mlp_dim": 128}
    for module, name, more in (
        ("vit", "ViT", {}), ("simple_vit", "SimpleViT", {}), ("deepvit", "DeepViT", {}), ("parallel_vit", "ViT", {}),
        ("vit_for_small_dataset", "ViT", {}), ("simple_vit_with_qk_norm", "SimpleViT", {}), ("rvt", "RvT", {}),
        ("simple_vit_with_register_tokens", "SimpleViT", {}), ("simple_vit_with_fft", "SimpleViT", {"freq_patch_size": 8}),
        ("cait", "CaiT", {"cls_depth": 2}), ("vit_with_patch_merger", "ViT", {}), ("simple_vit_with_value_residual", "SimpleViT", {}),
        ("normalized_vit", "nViT", {}), ("simple_vit_with_hyper_connections", "SimpleViT", {"num_residual_streams": 2}),
        ("learnable_memory_vit", "ViT", {}), ("local_vit", "LocalViT", {}),
    ):  # fmt: skip
        yield Sound(f"vit_pytorch/{module}", "vit_pytorch",
                    lambda m=module, n=name, o=more: _vit_pytorch(m, n, {**plain, **o}), _images(32, 4))  # fmt: skip


def _vit_pytorch(module: str, name: str, options: dict[str, Any]) -> torch.nn.Module:
    made = getattr(importlib.import_module(f"vit_pytorch.{module}"), name)
    try:
        return made(**options)
    except TypeError:
        return made(**{k: v for k, v in options.items() if k not in {"mlp_dim", "heads"}})
