import torch
from torch import nn

RULE = "vectors-mismatch"
WORDS = ["the", ". . .", "cat", "at name@domain.com", "dog"]


def write(path, lines) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def files(tmp_path, vectors: torch.Tensor, header: str = "") -> dict[str, str]:
    rows = [f"{w} " + " ".join(f"{x:.6f}" for x in v) for w, v in zip(WORDS, vectors.tolist(), strict=True)]
    return {
        "vectors": write(tmp_path / "v.txt", [header] * bool(header) + rows),
        "vocab": write(tmp_path / "vocab.txt", WORDS),
    }


def rounded() -> torch.Tensor:
    return torch.tensor([[float(f"{x:.6f}") for x in row] for row in torch.randn(5, 6).tolist()])


def loud(found) -> set[str]:
    return {o.severity.value for o in found.values()} - {"note"}


def test_table_that_holds_its_vectors_passes(failing, tmp_path) -> None:
    table = rounded()
    found = failing(RULE, nn.Sequential(nn.Embedding.from_pretrained(table)), **files(tmp_path, table))
    assert not loud(found)
    assert "at name@domain.com" in next(iter(found.values())).message  # the file's tokens with spaces are noted


def test_words_lost_at_the_first_space_fail(failing, tmp_path) -> None:
    table = rounded()
    given = files(tmp_path, table)
    held = table.clone()
    held[[1, 3]] = 0  # what a parser that splits at the first space leaves
    assert loud(failing(RULE, nn.Sequential(nn.Embedding.from_pretrained(held)), **given)) == {"error"}


def test_trained_rows_are_a_warning(failing, tmp_path) -> None:
    table = rounded()
    given = files(tmp_path, table)
    assert loud(failing(RULE, nn.Sequential(nn.Embedding.from_pretrained(table + 0.1)), **given)) == {"warning"}


def test_header_that_lies_fails(failing, tmp_path) -> None:
    table = rounded()
    assert "error" in loud(failing(RULE, {"emb.weight": table}, **files(tmp_path, table, header="9 6")))
    assert not loud(failing(RULE, {"emb.weight": table}, **files(tmp_path, table, header="5 6")))


def test_how_far_rows_are_off_is_said(failing, tmp_path) -> None:
    table = rounded()
    given = files(tmp_path, table)
    held = table.clone()
    held[2, 3] += 0.25
    found = failing(RULE, nn.Sequential(nn.Embedding.from_pretrained(held)), **given)
    assert any(
        "1 of 5 rows differ from their word's vector, by 0.25 at most: 'cat'" in o.message for o in found.values()
    )


def test_one_line_and_one_token_are_spoken_of_as_one(failing, tmp_path) -> None:
    lines = ["a b 0.5 1", "c 0.5 2", "d 0.5", "c 0.5 3"] + [f"w{i} 1 {i}" for i in range(9)]
    found = failing(RULE, {"emb.weight": torch.ones(12, 2)}, vectors=write(tmp_path / "v.txt", lines))
    said = " ".join(o.message for o in found.values())
    assert "the file has 1 token with spaces" in said
    assert "the file has 1 token more than once" in said
    assert "line 3 is no token and 2 numbers" in said


def test_the_header_of_a_binary_file_is_its_format(failing, tmp_path) -> None:
    body = b"".join(f"w{i} ".encode() + torch.full((2,), float(i)).numpy().tobytes() + b"\n" for i in range(3))
    (tmp_path / "v.bin").write_bytes(b"3 2\n" + body)
    table = torch.arange(3.0)[:, None].repeat(1, 2)
    assert not failing(RULE, {"emb.weight": table}, vectors=str(tmp_path / "v.bin"))
