"""Where a layer of a model's own keeps its padding vectors, if they are not the rows of a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embcheck.subjects.inventory.held import Held


def padded_entry(held: Held) -> tuple[int, int] | None:
    """Dimension and index of the padding vectors of several tables in one tensor, shape (tables, rows, columns).

    The layer says it in the words of `nn.Embedding`: `padding_idx`, and `num_embeddings`, the size of one dimension.
    """
    index, rows = getattr(held.module, "padding_idx", None), getattr(held.module, "num_embeddings", None)
    if not isinstance(index, int) or not isinstance(rows, int) or len(held.shape) < 3 or held.shape.count(rows) != 1:
        return None
    return held.shape.index(rows), index % rows
