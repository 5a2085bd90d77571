"""`embcheck audit`: the user's own model or checkpoint, held against what was meant."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embcheck.commands.audit_table import rows, state
from embcheck.commands.audited_subjects import Wanted, audited_subjects
from embcheck.commands.environment import environment
from embcheck.commands.merging import merged
from embcheck.commands.options import Options
from embcheck.commands.reproduce import command_line
from embcheck.errors import UsageError
from embcheck.results import Report, Severity, Status
from embcheck.rules import select as select_rules
from embcheck.runner import Context, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from embcheck.subjects.inventory.audited import Audited

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
        target: an `nn.Module`, a zero-argument factory (best: it is built again with the same seed, with another, with
            poisoned memory and on ``meta``), ``"package.module:factory"``, a mapping of tensors, or a checkpoint.
        inputs: a tuple or mapping for the model's forward, a zero-argument callable that gives one, a file, or
            ``auto:8,128``; the propagation and embedding rules look at one forward and backward pass over them.
        expect: what the author meant, pattern to law or table, as in ``[tool.embcheck.expect]``.
        reference: what the weights should be: a checkpoint (path or mapping), another live model (a replica that must
            be equal), or a factory.
        optimizer: what will train the model: an optimizer, several in a list, a function that takes the model and
            returns them, or ``"package.module:function"``.
        used_ids: the ids that the data looks up, for every table or a mapping by name: numbers, a file of them, a
            function, or ``"package.module:function"``.
        settings: a `Settings`, or a mapping of its fields; the keyword arguments below win over it.
        kwargs: keyword arguments for a factory.
        vectors: a file of word vectors that a table was made from.
        vocab: the words of the table, one a line, in the table's order.
        trained: the target is said to be trained: weights that look fresh are errors.
        rebuild: whether a factory is built again.
        loss: maps the model's output to a scalar, for the backward pass.
        seed: of the build and the backward pass.
        alpha: chance that a run over sound weights fails at all.
        tolerance: relative deviation from a declared law that is negligible.
        select: codes, prefixes or names of the rules to ask; all when empty.
        ignore: codes, prefixes or names of the rules not to ask.
        fail_on: the least severity that makes `exit_code` 1.
        exit_zero: make `exit_code` 0 where it would be 1.

    Returns:
        a report with the table ``tensors``, one row a tensor.

    Raises:
        UsageError: the target, inputs, declaration or reference cannot be used; one sentence.
    """
    start = time.perf_counter()
    options = Options(settings, seed, alpha, tolerance, select, ignore, fail_on, exit_zero, TOLERANCE)
    asked = select_rules(options.select, options.ignore)

    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.opening import built
    from embcheck.subjects.running.ids import ids_of
    from embcheck.subjects.running.optimizers import optimizers_of
    from embcheck.subjects.state import preserved
    from embcheck.subjects.target import resolve

    resolved = resolve(target, kwargs)
    notes: list[str] = []
    with preserved():
        wanted = Wanted(options.seed, inputs, loss, reference, vectors, vocab, ids_of(used_ids), trained, rebuild)
        audited = _declared(built(resolved, options.seed), {**options.expect, **(expect or {})})
        root = audited.inventory.root if audited.inventory is not None else None
        census = Census([], audited.inventory, audited.expectations, optimizers_of(optimizer, root))
        context = Context(options.alpha, options.tolerance, tests=max(4 * len(audited.held), 100))
        device = audited.held[0].device if audited.held else "cpu"
        stream = audited_subjects(audited, resolved, census, notes, wanted)
        del audited, root  # the stream lets go of them before the factory is called again
        judged = run(stream, asked, context)
    beside = {
        "input": inputs, "reference": reference, "optimizer": optimizer, "used_ids": used_ids, "vectors": vectors,
        "vocab": vocab,
    }  # fmt: skip
    outcomes = merged(o if o.subject else replace(o, subject=resolved.name) for o in judged)
    if not census.members and not any(o.status is Status.FAIL for o in outcomes):  # it may hold all, unregistered
        reason = next(iter(census.unread.values()), "the target holds no tensors")
        raise UsageError(f"Nothing to check in {resolved.name}: {reason}.")
    for reason in dict.fromkeys(census.unread.values()):
        names = [n for n, r in census.unread.items() if r == reason]
        notes.append(f"Not looked at: {', '.join(names[:4])}{' ...' if len(names) > 4 else ''} ({reason}).")
    notes.insert(0, state(census))
    return Report(
        command=COMMAND,
        target=resolved.name,
        outcomes=outcomes,
        tables={"tensors": list(rows(census, outcomes, Severity(options.fail_on)))},
        settings=options.echo(),
        environment=environment(device),
        seed=options.seed,
        reproduce=_reproduce(resolved.name, options, kwargs, expect, trained, rebuild, beside),
        duration=time.perf_counter() - start,
        fail_on=Severity(options.fail_on),
        exit_zero=options.exit_zero,
        notes=tuple(n for n in notes if n),
    )


def _declared(audited: Audited, expect: Mapping[str, Any]) -> Audited:
    """With what the author declared, of computed weights (`weight` under weight norm) too; a pattern that matches
    nothing is refused."""
    if not expect:
        return audited
    from embcheck.laws.expectations import read
    from embcheck.subjects.inventory.effective import effective

    expectations = read(expect)
    computed = effective(audited.inventory) if audited.inventory is not None else ()
    held = [*audited.held, *(h for h in computed if expectations.of(h.name))]
    expectations.require([n for h in held for n in (h.name, *h.aliases)])
    return replace(audited, held=held, expectations=expectations)


def _reproduce(  # noqa: PLR0917
    name: str, options: Options, kwargs: Any, expect: Any, trained: bool, rebuild: bool, beside: Mapping[str, Any]
) -> str:
    """The command line; what was given as a Python object cannot be typed and is left out."""
    typed = [f"{pattern}={law}" for pattern, law in (expect or {}).items() if isinstance(law, str)]
    given = {flag: str(value) for flag, value in beside.items() if isinstance(value, (str, Path))}
    return command_line(
        COMMAND, name, kwargs=json.dumps(kwargs) if kwargs else None, expect=typed, **given, trained=trained,
        no_rebuild=not rebuild, seed=options.seed, alpha=options.alpha, tolerance=options.tolerance,
        select=list(options.select), ignore=list(options.ignore),
    )  # fmt: skip
