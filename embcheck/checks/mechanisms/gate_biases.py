"""A gate's bias that some layers or directions of a recurrent module start at one number and others do not; for
`init-not-applied`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.inventory.census import Census

_SHORTEST = 4


def gate_biases(census: Census) -> Iterator[Evidence]:
    """Hold the biases of each `nn.LSTM` and `nn.GRU` against those of its other layers and directions."""
    modules = census.inventory.modules if census.inventory is not None else {}
    for name, module in modules.items():
        if isinstance(module, (nn.LSTM, nn.GRU)) and module.bias and module.hidden_size >= _SHORTEST:
            for kind in ("bias_ih", "bias_hh"):
                yield from _among(name, module, kind)


def _among(name: str, module: nn.LSTM | nn.GRU, kind: str) -> Iterator[Evidence]:
    """Blocks of one number, not zero, in some of the biases of one kind: no draw gives such a block."""
    size, held = module.hidden_size, module.named_parameters(recurse=False)
    peers = {n: p.detach() for n, p in held if n.startswith(kind) and not p.is_meta}
    for gate in range(4 if isinstance(module, nn.LSTM) else 3):
        part = slice(gate * size, (gate + 1) * size)
        flat = {n: float(b[0]) for n, p in peers.items() if bool(((b := p[part]) == b[0]).all()) and float(b[0]) != 0}
        value = next(iter(flat.values()), 0.0)
        missed = [n for n in peers if flat.get(n) != value]
        if flat and missed:
            rows = f"[{part.start}:{part.stop}]"
            yield Evidence(
                f"{', '.join(missed)}{rows} {'does' if len(missed) == 1 else 'do'} not start at {value:g}, as "
                f"{next(iter(flat))}{rows} of the same module does",
                measured=float(len(missed)), expected=0.0, n=len(peers), part=f"{name}.{missed[0]}".lstrip("."),
                holds=False, severity=Severity.WARNING,
                fix=f"for n, p in {spelled(name)}.named_parameters():\n    if n.startswith({kind!r}):\n"
                f"        p.data{rows} = {value:g}",
            )  # fmt: skip
