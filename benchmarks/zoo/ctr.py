"""Click-through models: deepctr-torch and torchfm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELDS = [50, 200, 1000, 30]


def models() -> Iterator[Sound]:
    """Both libraries, if both are installed; else the one that is."""
    for library, found in (("torchfm", _torchfm), ("deepctr_torch", _deepctr)):
        try:
            yield from found()
        except ImportError as error:
            print(f"{library}: not installed ({error})")


def _torchfm() -> Iterator[Sound]:
    import numpy as np

    for old, new in (("long", np.int64), ("int", int)):  # torchfm was written for numpy 1
        if not hasattr(np, old):
            setattr(np, old, new)
    from torchfm.model import afi, afm, afn, dcn, dfm, ffm, fm, fnfm, fnn, lr, nfm, pnn, wd, xdfm

    ids = lambda m: (torch.stack([torch.randint(0, n, (16,)) for n in _FIELDS], 1),)  # noqa: E731
    made: dict[str, Any] = {
        "FM": lambda: fm.FactorizationMachineModel(_FIELDS, 32),
        "FFM": lambda: ffm.FieldAwareFactorizationMachineModel(_FIELDS, 32),
        "FNN": lambda: fnn.FactorizationSupportedNeuralNetworkModel(_FIELDS, 32, (64, 64), 0.0),
        "WD": lambda: wd.WideAndDeepModel(_FIELDS, 32, (64, 64), 0.0),
        "IPNN": lambda: pnn.ProductNeuralNetworkModel(_FIELDS, 32, (64,), method="inner", dropout=0.0),
        "OPNN": lambda: pnn.ProductNeuralNetworkModel(_FIELDS, 32, (64,), method="outer", dropout=0.0),
        "DCN": lambda: dcn.DeepCrossNetworkModel(_FIELDS, 32, 3, (64, 64), 0.0),
        "NFM": lambda: nfm.NeuralFactorizationMachineModel(_FIELDS, 32, (64,), (0.0, 0.0)),
        "FNFM": lambda: fnfm.FieldAwareNeuralFactorizationMachineModel(_FIELDS, 8, (64,), (0.0, 0.0)),
        "DeepFM": lambda: dfm.DeepFactorizationMachineModel(_FIELDS, 32, (64, 64), 0.0),
        "xDeepFM": lambda: xdfm.ExtremeDeepFactorizationMachineModel(_FIELDS, 32, (64, 64), 0.0, (16, 16)),
        "AFM": lambda: afm.AttentionalFactorizationMachineModel(_FIELDS, 32, 32, (0.0, 0.0)),
        "AFI": lambda: afi.AutomaticFeatureInteractionModel(_FIELDS, 32, 64, 4, 3, (64, 64), (0.0, 0.0, 0.0)),
        "AFN": lambda: afn.AdaptiveFactorizationNetwork(_FIELDS, 32, 64, (64, 64), (0.0, 0.0)),
        "LR": lambda: lr.LogisticRegressionModel(_FIELDS),
    }
    for name, build in made.items():
        yield Sound(f"torchfm/{name}", "torchfm", build, ids)


def _deepctr() -> Iterator[Sound]:
    from deepctr_torch import models as m
    from deepctr_torch.inputs import DenseFeat, SparseFeat, VarLenSparseFeat

    def columns() -> list[Any]:
        sparse = [SparseFeat(f"s{i}", n, 16) for i, n in enumerate(_FIELDS)]
        return [*sparse, DenseFeat("d", 3)]

    for name in ("WDL", "DeepFM", "DCN", "DCNMix", "NFM", "AFM", "PNN", "AutoInt", "AFN", "FiBiNET", "IFM", "DIFM", "ONN", "CCPM", "MLR",
                 "xDeepFM"):  # fmt: skip
        if hasattr(m, name):
            one = name in {"PNN", "MLR"}
            yield Sound(
                f"deepctr/{name}",
                "deepctr_torch",
                lambda n=name, o=one: getattr(m, n)(columns()) if o else getattr(m, n)(columns(), columns()),
                lambda model: (
                    torch.cat([*(torch.randint(0, n, (16, 1)).float() for n in _FIELDS), torch.randn(16, 3)], 1),
                ),
            )
    history = [SparseFeat("item", 500, 16), SparseFeat("user", 100, 16)]
    history += [
        VarLenSparseFeat(SparseFeat("hist_item", 500, 16, embedding_name="item"), maxlen=8, length_name="length")
    ]
    yield Sound("deepctr/DIN", "deepctr_torch", lambda: m.DIN(history, ["item"]))
    for name in ("SharedBottom", "ESMM", "MMOE", "PLE"):
        yield Sound(
            f"deepctr/{name}",
            "deepctr_torch",
            lambda n=name: getattr(m, n)(columns(), task_types=("binary", "binary"), task_names=("a", "b")),
        )
