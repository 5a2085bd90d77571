import pytest
import torch

from embcheck.errors import UsageError
from embcheck.subjects.placement import available_devices, resolve_device, resolve_dtype


def test_cpu_is_always_there() -> None:
    assert "cpu" in available_devices()
    assert resolve_device("cpu") == torch.device("cpu")


def test_unknown_device_names_those_that_exist() -> None:
    with pytest.raises(UsageError, match=r"Unknown device 'gpu': this machine has cpu"):
        resolve_device("gpu")


@pytest.mark.parametrize(("typed", "meant"), [("gpu", "cuda"), ("cdua:1", "cuda"), ("GPU:0", "cuda"), ("mpss", "mps")])
def test_the_device_that_was_probably_meant_is_named(typed: str, meant: str) -> None:
    with pytest.raises(UsageError, match=rf"did you mean {meant}\?$"):
        resolve_device(typed)


def test_meta_is_refused_with_the_reason() -> None:
    with pytest.raises(UsageError, match="no values"):
        resolve_device("meta")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_missing_cuda_says_what_is_missing() -> None:
    with pytest.raises(UsageError, match=r"Device 'cuda' cannot be used here: .*CUDA"):
        resolve_device("cuda")


@pytest.mark.parametrize(
    ("name", "dtype"), [("fp16", torch.float16), ("torch.bfloat16", torch.bfloat16), ("double", torch.float64)]
)
def test_dtype_names(name, dtype) -> None:
    assert resolve_dtype(name) is dtype
    assert resolve_dtype(dtype) is dtype


def test_dtypes_that_cannot_be() -> None:
    with pytest.raises(UsageError, match="did you mean float32"):
        resolve_dtype("flaot32")
    with pytest.raises(UsageError, match="no real random draws"):
        resolve_dtype("int64")
    with pytest.raises(UsageError, match="no real random draws"):
        resolve_dtype("complex64")
