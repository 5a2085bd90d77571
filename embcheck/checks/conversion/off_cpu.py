"""A tensor goes to numpy from a device that numpy cannot read.

## What it checks
`x.numpy()`, `np.asarray(x)`, `np.array(x)`, numpy functions of x and DLPack, where x is on an accelerator: live on
the requested device (on a machine with only a CPU, `meta` stands in, and the output says so); your own tensors;
conversions in source files that have no `.cpu()` although the tensor comes from a model or was moved to a device.

## Why it matters
The code works on a laptop and raises `TypeError: can't convert cuda:0 device type tensor to numpy` on the first
machine with a GPU, often in the logging or evaluation part that runs after hours of training.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails
only if torch or numpy do something else than is known, or if the line does not give the right values. Your own
tensors are asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such
tensor is caught. In source files a line is a warning only if the value is known to come from a model, a parameter or
a device; where its origin is unknown it is a note. Of 41 such warnings in 81 public packages (18,206 files) 4 were
wrong; on the 40 packages that the scan had not seen before, 5 of 21 (benchmarks/source_scan.py).

## How to fix
`x.detach().cpu().numpy()`: `cpu()` copies from a device and is free on the CPU. Never edit torch's own files for this
(patched-torch).

## Example
`np.asarray(model(x))` -> `model(x).detach().cpu().numpy()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.conversion_answers import answers, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "crossing", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, a line, or the device of the user's tensors."""
    yield from answers(subject, "off-cpu")
    if subject.kind == "crossing" and isinstance(subject.value, torch.Tensor) and not subject.facts["wrapped"]:
        device = subject.value.device
        meta = device.type == "meta"
        held = "on meta, where there are no values yet" if meta else f"on {device}"
        fix = "give it values first (load_state_dict(state, assign=True)); then .detach().cpu().numpy()" if meta else ""
        yield obstacle(subject, device.type != "cpu", held, "on the CPU, where numpy can read it", fix=fix)
