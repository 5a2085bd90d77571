"""Special initializations that a name states: low-rank updates, layers called zero, decay rates in log scale.

A low-rank update starts at zero (Hu et al. 2021, LoRA, section 4.1), and so does what is called a zero convolution
(Zhang et al. 2023, ControlNet, section 3.1). `A_log` is the logarithm of decay rates that spread over 1 to 16 or to the
number of states (Gu and Dao 2023, Mamba, section 3.6; Dao and Gu 2024): it is not centred at 0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.inventory.census import Census, Member

_ZERO = re.compile(r"(^|[._])zero_?(convs?|linears?|projs?|layers?|modules?|outs?)([._\d]|$)", re.I)
_UP = re.compile(r"lora_(embedding_)?(B|up)(?=[._]|$)")
_OTHER = {"B": "A", "up": "down"}
_CENTRED = 4.0
_ALIGNED = 1e-3


def told_by_name(census: Census) -> Iterator[tuple[Member, str]]:
    """Parameters whose name says how they start, freshly drawn from another law; with the sentence that says so."""
    named = {m.held.name: m for m in census.parameters}
    for member in census.parameters:
        held = member.held
        if not member.fresh or member.declared or not held.trainable:
            continue
        if len(held.shape) > 1 and _ZERO.search(held.module_name.rpartition(".")[2] or held.role):
            yield member, f"is called zero and follows {member.law}: the branch does not start at zero"
        elif (other := _partner(held.name, named)) is not None and other.fresh and not _factored(member, other):
            yield (
                member,
                (
                    f"follows {member.law} and {other.held.name} {other.law}: their product, the low-rank update, "
                    "does not start at zero"
                ),
            )
        elif held.role == "A_log" and abs(member.mean) < _CENTRED * member.std / member.n**0.5:
            yield member, f"follows {member.law}: every decay rate exp(A_log) is about 1, where they are to spread"


def _partner(name: str, named: dict[str, Member]) -> Member | None:
    found = _UP.search(name)
    if found is None:
        return None
    down = f"lora_{found[1] or ''}{_OTHER[found[2]]}"
    return named.get(name[: found.start()] + down + name[found.end() :])


def _factored(*factors: Member) -> bool:
    """Whether a factor has orthogonal rows or columns: a decomposition of the base weight, taken off it again."""
    for member in factors:
        assert member.held.read is not None  # noqa: S101 - a fresh member was read
        w = member.held.read().detach().double()
        w = w.reshape(w.shape[0], -1)
        w = torch.nn.functional.normalize(w if w.shape[0] <= w.shape[1] else w.T, dim=1)
        gram = w @ w.T
        if float((gram - torch.diag(gram.diagonal())).abs().max()) < _ALIGNED and len(w) > 1:
            return True
    return False
