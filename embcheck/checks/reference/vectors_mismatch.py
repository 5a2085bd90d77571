"""A table does not hold the word vectors that it was made from.

## What it checks
A file of vectors by itself: a header taken for a word, tokens with spaces, ragged lines, tokens that occur twice.
Beside a table (and its vocabulary): words without a vector, rows that are not their word's vector, a table of another
size.

## Why it matters
Parsers that split at the first space lose "at name@domain.com"; a header becomes the word "400000" with a vector of
length 1; words that were not found keep zeros. The model trains, a little worse, for ever.

## How it decides
Certain. The last `dim` fields of a line are the vector and the rest is its token. Rows are compared after a cast to the
table's dtype. Oddities of the file are notes, since a careful parser copes with them; rows that differ from the file
and are zero, or hold another word's vector, are errors; rows that differ otherwise are warnings (they may be trained).

## How to fix
`word, vector = line.rsplit(" ", dim)[0], line.rsplit(" ", dim)[1:]`; draw rows for words that are missing.

## Example
`word, *vector = line.split()` on glove.840B.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch

    from embcheck.runner import Context
    from embcheck.subjects.files.vectors import Vectors
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"vectors"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at the file, then at the table beside it."""
    vectors: Vectors = subject.value
    yield from _file(vectors)
    table, expected, words = subject.facts["table"], subject.facts["expected"], subject.facts["vocab"]
    if table is not None:
        yield from _table(table, expected, words)


def _file(vectors: Vectors) -> Iterator[Evidence]:
    if vectors.header and vectors.form == "word2vec":  # in a binary file it is the format
        yield _oddity(
            "a header line (count and dimension): a parser that does not skip it makes a word of it", 1, vectors
        )
    for found, which in (
        (vectors.spaced, "with spaces: a parser that splits at the first space loses them"),
        (vectors.duplicates, "more than once: the last one wins in a dict, the first here"),
    ):
        if found:
            shown = ", ".join(map(repr, found[:3]))
            yield _oddity(f"{_counted(len(found), 'token')} {which} ({shown})", len(found), vectors)
    if vectors.ragged:
        shown = ", ".join(map(str, vectors.ragged[:5])) + (", ..." if len(vectors.ragged) > 5 else "")
        one = len(vectors.ragged) == 1
        yield Evidence(
            f"line {shown} is no token and {vectors.dim} numbers"
            if one
            else f"{len(vectors.ragged)} lines are no token and {vectors.dim} numbers: {shown}",
            measured=float(len(vectors.ragged)), expected=0.0, allowed=0.0, n=len(vectors.words), holds=False,
            part=" file", severity=Severity.WARNING,
        )  # fmt: skip
    if vectors.header is not None and vectors.header[0] != len(vectors.words):
        yield Evidence(
            f"the header says {vectors.header[0]} vectors and the file has {len(vectors.words)}: is it truncated?",
            measured=float(len(vectors.words)), expected=float(vectors.header[0]), holds=False, part=" file",
        )  # fmt: skip


def _oddity(what: str, count: int, vectors: Vectors) -> Evidence:
    return Evidence(
        f"the file has {what}", measured=float(count), n=len(vectors.words), holds=False, part=" file",
        severity=Severity.NOTE,
    )  # fmt: skip


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _table(table: torch.Tensor, expected: torch.Tensor, words: Sequence[str]) -> Iterator[Evidence]:
    rows = min(table.shape[0], expected.shape[0])
    if table.shape[0] != expected.shape[0]:
        yield Evidence(
            f"the table has {table.shape[0]} rows and the vocabulary {expected.shape[0]} words",
            measured=float(table.shape[0]), expected=float(expected.shape[0]), holds=False, severity=Severity.WARNING,
        )  # fmt: skip
    own, due = table[:rows].detach().cpu(), expected[:rows].to(table.dtype)
    missing = due.isnan().any(dim=1)
    differs = (own != due).any(dim=1) & ~missing
    zero = (own == 0).all(dim=1) & differs
    total = int(differs.sum())

    def named(mask: torch.Tensor) -> str:
        found = mask.nonzero().flatten()[:5].tolist()
        return ", ".join(repr(words[i]) if i < len(words) else str(i) for i in found)

    yield Evidence(
        f"{int(zero.sum())} words have a vector in the file and a row of zeros: {named(zero)}"
        if bool(zero.any())
        else f"{total} of {rows} rows differ from their word's vector, by {_gap(own, due, differs):.2g} at most: "
        f"{named(differs)}"
        if total
        else f"all {rows - int(missing.sum())} words that the file has hold its vector",
        measured=float(total), expected=0.0, allowed=0.0, n=rows, holds=total == 0,
        severity=None if bool(zero.any()) or not total else Severity.WARNING,
        fix="token, *vector = line.rsplit(' ', dim)" if total else "",
    )  # fmt: skip
    if bool(missing.any()):
        yield Evidence(
            f"{int(missing.sum())} of {rows} words have no vector in the file: {named(missing)}",
            measured=float(missing.sum()), n=rows, holds=False, part=" missing", severity=Severity.NOTE,
            fix="draw them with the standard deviation of the others",
        )  # fmt: skip


def _gap(own: torch.Tensor, due: torch.Tensor, differs: torch.Tensor) -> float:
    """The largest difference of an element, over the rows that differ."""
    return float((own[differs].double() - due[differs].double()).abs().nan_to_num(nan=float("inf")).max())
