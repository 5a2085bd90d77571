"""What an author declares for a model: patterns of tensor names, and what each tensor should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError
from embcheck.laws.declared import Declaration, padded, parse, variables
from embcheck.laws.expressions import parse_slice
from embcheck.laws.families import Padded
from embcheck.laws.fans import dimensions
from embcheck.laws.law import Law
from embcheck.laws.parts import Part, Piece, beside_padding, pieces, sliced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from torch import nn


@dataclass(frozen=True)
class Expectation:
    """One row of ``[tool.embcheck.expect]``."""

    pattern: str
    law: Declaration | Law
    layout: str = ""
    blocks: int | str = 1
    """A fused weight: so many equal blocks along the output dimension, each with the law by itself; ``gates`` for as
    many as a recurrent layer has (4 of an LSTM, 3 of a GRU, 1 of an RNN)."""
    slice: str = ""
    padding_idx: int | None = None
    trainable: bool | None = None
    tied: str = ""
    """Name of the tensor that must be this very tensor."""

    def matches(self, name: str) -> bool:
        """Whether it speaks of this tensor; ``*`` crosses dots."""
        return fnmatchcase(name, self.pattern)

    def parts(self, shape: Sequence[int], module: nn.Module | None = None, name: str = "") -> Iterator[Part]:
        """The pieces of a tensor of this shape that have a law of their own.

        Raises:
            UsageError: layout, blocks, slice, padding row or law do not fit the tensor.
        """
        try:
            yield from self._parts(tuple(shape), module, name)
        except UsageError as error:
            raise UsageError(f"{name or self.pattern}: {error}") from None

    def _parts(self, shape: tuple[int, ...], module: nn.Module | None, name: str) -> Iterator[Part]:
        cut: tuple[slice, ...] = ()
        blocks = self.blocks if isinstance(self.blocks, int) else _gates(shape, module, name)
        if self.slice:
            if blocks > 1:
                raise UsageError("slice and blocks cannot be combined.")
            cut = parse_slice(self.slice, variables(shape, module, name.rpartition(".")[2], self.layout))
            shape = sliced(shape, cut, self.slice)
        kinds = dimensions(self.layout, len(shape)) if self.layout else ()
        one_by_one = "e" in kinds and not cut and str(self.law).startswith(_MATRICES)
        for piece in pieces(shape, kinds, blocks, one_by_one):
            part = Part(self.slice + piece.label, cut or piece.index, piece.order, self._law(piece, module, name))
            if isinstance(part.law, Padded) and not part.index:
                yield from beside_padding(part, piece.shape[0])
            else:
                yield part

    def _law(self, piece: Piece, module: nn.Module | None, name: str) -> Law:
        if isinstance(self.law, Law):
            law = self.law
        elif str(self.law).startswith(_MATRICES):
            law = self.law.law([piece.shape[i] for i in piece.order] or piece.shape, module, name)
        else:
            law = self.law.law(piece.shape, module, name, ",".join(piece.kinds))
        return law if self.padding_idx is None else padded(law, self.padding_idx, piece.shape)


def _gates(shape: tuple[int, ...], module: nn.Module | None, name: str) -> int:
    """Rows over hidden size; of a matrix outside of torch's recurrent layers, (gates x hidden, hidden), over columns.

    Raises:
        UsageError: the rows are no multiple of the hidden size, or nothing says what that is.
    """
    try:
        hidden = int(variables(shape, module, name.rpartition(".")[2])["h"]())
    except UsageError:
        if len(shape) != 2:
            raise
        hidden = shape[1]
    if not shape or not hidden or shape[0] % hidden:
        raise UsageError(f"{shape[0] if shape else 0} outputs do not divide into gates of {hidden}.")
    return shape[0] // hidden


_MATRICES = ("orthogonal", "eye", "dirac", "sparse")
"""Laws of a matrix as a whole: experts are looked at one by one, in torch's order of dimensions."""


class Expectations(tuple[Expectation, ...]):
    """Rows in the order in which they were declared; the first pattern that matches a name wins."""

    __slots__ = ()

    def of(self, name: str) -> tuple[Expectation, ...]:
        """What is expected of this tensor: the rows of the first matching pattern (several if it lists slices)."""
        first = next((e.pattern for e in self if e.matches(name)), None)
        return tuple(e for e in self if e.pattern == first)

    def require(self, names: Iterable[str]) -> None:
        """Make sure that every pattern decides something.

        Raises:
            UsageError: a pattern matches no tensor, or only tensors that an earlier pattern claims.
        """
        known = list(names)
        used = {row.pattern for name in known for row in self.of(name)[:1]}
        for pattern in dict.fromkeys(e.pattern for e in self):
            if pattern in used:
                continue
            claimed = next((name for name in known if fnmatchcase(name, pattern)), None)
            if claimed:
                raise UsageError(
                    f"'{pattern}' never applies: '{self.of(claimed)[0].pattern}' before it claims {claimed}."
                )
            near = get_close_matches(pattern, known, 1, 0.5)
            raise UsageError(f"'{pattern}' matches no tensor" + (f"; did you mean {near[0]}?" if near else "."))


def read(declared: Mapping[str, object]) -> Expectations:
    """The rows of ``[tool.embcheck.expect]``, or of the same mapping in Python.

    Args:
        declared: pattern to a law (text or `Law`), to a table with `law`, `layout`, `blocks` (a number, or `gates`),
            `slice`, `padding_idx`, `trainable`, `tied`, or to a list of such tables, one a slice.

    Raises:
        UsageError: an unknown key, a value of the wrong type, or a law that cannot be read.
    """
    rows: list[Expectation] = []
    for pattern, value in declared.items():
        several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        rows.extend(_row(pattern, entry) for entry in several)
    return Expectations(rows)


_TYPES: Mapping[str, type] = {
    "layout": str,
    "blocks": int,
    "slice": str,
    "padding_idx": int,
    "trainable": bool,
    "tied": str,
}


def _row(pattern: str, value: object) -> Expectation:
    table: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {"law": value}
    for key, entry in table.items():
        if key != "law" and key not in _TYPES:
            raise UsageError(f"expect '{pattern}': unknown key '{key}'; it takes {', '.join(('law', *_TYPES))}.")
        if key == "blocks" and entry == "gates":
            continue
        if key != "law" and type(entry) is not _TYPES[key]:
            raise UsageError(f"expect '{pattern}': {key} must be {_TYPES[key].__name__}, not {entry!r}.")
    law = table.pop("law", "any()")
    if not isinstance(law, str | Declaration | Law):
        raise UsageError(f"expect '{pattern}': law must be text such as normal(0, 0.02), not {law!r}.")
    if table.get("blocks", 1) != "gates" and table.get("blocks", 1) < 1:
        raise UsageError(f"expect '{pattern}': blocks must be at least 1.")
    try:
        return Expectation(pattern, parse(law) if isinstance(law, str) else law, **table)
    except UsageError as error:
        raise UsageError(f"expect '{pattern}': {error}") from None
