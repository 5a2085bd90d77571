"""Stock subjects: every promise of nn.Embedding and nn.EmbeddingBag beyond its first values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.subjects.promises.bags import bags
from embcheck.subjects.promises.frequency import frequency
from embcheck.subjects.promises.ids import ids
from embcheck.subjects.promises.norms import norms
from embcheck.subjects.promises.padding import padding, padding_in_training
from embcheck.subjects.promises.products import products
from embcheck.subjects.promises.promise import Place
from embcheck.subjects.promises.sparsity import sparsity, sparsity_in_training
from embcheck.subjects.promises.trainable import trainable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from embcheck.subjects.subject import Subject


def promises(device: torch.device, dtype: torch.dtype, seed: int, *, training: bool = True) -> Iterator[Subject]:
    """Run every promise on the device; subjects of kind "promise" hold a `Promise`, or why there is none.

    Layers are made with torch's own initializers where their values do not matter, so the random state moves: the
    caller preserves it (`subjects.state.preserved`).

    Args:
        device: where to run.
        dtype: of the weights.
        seed: kept with the subjects; no promise depends on it.
        training: whether to run those that need an optimizer. The first `torch.optim.Optimizer` of a process imports
            torch's compiler, which takes longer than all promises together.
    """
    place = Place(device, dtype, seed)
    for group in (padding, norms, frequency, sparsity, ids, bags, products):
        yield from group(place)
    if training:
        for group in (padding_in_training, sparsity_in_training, trainable):
            yield from group(place)
