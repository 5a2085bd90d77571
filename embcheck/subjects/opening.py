"""A target, built or opened: what `audit` and `compare` start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from embcheck.subjects.inventory import held as holding
from embcheck.subjects.inventory.audited import Audited
from embcheck.subjects.inventory.model import inventory
from embcheck.subjects.target import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from embcheck.subjects.target import Target


def opened(target: Any, kwargs: Mapping[str, Any] | None = None, seed: int = 0) -> Audited:
    """Resolve, then build or open a target; no tensor of a file is read yet.

    Raises:
        UsageError: it cannot be used; one sentence.
    """
    return built(resolve(target, kwargs), seed)


def built(resolved: Target, seed: int = 0) -> Audited:
    """Build or open what was resolved."""
    made: Any = resolved.module if resolved.module is not None else resolved.tensors
    if resolved.factory is not None:
        from embcheck.subjects.running.factory import build

        made = build(resolved.factory, seed, resolved.name)
    if isinstance(made, nn.Module):
        found = inventory(made)
        return Audited(resolved.name, holding.from_model(found), found, location=resolved.location)
    if made is not None:
        return Audited(resolved.name, holding.from_tensors(made), location=resolved.location)
    from embcheck.subjects.files.checkpoint import open_checkpoint

    assert resolved.path is not None  # noqa: S101 - what is left of the four
    return Audited(resolved.name, holding.from_stored(open_checkpoint(resolved.path)), location=resolved.location)
