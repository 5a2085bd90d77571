"""Memory is shared where one thinks it is copied.

## What it checks
`from_numpy`, `as_tensor`, `torch.Tensor` of a float32 array, `from_pretrained`, `load_state_dict(assign=True)`,
`.numpy()`, `np.asarray`, DLPack, `.cpu()`, `.float()` and `.detach()` on what is there already, and `state_dict()` kept
as the best: rows that edit one side and look at the other. In your own model: arrays, and mappings of tensors, that lie
in the same memory as a parameter, and parameters that are not one object and yet one memory.

## Why it matters
Normalising a table of vectors in place changes the model that was built from it. A best checkpoint kept as `best =
model.state_dict()` turns into the last one. Edits through numpy are invisible to autograd, so a wrong gradient is
computed where an edit by torch would have raised.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. In a model, address
ranges are compared; nothing is read. Single tensors beside the parameters are views kept for many good reasons and are
not judged; arrays and mappings of tensors are. One overlapping byte is caught. Parameters are compared with each other
where both fill their range without gaps (columns of one fused matrix lie between one another).

## How to fix
`torch.from_numpy(a).clone()`; `x.numpy().copy()`; `best = copy.deepcopy(model.state_dict())`.

## Example
`self.emb = nn.Embedding.from_pretrained(torch.from_numpy(self.vectors))` -> add `.clone()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.conversion_answers import answers
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

_APART = {
    "array": "torch.from_numpy(array).clone()",
    "snapshot": "copy.deepcopy(model.state_dict())",
    "tensor": "b.weight = a.weight to tie them; nn.Parameter(a.weight.detach().clone()) to start equal",
}
KINDS = frozenset({"pitfall", "memory", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, a line, or what lies beside a model."""
    yield from answers(subject, "shared-memory")
    if subject.kind == "memory":
        shared = subject.facts["shared"]
        for other, parameter, what in shared:
            yield Evidence(
                f"{what} {other} and parameter {parameter} are the same memory: an edit of either changes both",
                holds=False,
                part=("." if subject.name else "") + f"{parameter} ~ {other}",
                fix=_APART[what],
            )
        if not shared:
            yield Evidence(
                "nothing that lies beside the parameters shares their memory", holds=True, n=subject.facts["looked_at"]
            )
    elif subject.kind == "converter":
        shared = [trial for trial in subject.value if trial.shares]
        if shared:
            # numpy reads what torch trains, as a rule; an array under a tensor is written to by training
            makes_tensors = any(trial.gives_tensor for trial in shared)
            yield Evidence(
                f"{shared[0].sample} comes out as its own memory: an edit of either changes both",
                holds=False,
                severity=None if makes_tensors else Severity.NOTE,
                fix="torch.tensor(x)" if makes_tensors else ".copy()",
            )
