"""Small networks, measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from embcheck.propagation.measured.plan import Plan
from embcheck.propagation.measured.sweep import sweep
from embcheck.propagation.request import configurations

if TYPE_CHECKING:
    from collections.abc import Callable

    from embcheck.propagation.record import NetworkRecord


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def measured() -> Callable[..., NetworkRecord]:
    """`measured(depth=..., width=..., seeds=..., ...)`: the record of one configuration."""

    def measured(
        seeds: int = 4, seed: int = 0, limit: float = 6.0, exact: bool = False, **wanted: Any
    ) -> NetworkRecord:
        plan = {k: wanted.pop(k) for k in ("inputs",) if k in wanted}
        ((_, _, record),) = sweep(
            configurations(**wanted), Plan(seeds=seeds, seed=seed, limit=limit, exact=exact, **plan)
        )
        return record

    return measured
