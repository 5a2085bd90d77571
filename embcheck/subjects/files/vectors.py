"""Files of pretrained word vectors: GloVe and word2vec text, word2vec binary, `.npy`; read line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import torch

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.inventory.held import Held
    from embcheck.subjects.subject import Subject

_LARGEST_DIM = 100_000


@dataclass
class Vectors:
    """What a file holds, and what is odd about it. Line numbers start at 1."""

    path: str
    form: str
    """``glove``, ``word2vec``, ``word2vec binary`` or ``npy``."""
    words: list[str]
    table: np.ndarray[Any, Any]
    """Shape (len(words), dim), float32; empty words for `.npy`."""
    header: tuple[int, int] | None = None
    """Count and dimension that the first line states."""
    spaced: list[str] = field(default_factory=list)
    """Tokens that contain a space: a parser that takes the first field loses them."""
    ragged: list[int] = field(default_factory=list)
    """Lines with another number of fields, or with fields that are no numbers."""
    duplicates: list[str] = field(default_factory=list)
    """Tokens that occur again; the first one is kept."""

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.table.shape[1]) if self.table.ndim == 2 else 0


def read_vectors(path: str | Path) -> Vectors:
    """Read a file of vectors.

    A token may contain spaces (glove.840B has "at name@domain.com"): the last `dim` fields are the vector, the rest is
    the token. `dim` is that of the header, or what most of the first thousand lines have.

    Raises:
        UsageError: there is no such file, it is empty, or no line of it is a vector.
    """
    path = Path(path)
    if not path.is_file():
        what = "is no file" if path.exists() else "does not exist"
        raise UsageError(f"{path} {what}: give a file of word vectors (.txt, .vec, .bin or .npy).")
    if path.stat().st_size == 0:
        raise UsageError(f"{path} is empty.")
    if path.suffix == ".npy":
        return _npy(path)
    if path.suffix == ".bin" or _is_binary(path):
        return _binary(path)
    return _text(path)


def _npy(path: Path) -> Vectors:
    try:
        table = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise UsageError(f"{path} cannot be read as .npy without running code ({error}).") from error
    if table.ndim != 2 or table.dtype.kind != "f":
        raise UsageError(f"{path} holds {table.dtype} of shape {table.shape}, not a table of vectors.")
    return Vectors(str(path), "npy", [], table)


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(200)
        rest = file.read(4096)
    header = re.fullmatch(rb"\s*\d+\s+\d+\s*\n", first)
    return header is not None and (b"\0" in rest or _undecodable(rest))


def _undecodable(data: bytes) -> bool:
    try:
        data[: len(data) - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start < len(data) - 8
    return False


def _binary(path: Path) -> Vectors:
    """word2vec's own format: a header line, then for each word its bytes, a space, and dim float32 numbers."""
    with path.open("rb") as file:
        match = re.fullmatch(rb"\s*(\d+)\s+(\d+)\s*\n", file.readline(200))
        if match is None:
            raise UsageError(f"{path} is not word2vec binary: its first line is not 'count dim'.")
        count, dim = int(match[1]), int(match[2])
        if not 1 <= dim <= _LARGEST_DIM or count * (dim * 4 + 2) > path.stat().st_size:
            raise UsageError(f"{path} says {count} vectors of {dim} and is too short for them: is it truncated?")
        words: list[str] = []
        table = np.empty((count, dim), dtype=np.float32)
        found = Vectors(str(path), "word2vec binary", words, table, header=(count, dim))
        seen: set[str] = set()
        for i in range(count):
            word = _word(file)
            raw = file.read(4 * dim)
            if word is None or len(raw) < 4 * dim:
                raise UsageError(f"{path} ends within vector {i + 1} of {count}: is it truncated?")
            table[i] = np.frombuffer(raw, dtype="<f4")
            _note(found, word, seen)
            words.append(word)
    return found


def _word(file: BinaryIO) -> str | None:
    letters = bytearray()
    while (c := file.read(1)) not in {b" ", b""}:
        if c != b"\n" or letters:
            letters += c
        if len(letters) > 10_000:
            return None
    return letters.decode("utf-8", "replace") if c else None


def _text(path: Path) -> Vectors:
    header, dim = _shape_of(path)
    words: list[str] = []
    found = Vectors(str(path), "word2vec" if header else "glove", words, np.empty((0, dim), np.float32), header)
    seen: set[str] = set()
    rows: list[np.ndarray[Any, Any]] = []
    for number, line in _lines(path):
        if number == 1 and header:
            continue
        fields = line.split(" ")
        try:
            vector = np.array([float(x) for x in fields[-dim:]], dtype=np.float32)
        except ValueError:
            vector = np.empty(0, dtype=np.float32)
        if len(fields) <= dim or vector.size != dim or (len(fields) > dim + 1 and _all_numbers(fields[1:])):
            if len(found.ragged) < 100_000:
                found.ragged.append(number)
            continue
        word = " ".join(fields[:-dim])
        _note(found, word, seen)
        words.append(word)
        rows.append(vector)
    if not rows:
        raise UsageError(f"{path} holds no vectors: no line is a token and {dim} numbers.")
    found.table = np.stack(rows)
    return found


