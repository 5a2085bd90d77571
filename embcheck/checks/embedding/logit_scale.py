"""The logits start so large that the first loss is far above chance.

## What it checks
With inputs: the standard deviation of the model's outputs where the last layer is a classifier over at least eight
classes, and a learned temperature in front of cosines. Without: heads tied to an embedding table, from the table's
scale.

## Why it matters
At the start every class should be about equally likely: the cross entropy is ln V. `nn.Embedding` draws from N(0, 1);
tied to the output it gives logits of standard deviation sqrt(d) = 28 for GPT-2's sizes, and a loss of about 120 in
place of ln 50257 = 10.8 (more still where the hidden state resembles the input's own row). Training spends its first
steps undoing that, or diverges.

## How it decides
On a forward pass, certain: the cross entropy at random labels, mean of logsumexp(x) - mean(x), is computed from the
logits; it fails above 2 ln V, twice the loss of chance. Without one: normal logits of variance s^2 over V classes have
a loss of ln V + s^2/2 while s^2 < 2 ln V, and s sqrt(2 ln V) above (Derrida's random energy model, 1981); it fails for
s > sqrt(2 ln V), where the excess is ln V (for large V; a tenth less at 50,000), with s = sqrt(d) times the table's
standard deviation, for hidden states of unit power. Both are warnings: a forward may scale, and there are models that
were trained from such a start (T5 1.1 draws its head from N(0, 1); its first loss is several times that of chance).

A parameter of one number, or its exponential, that multiplies what is at most 1 (unit vectors, cosines) fails above
100, the bound that CLIP clips it to against instability (Radford et al. 2021, section 2.5) and Swin V2 too: a warning.

## How to fix
`nn.init.normal_(emb.weight, std=0.02)` (the table at d^-0.5 or below), or divide the logits by sqrt(d). A temperature
whose exponential is taken starts at `math.log(1 / 0.07)`, not at `1 / 0.07`.

## Example
`head.weight = emb.weight` with `emb = nn.Embedding(50257, 768)` as built.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Node, Trace
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"trace", "model"})
_FEWEST = 8
_HOTTEST, _ROUNDED = 100.0, 1e-2


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at the outputs of a trace, or at tied tables."""
    census: Census = subject.facts["census"]
    if subject.kind == "trace":
        yield from _measured(subject.value, census)
        yield from _temperatures(subject.value, census)
    elif not subject.facts.get("traced"):
        yield from _from_tables(census)


def _measured(trace: Trace, census: Census) -> Iterator[Evidence]:
    sizes = {m.held.shape[0] for m in census.parameters if m.held.layer == "embedding"}
    for index in trace.outputs:
        node = _through_views(trace, trace.nodes[index])
        classes = node.shape[-1] if node.shape else 0
        head = node.kind == "affine" and node.op in {"linear", "matmul", "mm", "addmm"}
        if not head or classes < _FEWEST or not (classes in sizes or _is_head(node)):
            continue
        std = math.sqrt(max(node.q - node.mean**2, 0.0))
        yield _measured_loss(trace.losses.get(index), std, classes, node)


def _temperatures(trace: Trace, census: Census) -> Iterator[Evidence]:
    """Parameters of one number that multiply cosines or unit vectors."""
    scalars = [m for m in census.parameters if m.n == m.finite == 1]
    for node in trace.nodes if scalars else ():
        constant, ahead = node.option("constant"), node.parents[:1]
        if "mul" not in node.op and node.op not in {"div", "truediv", "idiv", "itruediv"}:
            continue
        factor = constant if "mul" in node.op else 1 / constant if constant else math.inf
        if not _HOTTEST * (1 + _ROUNDED) < factor < math.inf or not ahead:
            continue
        if not trace.behind_views(ahead[0]).largest <= 1 + _ROUNDED:
            continue
        learned = next((m for m in scalars if _gives(m.low, factor)), None)
        if learned is not None:
            yield Evidence(
                f"cosines are multiplied by {factor:.4g}, which {learned.held.name} = {learned.low:.4g} gives; "
                f"{_HOTTEST:g} is allowed",
                measured=factor, expected=1 / 0.07, allowed=_HOTTEST, part=learned.held.name, holds=False,
                severity=Severity.WARNING,
                fix=f"nn.init.constant_({spelled(learned.held.name)}, math.log(1 / 0.07))  # if its exp() is taken",
            )  # fmt: skip


