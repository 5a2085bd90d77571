"""Networks to ask about: measured ones, and made-up records."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
import torch

from embcheck.propagation.measured.plan import Plan
from embcheck.propagation.measured.sweep import sweep
from embcheck.propagation.record import Channel, LayerRecord, NetworkRecord
from embcheck.propagation.request import configurations
from embcheck.results import Skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from embcheck.results import Evidence


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def network() -> Callable[..., NetworkRecord]:
    """`network(init=..., activation=..., ...)`: a measured record, 30 layers of width 128 unless told otherwise."""

    def network(seeds: int = 4, seed: int = 0, **wanted: Any) -> NetworkRecord:
        wanted = {"depth": 30, "width": 128} | wanted
        ((_, _, record),) = sweep(configurations(**wanted), Plan(seeds=seeds, seed=seed))
        return record

    return network


@pytest.fixture
def made() -> Callable[..., NetworkRecord]:
    """`made(forward=..., signal=..., gradient=...)`: a record of ten straight profiles with these totals."""

    def made(
        forward: tuple[float, ...] = (0.0,) * 4,
        signal: tuple[float, ...] = (0.0,) * 4,
        gradient: tuple[float, ...] = (0.0,) * 4,
        **fields: Any,
    ) -> NetworkRecord:
        def profile(totals: tuple[float, ...]) -> list[float]:
            mean = sum(totals) / len(totals)
            return [mean * i / 9 if i else 0.0 for i in range(10)]

        q, s, g = profile(forward), profile(signal), list(reversed(profile(gradient)))
        extra = fields.pop("layer", {})
        layers = tuple(LayerRecord(i + 1, f"layer {i + 1}", 128, q[i], s[i], g[i], **extra) for i in range(10))
        channels = [
            Channel(name, totals, profile=tuple(values))
            for name, totals, values in (
                ("forward", forward, q),
                ("signal", signal, s),
                ("gradient", gradient, g[::-1]),
            )
        ]
        return NetworkRecord("net", layers, *channels, **fields)

    return made


@pytest.fixture
def verdict(ask: Any) -> Callable[..., bool | None]:
    """`verdict(rule, record)`: whether every certain piece of evidence holds; None for a skip alone."""

    def verdict(rule: str, record: NetworkRecord) -> bool | None:
        found: list[Evidence | Skip] = ask(rule, record, "network")
        certain = [e.holds for e in found if not isinstance(e, Skip) and e.holds is not None]
        for e in found:
            if not isinstance(e, Skip):
                assert e.message
                assert not any(
                    isinstance(x, float) and not math.isfinite(x) for x in (e.measured, e.expected, e.allowed)
                )
        return all(certain) if certain else None

    return verdict
