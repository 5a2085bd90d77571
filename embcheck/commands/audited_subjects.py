"""All that an audit looks at, in order: every tensor, then whatever looks at the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from embcheck.results import Location
    from embcheck.subjects.inventory.audited import Audited
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.inventory.fingerprint import Fingerprint
    from embcheck.subjects.inventory.held import Held
    from embcheck.subjects.subject import Subject
    from embcheck.subjects.target import Target

LARGEST_TRACED_AGAIN = 20_000_000
"""Elements of a model that is built and traced three times, for an interval over seeds; a larger one is traced once."""


@dataclass(frozen=True)
class Wanted:
    """What beside the target an audit was given."""

    seed: int = 0
    inputs: Any = None
    loss: Callable[[Any], Any] | None = None
    reference: Any = None
    vectors: str | None = None
    vocab: str | None = None
    used_ids: Any = None
    trained: bool = False
    rebuild: bool = True


def audited_subjects(
    audited: Audited, resolved: Target, census: Census, notes: list[str], wanted: Wanted
) -> Iterator[Subject]:
    """Every tensor, then whatever looks at the whole; the checks of the whole find the census complete.

    A factory is built again at the very end, after its first model was let go: there is never more than one in memory.
    """
    from embcheck.subjects.inventory.audited import tensors, whole
    from embcheck.subjects.inventory.peers import settle

    place, again = audited.location, resolved.factory if wanted.rebuild else None
    yield from tensors(audited, census)
    if not census.members and not (census.inventory is not None and census.inventory.strays):
        return  # a target without values: what is wrong with it is said by whoever asked
    settle(census.members)
    fresh = {m.held.name: m.fresh for m in census.members}
    before = _fingerprints(audited) if again is not None else {}
    about: dict[str, Any] = {
        "trained": wanted.trained, "stored": resolved.path is not None, "traced": wanted.inputs is not None,
        "used_ids": wanted.used_ids, "just_built": resolved.factory is not None,
    }  # fmt: skip
    if wanted.reference is not None:
        kind, theirs = _reference(wanted.reference, wanted.seed)
        about["reference_names"] = frozenset(h.name for h in theirs)
        yield from _beside(kind, audited, theirs, census, fresh)
    yield from _once(whole("", "model", census, census, place, **about))
    yield from _memory(audited)
    if wanted.inputs is not None:
        yield from _traced(resolved, census, audited, wanted, notes)
    if wanted.vectors is not None:
        from embcheck.subjects.files.vectors import vectors_subject

        yield vectors_subject(wanted.vectors, wanted.vocab, audited.held, census)
    if again is not None:
        del audited
        census.release()
        yield _rebuilt(resolved, census, before, place, wanted.seed, fresh)


def _once(subject: Subject) -> Iterator[Subject]:
    """The subject, which holds nothing any more when the next one is asked for."""
    yield subject
    subject.value, subject.facts = None, {}


def _reference(reference: Any, seed: int) -> tuple[str, Sequence[Held]]:
    """``checkpoint`` (a file or a mapping) or ``replica`` (another live model), and its tensors."""
    from embcheck.subjects.opening import opened

    found = opened(reference, seed=seed)
    return ("checkpoint" if found.inventory is None else "replica"), found.held


def _beside(
    kind: str, audited: Audited, theirs: Sequence[Held], census: Census, fresh: Mapping[str, bool]
) -> Iterator[Subject]:
    from embcheck.subjects.inventory.audited import whole
    from embcheck.subjects.inventory.references import pairs

    for pair in pairs(audited.held, theirs, fresh):
        yield from _once(whole(pair.name, kind, pair, census, audited.location))


def _memory(audited: Audited) -> Iterator[Subject]:
    if audited.inventory is None or audited.inventory.root is None:
        return
    from embcheck.subjects.conversion.aliases import memory

    beside = memory(audited.inventory.root, name="")
    beside.location = audited.location
    yield from _once(beside)


def _fingerprints(audited: Audited) -> Mapping[str, Fingerprint]:
    from embcheck.subjects.inventory.fingerprint import fingerprint

    return {h.name: fingerprint(h.read()) for h in audited.held if h.read is not None}


def _rebuilt(  # noqa: PLR0917
    resolved: Target,
    census: Census,
    before: Mapping[str, Fingerprint],
    place: Location | None,
    seed: int,
    fresh: Mapping[str, bool],
) -> Subject:
    from embcheck.subjects.inventory.audited import whole
    from embcheck.subjects.running.builds import rebuild

    assert resolved.factory is not None  # noqa: S101 - asked only for factories
    builds = rebuild(resolved.factory, before, seed, resolved.name)
    buffers = frozenset(m.held.name for m in census.members if m.held.kind == "buffer")
    drawn = frozenset(name for name, is_fresh in fresh.items() if is_fresh)
    return whole("", "builds", builds, census, place, buffers=buffers, drawn=drawn)


def _traced(resolved: Target, census: Census, audited: Audited, wanted: Wanted, notes: list[str]) -> Iterator[Subject]:
    """One pass over the inputs, as a trace; and the network that it went through, in three builds if that is cheap."""
    from embcheck.propagation.traced.observed import observed
    from embcheck.propagation.traced.trace import ForwardError
    from embcheck.subjects.inventory.audited import whole
    from embcheck.subjects.running.passes import passes

    root = census.inventory.root if census.inventory is not None else None
    if root is None:
        raise UsageError("Inputs need a live model: a checkpoint or a mapping of tensors has no forward.")
    small = sum(h.numel for h in audited.held) <= LARGEST_TRACED_AGAIN
    seeds = 3 if resolved.factory is not None and wanted.rebuild and small else 1
    try:
        seen = passes(resolved, wanted.inputs, seeds=seeds, seed=wanted.seed, loss=wanted.loss, first=root)
    except ForwardError as error:
        yield whole("", "failed-forward", str(error), census, audited.location)
        return
    builds = f" of each of {len(seen.traces)} builds" if len(seen.traces) > 1 else ""
    notes.append(f"One pass went through the model{builds}, fed {seen.fed}.")
    yield from _once(whole("", "trace", seen.traces[0], census, audited.location, model=root))
    record = observed(resolved.name, seen.traces)
    if record is not None:  # what is not finite, the trace has said
        yield from _once(whole("", "network", replace(record, first_bad=""), census, audited.location))
