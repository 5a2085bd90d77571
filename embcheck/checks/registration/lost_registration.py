"""Assigning to a module registers something else than torch documents.

## What it checks
An `nn.Parameter` or an `nn.Module` assigned as an attribute, and a module given to `add_module`, appear in
`named_parameters()` / `named_modules()` and in the state dict. A plain tensor assigned as an attribute does not;
`register_buffer` puts it into the state dict only.

## Why it matters
What is not registered is not trained, moved by `.to()`, or saved, and nothing says so.

## How it decides
Certain, not statistical: the names that the module lists are compared with the documented ones.

## How to fix
`self.w = nn.Parameter(t)` for what is to be trained, `self.register_buffer("t", t)` for what only moves and is saved.

## Example
`self.scale = torch.ones(3)` is an attribute and nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"registering"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Hold the names that `subject.value` (a mapping of listing to names) gives against `facts["documented"]`."""
    for listing, due in subject.facts["documented"].items():
        listed = subject.value[listing]
        yield Evidence(
            f"{listing}() lists {_names(listed)}" + ("" if listed == due else f" where {_names(due)} is documented"),
            holds=listed == due,
            part=f".{listing}",
        )


def _names(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
