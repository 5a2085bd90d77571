"""What is to be drawn, and how one draw becomes a subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from embcheck.seeds import stable_seed
from embcheck.stats.chunks import computable
from embcheck.subjects.state import preserved, seed
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from embcheck.laws.law import Law


@dataclass(frozen=True)
class Request:
    """The flags of `embcheck init-stats`, resolved."""

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    dtype: torch.dtype = torch.float32
    seed: int = 0
    num_embeddings: int = 5
    embedding_dim: int = 10_000
    padding_idx: int | None = None
    shape: tuple[int, ...] | None = None
    gain: float | None = None
    init: tuple[str, ...] = ()

    def draw(
        self,
        name: str,
        group: str,
        make: Callable[[], Any],
        law: Law | None = None,
        kind: str = "tensor",
        **fields: Any,
    ) -> Iterator[Subject]:
        """One subject with the value that `make()` gives under a seed of its own.

        A draw that this device or dtype does not support is a subject of kind "unsupported" and one that raises
        anything else is "broken", both with the exception as value: the other draws still run.
        """
        seed(self.device, stable_seed(self.seed, name))
        try:
            with torch.no_grad():
                value = make()
                if kind == "tensor" and isinstance(value, torch.Tensor):
                    value = computable(value)
        except Exception as error:  # noqa: BLE001 - whatever a backend raises is what this tool is to report
            lacking = isinstance(error, NotImplementedError) or "not implemented" in str(error)
            value, kind, law = error, "unsupported" if lacking else "broken", None
        shape = tuple(value.shape) if isinstance(value, torch.Tensor) else ()
        yield Subject(
            name,
            kind,
            value,
            law=law,
            group=group,
            shape=shape,
            dtype=str(self.dtype).removeprefix("torch."),
            device=str(self.device),
            **fields,
        )

    def empty(self, *shape: int) -> torch.Tensor:
        """An uninitialised tensor of that shape, on the requested device and in the requested dtype."""
        return torch.empty(*shape, device=self.device, dtype=self.dtype)

    def trunc_normal(self, tensor: torch.Tensor, **arguments: Any) -> torch.Tensor:
        """`nn.init.trunc_normal_`, which rejects and draws again until all fit: for ever, if the draws repeat.

        Raises:
            RuntimeError: `normal_` gives the same numbers at every call here.
        """
        if self._repeats:
            raise RuntimeError(
                f"normal_ gives the same numbers again and again on {self.device}: "
                "trunc_normal_ rejects and draws again until all fit, and would never end"
            )
        return torch.nn.init.trunc_normal_(tensor, **arguments)

    @cached_property
    def _repeats(self) -> bool:
        with preserved():
            return bool(torch.equal(self.empty(64).normal_(), self.empty(64).normal_()))

    @property
    def place(self) -> dict[str, Any]:
        """Device and dtype as keyword arguments of a torch constructor."""
        return {"device": self.device, "dtype": self.dtype}
