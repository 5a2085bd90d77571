"""recbole: general, sequential and context-aware recommenders on a small made-up data set."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

GENERAL = ("BPR", "NeuMF", "ConvNCF", "DMF", "FISM", "NAIS", "SpectralCF", "GCMC", "NGCF", "LightGCN", "DGCF", "LINE", "MultiVAE",
           "MultiDAE", "MacridVAE", "CDAE", "ENMF", "RecVAE", "SimpleX", "NCL", "SGL", "NNCF", "DiffRec")  # fmt: skip
SEQUENTIAL = ("GRU4Rec", "NARM", "SASRec", "BERT4Rec", "SRGNN", "GCSAN", "STAMP", "Caser", "NextItNet", "FPMC", "TransRec", "HGN",
              "HRM", "NPE", "SHAN", "FOSSIL", "RepeatNet", "SINE", "LightSANs", "CORE", "FEARec", "GRU4RecCPR", "SASRecCPR")  # fmt: skip
CONTEXT = ("LR", "FM", "NFM", "DeepFM", "xDeepFM", "AFM", "FFM", "FwFM", "FNN", "PNN", "DSSM", "WideDeep", "AutoInt", "DCN", "DCNV2",
           "FiGNN", "EulerNet", "KD_DAGFM")  # fmt: skip


def models() -> Iterator[Sound]:
    """One entry a recommender."""
    for old in ("float", "complex", "unicode", "bool", "int"):  # recbole was written for numpy 1
        if not hasattr(np, f"{old}_"):
            setattr(
                np, f"{old}_", {"float": np.float64, "complex": np.complex128, "unicode": np.str_}.get(old, np.int64)
            )
    if not hasattr(scipy.sparse.dok_matrix, "_update"):  # and for older versions of scipy
        scipy.sparse.dok_matrix._update = lambda matrix, entries: matrix._dict.update(entries)  # noqa: SLF001
    import recbole.config  # noqa: F401 - whether it is there

    for name in (*GENERAL, *SEQUENTIAL, *CONTEXT):
        yield Sound(f"recbole/{name}", "recbole", lambda n=name: _model(n))


@lru_cache(maxsize=1)
def _folder() -> str:
    """500 users and 400 items in recbole's own format."""
    draws = np.random.default_rng(0)
    folder = Path(tempfile.mkdtemp(prefix="sound_models_"))
    (folder / "made").mkdir()
    rows = [
        f"{u}\t{i}\t{draws.integers(0, 2)}\t{t}" for t, (u, i) in enumerate(draws.integers(0, (500, 400), (8000, 2)))
    ]
    head = "user_id:token\titem_id:token\tlabel:float\ttimestamp:float"
    (folder / "made" / "made.inter").write_text("\n".join([head, *rows]))
    return str(folder)


def _model(name: str) -> nn.Module:
    config, dataset = _data(name)
    from recbole.utils import get_model

    return get_model(name)(config, dataset)


@lru_cache(maxsize=4)
def _data(name: str) -> tuple[Any, Any]:
    from recbole.config import Config
    from recbole.data import create_dataset, data_preparation

    options: dict[str, Any] = {
        "data_path": _folder(), "use_gpu": False, "load_col": {"inter": ["user_id", "item_id", "label", "timestamp"]},
        "state": "ERROR", "show_progress": False, "MAX_ITEM_LIST_LENGTH": 20, "seed": 0, "checkpoint_dir": _folder(),
        "reproducibility": False,
    }  # fmt: skip
    if name in CONTEXT:
        options |= {"LABEL_FIELD": "label", "train_neg_sample_args": None}
    try:
        config = Config(model=name, dataset="made", config_dict=options)
    except ValueError:  # a loss over all items takes no negatives
        config = Config(model=name, dataset="made", config_dict={**options, "train_neg_sample_args": None})
    return config, data_preparation(config, create_dataset(config))[0].dataset
