"""The most plausible proposals for a sample, in the order in which they are tested."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from embcheck.laws.identification.estimates import estimates
from embcheck.laws.identification.goodness import log_likelihood
from embcheck.laws.identification.menu import Menu

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from embcheck.laws.identification.proposals import Proposal
    from embcheck.laws.identification.sample import Sample

_MANY = 48
_PER_FAMILY = 10
_PEER = 3.0
_FINE = ("float32", "float64")


def finalists(sample: Sample, menus: Sequence[Menu], peers: Collection[str] = ()) -> list[tuple[float, Proposal, bool]]:
    """Score, proposal, and whether its scale was estimated; best first. What peers follow is e^3 times as plausible.

    In a 16-bit type the end of a bounded law is only known to a spacing, and the density at the values is no
    likelihood: the best of each family are then rated again by the probability of the sample's histogram.
    """
    rated: list[tuple[float, Proposal, bool]] = []
    for choices, fitted in (*((m, False) for m in menus), (Menu([*estimates(sample)]), True)):
        scores = choices.scores(sample)
        best = np.argsort(-scores, kind="stable")[:_MANY]
        for i in best[np.isfinite(scores[best])]:
            proposal = choices.proposals[i]
            if peers and str(proposal.law) in peers:
                proposal = replace(proposal, cost=proposal.cost - _PEER)
            rated.append((float(scores[i]) + choices.proposals[i].cost - proposal.cost, proposal, fitted))
    rated.sort(key=lambda row: -row[0])
    if sample.dtype in _FINE:
        return rated[:_MANY]
    families: dict[type, int] = {}
    again: list[tuple[float, Proposal, bool]] = []
    for _, proposal, fitted in rated:
        family = type(proposal.law)
        families[family] = families.get(family, 0) + 1
        if families[family] <= _PER_FAMILY:
            again.append((log_likelihood(sample, proposal.law) - proposal.cost, proposal, fitted))
    return sorted((row for row in again if np.isfinite(row[0])), key=lambda row: -row[0])