def _gives(value: float, factor: float) -> bool:
    """Whether a factor is a parameter's value, its exponential, or an inverse of these."""
    log = math.log(factor)
    return min(abs(value - log), abs(value + log)) < _ROUNDED or min(
        abs(value / factor - 1), abs(value * factor - 1)
    ) < _ROUNDED  # fmt: skip


def _measured_loss(loss: float | None, std: float, classes: int, node: Node) -> Evidence:
    """The loss itself, from the logits: tied heads add a logit of their own token that no standard deviation shows."""
    if loss is None:
        fix = _fix(spelled(node.weight), std) if node.weight else ""
        return _judged(std, classes, node.name, certain=True, fix=fix)
    chance = math.log(classes)
    wrong = not loss <= 2 * chance
    return Evidence(
        f"the first loss is {loss:.4g} at random labels over {classes} classes, where chance is {chance:.4g} "
        f"(logits have a standard deviation of {std:.3g}); {2 * chance:.4g} is allowed",
        measured=loss, expected=chance, allowed=2 * chance, part=node.name, holds=not wrong,
        severity=Severity.WARNING if wrong else None,
        fix=_fix(spelled(node.weight), std) if wrong and node.weight else "",
    )  # fmt: skip


def _through_views(trace: Trace, node: Node) -> Node:
    while node.kind == "other" and len(node.parents) == 1:
        node = trace.nodes[node.parents[0]]
    return node


def _is_head(node: Node) -> bool:
    last = node.module.rpartition(".")[2]
    return last in {"lm_head", "head", "classifier", "logits", "fc_out", "output_projection", "decoder", "proj_out"}


def _from_tables(census: Census) -> Iterator[Evidence]:
    for member in census.parameters:
        held = member.held
        names = (held.name, *held.aliases)
        if held.layer != "embedding" or len(held.shape) != 2 or held.shape[0] < _FEWEST or len(names) < 2:
            continue
        head = next((n for n in names if census.inventory is not None and _is_linear(census, n)), None)
        if head is None or not member.random:
            continue
        std = math.sqrt(held.shape[1]) * member.std
        yield _judged(std, held.shape[0], head, certain=False, fix=_fix(spelled(held.name), std, member.std))


def _is_linear(census: Census, name: str) -> bool:
    assert census.inventory is not None  # noqa: S101 - asked only for live models
    module = census.inventory.modules.get(name.rpartition(".")[0])
    return type(module).__name__ == "Linear"


def _fix(name: str, std: float, scale: float | None = None) -> str:
    if std <= 0:
        return ""
    factor = 1 / std
    return f"nn.init.normal_({name}, std={scale * factor:.3g})" if scale else f"{name}.data.mul_({factor:.3g})"


def _judged(std: float, classes: int, part: str, certain: bool, fix: str) -> Evidence:
    chance, allowed = math.log(classes), math.sqrt(2 * math.log(classes))
    excess = std**2 / 2 if std < allowed else std * allowed - chance
    wrong = std > allowed
    source = "measured" if certain else "expected for hidden states of unit power"
    return Evidence(
        f"logits have a standard deviation of {std:.3g} ({source}) over {classes} classes: the first loss is about "
        f"{chance + excess:.3g} where chance is {chance:.3g}; {allowed:.3g} is allowed"
        if wrong
        else f"logits have a standard deviation of {std:.3g} over {classes} classes; {allowed:.3g} is allowed",
        measured=std, expected=1.0, allowed=allowed, part=part, holds=not wrong,
        severity=Severity.WARNING if wrong else None, fix=fix if wrong else "",
    )  # fmt: skip
