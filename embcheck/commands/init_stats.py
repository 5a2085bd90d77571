"""`embcheck init-stats`: draw what torch draws, and check what it promises."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity, Status
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from embcheck.results import Outcome
    from embcheck.subjects.stock.request import Request
    from embcheck.subjects.subject import Subject

COMMAND = "init-stats"
_FAMILIES = ("EMB", "INI", "WGT", "REG")  # the others ask nothing of what torch draws, and their imports cost time
_TESTS = 1500  # p-values of a default run, for the smallest error that is printed
_STATISTIC = "INI101"  # the rule whose statistic and p-value the table shows


def init_stats(
    *,
    device: str = "cpu",
    dtype: str = "float32",
    seed: int = 0,
    alpha: float = 1e-3,
    num_embeddings: int | None = None,
    embedding_dim: int | None = None,
    padding_idx: int | None = None,
    shape: tuple[int, ...] | None = None,
    gain: float | None = None,
    init: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str = "error",
    exit_zero: bool = False,
) -> Report:
    """Draw embeddings, initializers, layers and constructors on a device, and check every promise of torch.

    Args:
        device: where to draw: ``cpu``, ``cuda``, ``cuda:1``, ``mps``, ``xpu``.
        dtype: in which dtype: ``float32``, ``float64``, ``float16``, ``bfloat16``.
        seed: every draw depends on it and on the subject's name alone.
        alpha: the chance that a run over a sound torch fails at all.
        num_embeddings: rows of the embedding tables (default 5).
        embedding_dim: length of their rows (default 10,000; the classic experiment is 800,000).
        padding_idx: padding row of the embedding tables; by default tables with and without one are drawn.
        shape: draw every initializer in this shape instead of its own list of shapes.
        gain: for the initializers that take one.
        init: draw these functions of `torch.nn.init` only, and nothing else.
        select: codes, prefixes or names of the rules to ask; all when empty. What an optimizer does to an embedding
            is rehearsed only then (EMB103, EMB107 to EMB109): torch's optimizers take longer to import than all
            the rest to run.
        ignore: codes, prefixes or names of the rules not to ask.
        fail_on: the least severity that makes `exit_code` 1.
        exit_zero: make `exit_code` 0 where it would be 1.

    Returns:
        a report with the table ``draws``, one row a tensor.

    Raises:
        UsageError: a device, dtype, size, initializer or rule that there is not, or nothing left to check.
    """
    start = time.perf_counter()
    rules = [rule for rule in select_rules(select, ignore) if rule.code.startswith(_FAMILIES)]
    _validate(num_embeddings, embedding_dim, padding_idx, shape, alpha)

    from embcheck.subjects.placement import resolve_device, resolve_dtype
    from embcheck.subjects.state import one_thread, preserved
    from embcheck.subjects.stock.initializers import NAMES
    from embcheck.subjects.stock.request import Request

    unknown = [name for name in init if name.removesuffix("_") not in NAMES]
    if unknown:
        raise UsageError(f"Unknown initializer {unknown[0]!r}: torch.nn.init has {', '.join(NAMES)}.")
    request = Request(
        device=resolve_device(device),
        dtype=resolve_dtype(dtype),
        seed=seed,
        num_embeddings=num_embeddings or Request.num_embeddings,
        embedding_dim=embedding_dim or Request.embedding_dim,
        padding_idx=padding_idx,
        shape=tuple(shape) if shape else None,
        gain=gain,
        init=tuple(name.removesuffix("_") for name in init),
    )
    facts: dict[str, dict[str, Any]] = {}

    def observe(subject: Subject) -> None:
        if subject.kind == "tensor":
            facts[subject.name] = _row(subject)

    with preserved(), one_thread():
        outcomes = run(_subjects(request, training=bool(select)), rules, Context(alpha=alpha, tests=_TESTS), observe)
    if not any(o.status in (Status.PASS, Status.FAIL) for o in outcomes):
        reason = next((o.reason for o in outcomes if o.reason), "no selected rule asks about these draws")
        raise UsageError(f"Nothing to check: {reason.splitlines()[-1]}.")
    return Report(
        command=COMMAND,
        target=None,
        outcomes=outcomes,
        tables={"draws": list(_judged(facts, outcomes))},
        settings={"alpha": alpha, "select": list(select), "ignore": list(ignore), "fail_on": fail_on},
        environment=environment(str(request.device), dtype=str(request.dtype).removeprefix("torch.")),
        seed=seed,
        reproduce=command_line(
            COMMAND,
            device=device, dtype=dtype, seed=seed, alpha=alpha, num_embeddings=num_embeddings,
            embedding_dim=embedding_dim, padding_idx=padding_idx, shape=shape, gain=gain, init=init,
            select=select, ignore=ignore,
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(fail_on),
        exit_zero=exit_zero,
    )  # fmt: skip


def _validate(
    num_embeddings: int | None,
    embedding_dim: int | None,
    padding_idx: int | None,
    shape: Sequence[int] | None,
    alpha: float,
) -> None:
    """Refuse what could only fail later, without torch."""
    for name, size in (("num_embeddings", num_embeddings), ("embedding_dim", embedding_dim)):
        if size is not None and size < 1:
            raise UsageError(f"{name} must be at least 1, not {size}.")
    rows = 5 if num_embeddings is None else num_embeddings
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise UsageError(f"padding_idx {padding_idx} names no row: {rows} rows have indices {-rows} to {rows - 1}.")
    if shape is not None and (not shape or min(shape) < 1):
        raise UsageError(f"A shape needs one or more sizes of at least 1, not {tuple(shape)}.")
    if not 0 < alpha < 1:
        raise UsageError(f"alpha is a probability between 0 and 1, not {alpha:g}.")


def _subjects(request: Request, *, training: bool) -> Iterator[Subject]:
    from embcheck.subjects.promises.stock import promises
    from embcheck.subjects.stock.constructors import constructors
    from embcheck.subjects.stock.embeddings import embeddings
    from embcheck.subjects.stock.gains import gains
    from embcheck.subjects.stock.initializers import initializers
    from embcheck.subjects.stock.layers import layers
    from embcheck.subjects.stock.randomness import randomness

    if request.init or request.shape or request.gain is not None:  # a question about initializers alone
        yield from initializers(request)
        return
    for group in (embeddings, initializers, gains, layers, constructors, randomness):
        yield from group(request)
    yield from promises(request.device, request.dtype, request.seed, training=training)


def _row(subject: Subject) -> dict[str, Any]:
    summary = subject.summary
    return {
        "group": subject.group,
        "subject": subject.name,
        "law": subject.law.describe() if subject.law else "",
        "n": summary.n,
        "mean": summary.mean,
        "std": summary.std,
        "min": summary.min,
        "max": summary.max,
        "variance": summary.std**2,
    }


def _judged(rows: Mapping[str, dict[str, Any]], outcomes: Sequence[Outcome]) -> Iterator[dict[str, Any]]:
    """The rows with the KS statistic, its corrected p-value and the worst status of all that was asked."""
    by_subject: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_subject.setdefault(outcome.subject, []).append(outcome)
    for name, row in rows.items():
        asked = by_subject.get(name, [])
        ks = next((o for o in asked if o.code == _STATISTIC), None)
        statuses = {o.status for o in asked}
        verdict = next((s for s in (Status.ERROR, Status.FAIL, Status.PASS) if s in statuses), Status.SKIP)
        d, p = (ks.measured, ks.p_value) if ks else (None, None)
        yield {**row, "d": d, "p_value": p if p is None or math.isfinite(p) else None, "verdict": str(verdict)}
