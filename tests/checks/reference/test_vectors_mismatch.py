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
