"""A target as a stream of subjects: every tensor, every embedding, then the model as a whole."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.access import obstacle
from embcheck.subjects.inventory.reading import ENOUGH, TELLING, Reading
from embcheck.subjects.state import one_thread, short_turns
from embcheck.subjects.subject import Subject
from embcheck.subjects.target import source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from embcheck.laws.expectations import Expectation, Expectations
    from embcheck.results import Location
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.inventory.held import Held
    from embcheck.subjects.inventory.model import Inventory


_SMALL = 1 << 14
"""Elements below which a tensor is looked at where it is needed."""
_AHEAD = 16
"""Tensors, most of them small ones that nobody looked at yet."""
_MANY = 10_000
"""Tensors from which on only those that are large enough to be told from trained ones are searched for a law: the small
ones of a hundred thousand would take minutes."""
_LARGE = 1 << 24
"""Elements from which on a tensor is worth more than one thread."""


@dataclass(frozen=True)
class Audited:
    """What is being audited, before anything was measured."""

    name: str
    held: Sequence[Held]
    inventory: Inventory | None = None
    expectations: Expectations | None = None
    location: Location | None = None

    def expected(self, name: str) -> tuple[Expectation, ...]:
        """What the author declared for a tensor."""
        return self.expectations.of(name) if self.expectations else ()


def tensors(audited: Audited, census: Census) -> Iterator[Subject]:
    """One subject a tensor (buffers are of kind ``buffer``), one more for each declared part, one an embedding.

    The passes over the next tensor run in a thread of their own while the checks look at this one; torch has one thread
    meanwhile, here and there, but for large tensors.
    """
    threads = torch.get_num_threads()
    with one_thread(), short_turns():
        for found in _ahead(audited, census, threads):
            yield from _subjects(found, audited, census)


def _subjects(found: _Prepared, audited: Audited, census: Census) -> Iterator[Subject]:
    """One tensor, and what is kept of it."""
    held, reading = found.held, found.reading
    location = _location(held, audited)
    facts = {"held": held, "reading": reading, "census": census, "padding": _padding(held, found.rows)}
    stored = held.stored
    subject = _subject(held, reading.tensor, location, facts, reading.law)
    subject.__dict__["summary"] = reading.summary  # a cached property: both share one pass
    yield subject
    if reading.law is None:
        yield from _declared_parts(held, reading.tensor, found.parts, location)
    yield from _embedding(held, reading.tensor, found.rows, location, facts)
    member = reading.member()
    member.declared = bool(found.rows)
    census.members.append(member)
    if stored is not None:
        stored.release(reading.tensor)


@dataclass(frozen=True)
class _Prepared:
    """A tensor in hand, with its declaration, and its summary taken."""

    held: Held
    rows: Sequence[Expectation]
    reading: Reading
    parts: Sequence[Any]


def _ahead(audited: Audited, census: Census, threads: int) -> Iterator[_Prepared]:
    """Every tensor with values, prepared one ahead of its use: more at once wait for one another, and hold memory."""

    def prepared(held: Held) -> _Prepared | None:
        torch.set_num_threads(threads if held.numel > _LARGE else 1)  # this thread's own: a large one is split
        return _prepared(held, audited, census)

    with ThreadPoolExecutor(1, "embcheck-reader") as pool:
        waiting: deque[tuple[bool, Callable[[], _Prepared | None]]] = deque()
        for held in audited.held:
            # handing a tensor over costs more than a small one's pass: a hundred thousand of them would wait for locks
            large = held.numel >= _SMALL
            ready = pool.submit(prepared, held).result if large else partial(_prepared, held, audited, census)
            waiting.append((large, ready))
            while sum(handed for handed, _ in waiting) > 1 or len(waiting) > _AHEAD:
                yield from _given(waiting.popleft()[1])
        while waiting:
            yield from _given(waiting.popleft()[1])


def _given(ready: Callable[[], _Prepared | None]) -> Iterator[_Prepared]:
    """What is ready, unless it has no values."""
    found = ready()
    if found is not None:
        yield found


def _prepared(held: Held, audited: Audited, census: Census) -> _Prepared | None:
    if held.read is None:
        census.unread[held.name] = held.reason
        return None
    tensor = held.read()
    if why := obstacle(tensor):
        census.unread[held.name] = why
        return None
    rows = [row for row in audited.expected(held.name) if _meant(row, held)]
    parts = list(_parts(rows, held, tensor))
    whole = parts[0] if len(parts) == 1 and not parts[0].label else None
    enough = TELLING if len(audited.held) > _MANY else ENOUGH
    reading = Reading(held, tensor, whole.law if whole else None, enough)
    reading.warm()
    return _Prepared(held, rows, reading, parts)


def _declared_parts(
    held: Held, tensor: torch.Tensor, parts: Sequence[Any], location: Location | None
) -> Iterator[Subject]:
    for part in parts:
        piece = part.of(tensor)
        yield Subject(
            name=held.name + part.label,
            kind="tensor",
            value=piece,
            law=part.law,
            group=held.module_name,
            role=held.role,
            shape=tuple(piece.shape),
            dtype=held.dtype,
            device=held.device,
            module=held.module_type,
            location=location,
            facts={"part": part.label, "held": held, "padding": frozenset()},
        )


def _subject(held: Held, tensor: torch.Tensor, location: Location | None, facts: dict[str, Any], law: Any) -> Subject:
    return Subject(
        name=held.name,
        kind="tensor" if held.kind == "parameter" or law is not None else "buffer",
        value=tensor,
        law=law,
        group=held.module_name,
        role=held.role,
        shape=held.shape,
        dtype=held.dtype,
        device=held.device,
        module=held.module_type,
        location=location,
        facts=facts,
    )


def _parts(rows: Sequence[Expectation], held: Held, tensor: torch.Tensor) -> Iterator[Any]:
    for row in rows:
        if str(row.law) != "any()" or row.padding_idx is not None:
            try:
                yield from row.parts(tuple(tensor.shape), held.module, held.role)
            except UsageError as error:
                raise UsageError(f"{held.name.removesuffix(held.role)}{error}") from None


def _meant(row: Expectation, held: Held) -> bool:
    """Whether a pattern speaks of it: `*.weight` with a law of fans means matrices, not the gains of norms."""
    if held.layer != "norm" or len(held.shape) > 1 or not set("*?[") & set(row.pattern):
        return True
    try:
        list(row.parts(held.shape, held.module, held.role))
    except UsageError:
        return False
    return True


def _padding(held: Held, rows: Sequence[Expectation]) -> frozenset[int]:
    """Rows that may, and must, be zero."""
    declared = [r.padding_idx for r in rows if r.padding_idx is not None]
    if not declared and held.role == "weight":
        own = getattr(held.module, "padding_idx", None)
        declared = [own] if isinstance(own, int) else []
    size = held.shape[0] if held.shape else 0
    return frozenset(i % size for i in declared if size and -size <= i < size)


def _embedding(
    held: Held, tensor: torch.Tensor, rows: Sequence[Expectation], location: Location | None, facts: dict[str, Any]
) -> Iterator[Subject]:
    """The table as the rules on embeddings see it: the layer, with the padding row that was declared for it."""
    module = held.module
    live = isinstance(module, (nn.Embedding, nn.EmbeddingBag)) and held.role == "weight"
    declared = next((r.padding_idx for r in rows if r.padding_idx is not None), None)
    if tensor.dim() != 2 or not (live or declared is not None):
        return
    padding = declared if declared is not None else getattr(module, "padding_idx", None)
    if padding is not None and not -tensor.shape[0] <= padding < tensor.shape[0]:
        raise UsageError(f"padding_idx {padding} of {held.name!r} names no row: it has {tensor.shape[0]}.")
    view = SimpleNamespace(
        weight=tensor,
        padding_idx=padding,
        max_norm=getattr(module, "max_norm", None),
        norm_type=getattr(module, "norm_type", 2.0),
        sparse=getattr(module, "sparse", False),
        scale_grad_by_freq=getattr(module, "scale_grad_by_freq", False),
        mode=getattr(module, "mode", ""),
        num_embeddings=tensor.shape[0],
        embedding_dim=tensor.shape[1],
    )
    yield Subject(
        name=held.module_name or held.name,
        kind="embedding",
        value=view,
        group=held.module_name,
        role="embedding",
        shape=held.shape,
        dtype=held.dtype,
        device=held.device,
        module=held.module_type,
        location=location,
        facts={**facts, "declared_padding": declared, "trainable": held.trainable},
    )


def _location(held: Held, audited: Audited) -> Location | None:
    """The line of the module's class if it is the user's own, else the target's."""
    if held.module is not None and not type(held.module).__module__.startswith("torch."):
        return source_of(type(held.module)) or audited.location
    return audited.location


def whole(name: str, kind: str, value: Any, census: Census, location: Location | None = None, **facts: Any) -> Subject:
    """A subject that is the model, a trace, a reference: whatever is looked at as a whole."""
    return Subject(name, kind, value, location=location, facts={"census": census, **facts})
