from __future__ import annotations

import pytest


def test_defaults_reach_the_command(embcheck, calls) -> None:
    embcheck("init-stats")
    assert calls == [
        {
            "device": "cpu", "dtype": "float32", "seed": 0, "alpha": 0.001, "num_embeddings": None,
            "embedding_dim": None, "padding_idx": None, "shape": None, "gain": None, "init": (), "select": (),
            "ignore": (), "fail_on": "error", "exit_zero": False,
        }
    ]  # fmt: skip


def test_every_flag_reaches_the_command(embcheck, calls) -> None:
    embcheck(
        "init-stats", "--device", "cuda:1", "--dtype", "bf16", "--seed", "3", "--alpha", "0.01", "--num-embeddings",
        "5", "--embedding-dim", "800000", "--padding-idx", "-1", "--shape", "(512, 256)", "--gain", "1.414", "--init",
        "xavier_uniform_", "--init", "torch.nn.init.eye_", "--select", "EMB,INI119", "--ignore", "EMB102", "--fail-on",
        "warning", "--exit-zero",
    )  # fmt: skip
    assert calls == [
        {
            "device": "cuda:1", "dtype": "bfloat16", "seed": 3, "alpha": 0.01, "num_embeddings": 5,
            "embedding_dim": 800000, "padding_idx": -1, "shape": (512, 256), "gain": 1.414,
            "init": ("xavier_uniform", "eye"), "select": ("EMB", "INI119"), "ignore": ("EMB102",),
            "fail_on": "warning", "exit_zero": True,
        }
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["512,256", "512x256", "512 256", "[512, 256]"])
def test_shapes_as_people_type_them(embcheck, calls, text: str) -> None:
    embcheck("init-stats", "--shape", text)
    assert calls[0]["shape"] == (512, 256)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--num-embeddings", "0"], "--num-embeddings must be 1 or larger, not 0."),
        (["--embedding-dim", "-3"], "--embedding-dim must be 1 or larger, not -3."),
        (
            ["--num-embeddings", "5", "--padding-idx", "5"],
            "--padding-idx 5 is out of range for 5 embeddings: choose from -5 to 4.",
        ),
        (
            ["--num-embeddings", "5", "--padding-idx", "-6"],
            "--padding-idx -6 is out of range for 5 embeddings: choose from -5 to 4.",
        ),
        (["--shape", "a,b"], "--shape must be whole numbers joined by commas, as in 512,256, not 'a,b'."),
        (["--shape", ""], "--shape must be whole numbers joined by commas, as in 512,256, not ''."),
        (["--shape", "0,3"], "--shape must have sizes of 1 or larger, not 0."),
        (["--shape", "3,-1"], "--shape must have sizes of 1 or larger, not -1."),
        (["--shape", "3"], "--shape needs two sizes or more, as in 512,256: fans are not defined for '3'."),
        (["--gain", "nan"], "--gain must be a finite number, not nan."),
        (
            ["--init", "xavier"],
            "torch.nn.init has no initializer 'xavier': did you mean xavier_normal or xavier_uniform?",
        ),
        (["--device", "GPU!"], "--device must look like cpu, cuda or cuda:0, not 'GPU!'."),
        (["--dtype", "float31"], "--dtype cannot be 'float31': did you mean float32?"),
        (["--seed", "-1"], "--seed must lie between 0 and 2**63 - 1, not -1."),
    ],
)
def test_bad_input_is_one_sentence_before_any_draw(embcheck, calls, flags: list[str], said: str) -> None:
    assert embcheck("init-stats", *flags) == (2, "", f"embcheck: {said}\n")
    assert calls == []


def test_the_names_are_torch_s() -> None:
    torch_init = pytest.importorskip("torch.nn.init")
    from embcheck.cli.init_stats import INITIALIZERS

    offered = {n[:-1] for n in dir(torch_init) if n.endswith("_") and not n.startswith("_")}
    assert set(INITIALIZERS) == offered - {"_no_grad_"}