def _all_numbers(fields: Sequence[str]) -> bool:
    """A line with too many numbers is ragged; a token with spaces is not."""
    try:
        [float(x) for x in fields]
    except ValueError:
        return False
    return True


def _note(found: Vectors, word: str, seen: set[str]) -> None:
    if " " in word and len(found.spaced) < 100_000:
        found.spaced.append(word)
    if word in seen and len(found.duplicates) < 100_000:
        found.duplicates.append(word)
    seen.add(word)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Split at newlines only: vectors files hold tokens that `str.splitlines` would break at (U+0085, U+2028)."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n").rstrip(" ")
            if line:
                yield number, line


def _shape_of(path: Path) -> tuple[tuple[int, int] | None, int]:
    """The header, if the first line is one, and the dimension."""
    widths: dict[int, int] = {}
    header: tuple[int, int] | None = None
    for number, line in _lines(path):
        fields = line.split(" ")
        if number == 1 and len(fields) == 2 and all(f.isdigit() for f in fields):
            header = (int(fields[0]), int(fields[1]))
            continue
        width = 0
        for field_ in reversed(fields):
            try:
                float(field_)
            except ValueError:
                break
            width += 1
        width = min(width, len(fields) - 1)
        widths[width] = widths.get(width, 0) + 1
        if number > 1000:
            break
    usual = max(widths, key=lambda w: widths[w], default=0)
    if header is not None and 1 <= header[1] <= _LARGEST_DIM and usual in {header[1], 0}:
        usual = header[1]
    elif header is not None and usual != header[1]:
        header = header if usual else None
    if not usual:
        raise UsageError(f"{path} holds no vectors: no line is a token and numbers with a blank between{_form(path)}.")
    return header, usual


def _form(path: Path) -> str:
    """What the file is instead, where its beginning tells."""
    with path.open("rb") as file:
        start = file.read(4096)
    line = start.partition(b"\n")[0]
    for sign, what in (
        (b"\x1f\x8b", "it is compressed, unpack it first"),
        (b"PK", "it is a zip archive or a torch file, unpack it or save the table as .npy"),
        (b"\xff\xfe", "it is UTF-16, save it as UTF-8"),
    ):
        if start.startswith(sign):
            return f" ({what})"
    return next(
        (f" (these are {name}s)" for sign, name in ((b"\t", "tab"), (b",", "comma")) if line.count(sign) > 1), ""
    )


def read_vocab(path: str | Path) -> list[str]:
    """The words of a table, one a line, in its order; a line ``word<TAB>count`` counts as its word.

    Raises:
        UsageError: there is no such file, or it is empty.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"{path} does not exist: give the words of the table, one a line.")
    words = [line.split("\t")[0] for line in path.read_bytes().decode("utf-8", "replace").split("\n")]
    while words and not words[-1].strip("\r"):
        words.pop()
    if not words:
        raise UsageError(f"{path} is empty: give the words of the table, one a line.")
    return [w.rstrip("\r") for w in words]


def vectors_subject(path: str, vocab: str | None, held: Sequence[Held], census: Census) -> Subject:
    """The file beside the table that was made from it (the first table of its width, if there is one)."""
    from embcheck.subjects.subject import Subject

    vectors = read_vectors(path)
    words = read_vocab(vocab) if vocab else vectors.words
    table = next(
        (h for h in held if len(h.shape) == 2 and h.shape[1] == vectors.dim and h.read and h.layer == "embedding"),
        next((h for h in held if len(h.shape) == 2 and h.shape[1] == vectors.dim and h.read), None),
    )
    if table is None and held:
        widths = sorted({h.shape[1] for h in held if len(h.shape) == 2})
        raise UsageError(
            f"{path} holds vectors of {vectors.dim} numbers, and no table is as wide: "
            + (f"they have {', '.join(map(str, widths[:8]))}." if widths else "there is no matrix at all.")
        )
    if vocab and not vectors.words and len(words) != len(vectors.table):
        raise UsageError(
            f"{path} holds {len(vectors.table)} vectors without words, and {vocab} has {len(words)} words: "
            "they must be the same, in one order."
        )
    own = table.read() if table is not None and table.read is not None else None
    expected = _expected(vectors, words)
    return Subject(
        table.name if table is not None else Path(path).name, "vectors", vectors,
        facts={"census": census, "table": own, "expected": expected, "vocab": words, "dim": vectors.dim},
    )  # fmt: skip


def _expected(vectors: Vectors, words: Sequence[str]) -> torch.Tensor:
    """What the table should hold, row by row; NaN where the file has no vector for the word."""
    if not vectors.words:
        return torch.from_numpy(np.array(vectors.table, dtype=np.float32))
    where: dict[str, int] = {}
    for i, word in enumerate(vectors.words):
        where.setdefault(word, i)
    rows = np.array([where.get(w, -1) for w in words])
    expected = np.full((len(words), vectors.dim), np.nan, dtype=np.float32)
    expected[rows >= 0] = vectors.table[rows[rows >= 0]]
    return torch.from_numpy(expected)
