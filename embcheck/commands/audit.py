"""`embcheck audit`: the user's own model or checkpoint, held against what was meant."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from embcheck.commands.environment import environment
from embcheck.commands.merging import merged
from embcheck.commands.options import Options
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity, Status
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from embcheck.results import Outcome
    from embcheck.subjects.audited import Audited
    from embcheck.subjects.census import Census, Member
    from embcheck.subjects.held import Held
    from embcheck.subjects.subject import Subject
    from embcheck.subjects.target import Target

COMMAND = "audit"
TOLERANCE = 0.01
"""A deviation of one percent from a declared law is negligible unless the user says otherwise."""


def audit(
    target: Any,
    *,
    inputs: Any = None,
    expect: Mapping[str, Any] | None = None,
    reference: Any = None,
    optimizer: Any = None,
    used_ids: Any = None,
    settings: Any = None,
    kwargs: Mapping[str, Any] | None = None,
    vectors: str | None = None,
    vocab: str | None = None,
    trained: bool = False,
    rebuild: bool = True,
    loss: Callable[[Any], Any] | None = None,
    seed: int | None = None,
    alpha: float | None = None,
    tolerance: float | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    fail_on: str | None = None,
    exit_zero: bool | None = None,
) -> Report:
    """Look at every tensor of a model or checkpoint, and at the model as a whole.

    Args:
        target: an `nn.Module`, a zero-argument factory (best: it is built again with the same seed, another seed and
            poisoned memory), ``"package.module:factory"``, a mapping of tensors, or a path to a checkpoint.
        inputs: a tuple or mapping for the model's forward, or a zero-argument callable that gives one; the propagation
            and embedding rules look at one forward and backward pass over them.
        expect: what the author meant, pattern to law or table, as in ``[tool.embcheck.expect]``.
        reference: what the weights should be: a checkpoint (path or mapping), another live model (a replica that must
        be equal), or a factory. optimizer: the optimizer that will train the model. used_ids: ids that the data uses,
        for tables. settings: a `Settings`, or a mapping of its fields; the keyword arguments below win over it.
        kwargs: keyword arguments for a factory. vectors: a file of word vectors that a table was made from. vocab: the
        words of the table, one a line, in the table's order. trained: the target is said to be trained: weights that
        look fresh are errors. rebuild: whether a factory is built again. loss: maps the model's output to a scalar,
        for the backward pass. seed: of the build and the backward pass. alpha: chance that a run over sound weights
        fails at all. tolerance: relative deviation from a declared law that is negligible. select: codes, prefixes or
        names of the rules to ask; all when empty. ignore: codes, prefixes or names of the rules not to ask. fail_on:
        the least severity that makes `exit_code` 1. exit_zero: make `exit_code` 0 where it would be 1.

    Returns:
        a report with the table ``tensors``, one row a tensor.

    Raises:
        UsageError: the target, inputs, declaration or reference cannot be used; one sentence.
    """
    start = time.perf_counter()
    options = Options(settings, seed, alpha, tolerance, select, ignore, fail_on, exit_zero, TOLERANCE)
    rules = select_rules(options.select, options.ignore)

    from embcheck.subjects.census import Census
    from embcheck.subjects.opening import built
    from embcheck.subjects.state import preserved
    from embcheck.subjects.target import resolve

    resolved = resolve(target, kwargs)
    notes: list[str] = []
    census = Census(optimizer=optimizer)
    with preserved():
        audited = _declared(built(resolved, options.seed), {**options.expect, **(expect or {})})
        census.inventory, census.expectations = audited.inventory, audited.expectations
        context = Context(options.seed, options.alpha, options.tolerance, tests=max(4 * len(audited.held), 100))
        stream = _subjects(
            audited, resolved, census, notes, options.seed, inputs=inputs, reference=reference, trained=trained,
            rebuild=rebuild, loss=loss, vectors=vectors, vocab=vocab, used_ids=used_ids,
        )  # fmt: skip
        judged = run(stream, rules, context)
    outcomes = merged(o if o.subject else replace(o, subject=resolved.name) for o in judged)
    if not census.members:
        reason = next(iter(census.unread.values()), "the target holds no tensors")
        raise UsageError(f"Nothing to check in {resolved.name}: {reason}.")
    for reason in dict.fromkeys(census.unread.values()):
        names = [n for n, r in census.unread.items() if r == reason]
        notes.append(f"Not looked at: {', '.join(names[:4])}{' ...' if len(names) > 4 else ''} ({reason}).")
    notes.insert(0, _state(census))
    return Report(
        command=COMMAND,
        target=resolved.name,
        outcomes=outcomes,
        tables={"tensors": list(_rows(census, outcomes))},
        settings=options.echo(),
        environment=environment(audited.held[0].device if audited.held else "cpu"),
        seed=options.seed,
        reproduce=_reproduce(
            resolved.name, options, kwargs, expect, inputs, reference, vectors, vocab, trained, rebuild
        ),
        duration=time.perf_counter() - start,
        fail_on=Severity(options.fail_on),
        exit_zero=options.exit_zero,
        notes=tuple(n for n in notes if n),
    )


def _declared(audited: Audited, expect: Mapping[str, Any]) -> Audited:
    """With what the author declared; a pattern that matches nothing is refused."""
    if not expect:
        return audited
    from embcheck.laws.expectations import read

    expectations = read(expect)
    expectations.require([n for h in audited.held for n in (h.name, *h.aliases)])
    return replace(audited, expectations=expectations)


def _subjects(
    audited: Audited, resolved: Target, census: Census, notes: list[str], seed: int, **given: Any
) -> Iterator[Subject]:
    """Every tensor, then whatever looks at the whole; the checks of the whole find the census complete."""
    from embcheck.subjects.audited import tensors, whole
    from embcheck.subjects.conversion.aliases import memory
    from embcheck.subjects.references import pairs

    yield from tensors(audited, census)
    fresh = {m.held.name: m.fresh for m in census.members}
    about: dict[str, Any] = {
        "trained": given["trained"], "stored": resolved.path is not None, "traced": given["inputs"] is not None,
        "used_ids": given["used_ids"],
    }  # fmt: skip
    if given["reference"] is not None:
        kind, theirs = _reference(given["reference"], seed)
        about["reference_names"] = frozenset(h.name for h in theirs)
        for pair in pairs(audited.held, theirs, fresh):
            yield whole(pair.name, kind, pair, census, audited.location)
    yield whole("", "model", census, census, audited.location, **about)
    if census.inventory is not None and census.inventory.root is not None:
        beside = memory(census.inventory.root, name="")
        beside.location = audited.location
        yield beside
    if resolved.factory is not None and given["rebuild"]:
        yield _rebuilt(resolved, census, audited, seed, fresh)
    if given["inputs"] is not None:
        yield from _traced(resolved, census, audited, given["inputs"], given["loss"], seed, notes)
    if given["vectors"] is not None:
        from embcheck.subjects.vectors import vectors_subject

        yield vectors_subject(given["vectors"], given["vocab"], audited.held, census)


def _reference(reference: Any, seed: int) -> tuple[str, Sequence[Held]]:
    """``checkpoint`` (a file or a mapping) or ``replica`` (another live model), and its tensors."""
    from embcheck.subjects.opening import opened

    found = opened(reference, seed=seed)
    return ("checkpoint" if found.inventory is None else "replica"), found.held


def _rebuilt(resolved: Target, census: Census, audited: Audited, seed: int, fresh: Mapping[str, bool]) -> Subject:
    from embcheck.subjects.audited import whole
    from embcheck.subjects.factory import rebuild

    assert resolved.factory is not None  # noqa: S101 - asked only for factories
    first: Any = census.inventory.root if census.inventory is not None else None
    if first is None:
        first = {h.name: h.read() for h in audited.held if h.read}
    builds = rebuild(resolved.factory, first, seed, resolved.name)
    buffers = frozenset(h.name for h in audited.held if h.kind == "buffer")
    drawn = frozenset(name for name, is_fresh in fresh.items() if is_fresh)
    return whole("", "builds", builds, census, audited.location, buffers=buffers, drawn=drawn)


def _traced(  # noqa: PLR0917
    resolved: Target, census: Census, audited: Audited, inputs: Any, loss: Any, seed: int, notes: list[str]
) -> Iterator[Subject]:
    """One pass over the inputs, as a trace and as the network that it went through."""
    from embcheck.propagation.observed import observed
    from embcheck.propagation.trace import ForwardError, trace
    from embcheck.subjects.audited import whole
    from embcheck.subjects.inputs import inputs_of

    root = census.inventory.root if census.inventory is not None else None
    if root is None:
        raise UsageError("Inputs need a live model: a checkpoint or a mapping of tensors has no forward.")
    given, fed = inputs_of(inputs, root, seed)
    notes.append(f"One pass went through the model, fed {fed}.")
    try:
        passed = trace(root, given, loss=loss, seed=seed, fed=fed)
    except ForwardError as error:
        yield whole("", "failed-forward", str(error), census, audited.location)
        return
    yield whole("", "trace", passed, census, audited.location, model=root)
    record = observed(resolved.name, [passed])
    if record is not None:
        yield whole("", "network", record, census, audited.location)


def _state(census: Census) -> str:
    """Fresh or trained, in one sentence."""
    weights = [m for m in census.weights if m.n >= 1000]
    if not weights:
        return ""
    fresh = sum(bool(m.law) for m in weights)
    word = (
        "freshly initialised"
        if fresh >= 0.9 * len(weights)
        else "trained"
        if fresh <= 0.1 * len(weights)
        else "partly trained"
    )
    return f"It looks {word}: {fresh} of {len(weights)} weights of 1,000 elements or more follow an initializer's law."


def _rows(census: Census, outcomes: Sequence[Outcome]) -> Iterator[dict[str, Any]]:
    """The inventory, one row a tensor; its verdict is the worst of what was said of it and of the modules it is in."""
    worst: dict[str, Status] = {}
    for outcome in outcomes:
        before = worst.get(outcome.subject)
        if before is None or _RANK[outcome.status] > _RANK[before]:
            worst[outcome.subject] = outcome.status
    for member in census.members:
        parts = member.held.name.split(".")
        about = (worst.get(".".join(parts[: i + 1]), Status.PASS) for i in range(len(parts)))
        yield _row(member, max(about, key=_RANK.__getitem__))


_RANK = {Status.SKIP: 0, Status.PASS: 1, Status.FAIL: 2, Status.ERROR: 3}


def _row(member: Member, verdict: Status) -> dict[str, Any]:
    held = member.held

    def number(x: float) -> float | None:
        return x if math.isfinite(x) else None

    return {
        "name": held.name, "kind": held.kind, "module": held.module_type, "shape": list(held.shape),
        "dtype": held.dtype,
        "device": held.device, "n": member.n, "mean": number(member.mean), "std": number(member.std),
        "min": number(member.low), "max": number(member.high),
        "law": member.law or ("none of these (trained?)" if member.n >= 64 else ""),
        "alternatives": list(member.alternatives), "d": number(member.d), "p_value": number(member.p_value),
        "verdict": str(verdict),
    }  # fmt: skip


def _reproduce(  # noqa: PLR0917
    name: str, options: Options, kwargs: Any, expect: Any, inputs: Any, reference: Any, vectors: Any, vocab: Any,
    trained: bool, rebuild: bool,
) -> str:  # fmt: skip
    """The command line; what was given as a Python object cannot be typed and is left out."""
    typed = [f"{pattern}={law}" for pattern, law in (expect or {}).items() if isinstance(law, str)]
    return command_line(
        COMMAND, name, kwargs=json.dumps(kwargs) if kwargs else None, expect=typed,
        input=inputs if isinstance(inputs, str) else None,
        reference=reference if isinstance(reference, str) else None, vectors=vectors, vocab=vocab, trained=trained,
        no_rebuild=not rebuild, seed=options.seed, alpha=options.alpha, tolerance=options.tolerance,
        select=list(options.select), ignore=list(options.ignore),
    )  # fmt: skip
