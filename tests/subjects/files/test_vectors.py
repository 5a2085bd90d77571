"""Word vectors in every form that people have them, with the oddities that break parsers."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embcheck.commands.audit import audit
from embcheck.errors import UsageError
from embcheck.subjects.files.vectors import read_vectors, read_vocab


def text(tmp_path, lines: list[str]):
    path = tmp_path / "v.txt"
    path.write_bytes("\n".join(lines).encode())
    return path


def test_glove_with_spaces_in_tokens(tmp_path) -> None:
    found = read_vectors(text(tmp_path, ["the 1 2 3", ". . . 4 5 6", "at name@domain.com 7 8 9", "1 0.5 0.25 0.125"]))
    assert found.form == "glove"
    assert found.words == ["the", ". . .", "at name@domain.com", "1"]
    assert found.table.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [0.5, 0.25, 0.125]]
    assert found.spaced == [". . .", "at name@domain.com"]


def test_word2vec_text_with_header(tmp_path) -> None:
    found = read_vectors(text(tmp_path, ["3 2", "a 1 2", "b 3 4", "c 5 6"]))
    assert (found.form, found.header, found.dim, len(found.words)) == ("word2vec", (3, 2), 2, 3)


def test_ragged_lines_and_duplicates(tmp_path) -> None:
    found = read_vectors(text(tmp_path, ["a 1 2 3", "b 1 2", "a 4 5 6", "c 1 2 3 4", "d 1 x 3", "e 7 8 9"]))
    assert found.words == ["a", "a", "e"]
    assert found.ragged == [2, 4, 5]
    assert found.duplicates == ["a"]


def test_odd_line_breaks_stay_within_tokens(tmp_path) -> None:
    found = read_vectors(text(tmp_path, ["a\u0085b 1 2", "c\u2028d 3 4", "e 5 6"]))
    assert found.words == ["a\u0085b", "c\u2028d", "e"]


def test_word2vec_binary(tmp_path) -> None:
    path = tmp_path / "v.bin"
    rows = [("the", [1.0, 2.0]), ("caf\u00e9", [3.0, -4.0])]
    path.write_bytes(b"2 2\n" + b"".join(w.encode() + b" " + struct.pack("<2f", *v) + b"\n" for w, v in rows))
    found = read_vectors(path)
    assert found.words == ["the", "caf\u00e9"]
    assert found.table.tolist() == [[1, 2], [3, -4]]
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(UsageError, match="truncated"):
        read_vectors(path)


def test_npy_without_code(tmp_path) -> None:
    np.save(tmp_path / "v.npy", np.eye(3, dtype=np.float32))
    assert read_vectors(tmp_path / "v.npy").dim == 3
    np.save(tmp_path / "o.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(UsageError):
        read_vectors(tmp_path / "o.npy")


def test_vocabulary(tmp_path) -> None:
    (tmp_path / "vocab").write_bytes(b"the\n. . .\ncat\t17\n\ndog\n")
    assert read_vocab(tmp_path / "vocab") == ["the", ". . .", "cat", "", "dog"]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".txt", ".bin", ".npy", ".vec"]))
def test_any_bytes_are_read_or_refused(tmp_path, data, suffix) -> None:
    path = tmp_path / f"v{suffix}"
    path.write_bytes(data)
    try:
        found = read_vectors(path)
    except UsageError as error:
        assert "\n" not in str(error)
        return
    assert len(found.words) in {len(found.table), 0}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x1f\x8b\x08\0 some bytes", "it is compressed, unpack it first"),
        (b"PK\x03\x04 some bytes", "save the table as .npy"),
        ("a 1 2\nb 3 4\n".encode("utf-16"), "it is UTF-16, save it as UTF-8"),
        (b"a\t1\t2\nb\t3\t4\n", "these are tabs"),
        (b"a,1,2\nb,3,4\n", "these are commas"),
    ],
)
def test_another_form_is_named(tmp_path, content: bytes, said: str) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read_vectors(path)


def test_a_folder_is_no_file_and_does_exist(tmp_path) -> None:
    with pytest.raises(UsageError, match="is no file: give a file of word vectors"):
        read_vectors(tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(b"\xef\xbb\xbfa 1 2\nb 3 4\n")
    assert read_vectors(path).words == ["a", "b"]


def test_vectors_that_fit_no_table_are_refused(tmp_path) -> None:
    (tmp_path / "v.txt").write_text("a 1 2 3\nb 3 4 5\n")
    with pytest.raises(UsageError, match=r"vectors of 3 numbers, and no table is as wide: they have 4\.$"):
        audit({"emb.weight": torch.ones(2, 4)}, vectors=str(tmp_path / "v.txt"))


def test_a_vocabulary_of_another_length_than_bare_vectors_is_refused(tmp_path) -> None:
    np.save(tmp_path / "v.npy", np.ones((3, 4)))
    (tmp_path / "vocab.txt").write_text("a\nb\n")
    with pytest.raises(UsageError, match=r"holds 3 vectors without words, and .*vocab\.txt has 2 words"):
        audit({"emb.weight": torch.ones(3, 4)}, vectors=str(tmp_path / "v.npy"), vocab=str(tmp_path / "vocab.txt"))
