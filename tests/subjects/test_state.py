import random
import sys

import numpy as np
import pytest
import torch

from embcheck.subjects.state import poisoned, preserved, short_turns


def test_every_global_is_as_before() -> None:
    def look() -> tuple:
        return (
            torch.initial_seed(), torch.get_rng_state().tolist(), random.getstate(), np.random.get_state()[1].tolist(),
            torch.get_default_dtype(), torch.get_default_device(), torch.are_deterministic_algorithms_enabled(),
            torch.is_deterministic_algorithms_warn_only_enabled(), torch.is_grad_enabled(), torch.get_num_threads(),
            torch.utils.deterministic.fill_uninitialized_memory,
        )  # fmt: skip

    before = look()
    with pytest.raises(KeyError), preserved():
        torch.manual_seed(123)
        random.seed(1)
        np.random.seed(1)
        torch.set_default_dtype(torch.float64)
        torch.set_default_device("meta")
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = False
        torch.set_grad_enabled(False)
        torch.set_num_threads(3)
        raise KeyError
    assert look() == before


def test_no_mode_stays_behind() -> None:
    """A device mode would see every later call, and call `nn.init.normal_` with other arguments than its caller did."""
    before = torch._C._len_torch_function_stack()
    with preserved():
        torch.set_default_device("meta")
    assert torch._C._len_torch_function_stack() == before
    assert torch.empty(1).device.type == "cpu"


def test_a_device_that_was_chosen_is_chosen_again() -> None:
    torch.set_default_device("meta")
    try:
        with preserved():
            torch.set_default_device("cpu")
        assert torch.empty(1).is_meta
    finally:
        torch.set_default_device(None)


def test_next_draw_is_the_one_that_was_due() -> None:
    torch.manual_seed(5)
    due = torch.rand(3)
    torch.manual_seed(5)
    with preserved():
        torch.rand(100)
    assert torch.equal(torch.rand(3), due)


def test_poison_fills_floats_with_nan_and_leaves_no_trace() -> None:
    with poisoned():
        assert torch.empty(5).isnan().all()
    assert not torch.are_deterministic_algorithms_enabled()


def test_threads_take_their_usual_turns_again() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(KeyError), short_turns():
        assert sys.getswitchinterval() < before
        raise KeyError
    assert sys.getswitchinterval() == before
