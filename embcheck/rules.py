"""THE TABLE: code, name, severity and module of every check. Nothing else registers a rule."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.results import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FAMILIES = {
    "EMB": "embedding",
    "INI": "initializer",
    "WGT": "weights",
    "REG": "registration",
    "VAR": "propagation",
    "CNV": "conversion",
    "REF": "reference",
}


@dataclass(frozen=True)
class Rule:
    """One row of the table. The module's docstring is the rule's page."""

    code: str
    name: str
    severity: Severity

    @property
    def module(self) -> str:
        """Dotted path of the check, derived from family and name: one file a rule."""
        return f"embcheck.checks.{FAMILIES[self.code[:3]]}.{self.name.replace('-', '_')}"

    @property
    def page(self) -> str:
        """The rule's documentation, read from the source without importing it (a check may import torch)."""
        path = Path(__file__).parent.joinpath(*self.module.split(".")[1:]).with_suffix(".py")
        source = path.read_text(encoding="utf-8")
        text, closed, _ = source[3:].partition('"""')
        if source.startswith('"""') and closed and "\\" not in text:
            return inspect.cleandoc(text)  # what ast would find, forty times faster: `embcheck rules` reads every page
        return ast.get_docstring(ast.parse(source)) or ""

    @property
    def title(self) -> str:
        """The first line of the page: one sentence that names the defect."""
        return self.page.partition("\n")[0]


def _error(code: str, name: str) -> Rule:
    return Rule(code, name, Severity.ERROR)


def _warning(code: str, name: str) -> Rule:
    return Rule(code, name, Severity.WARNING)


def _note(code: str, name: str) -> Rule:
    return Rule(code, name, Severity.NOTE)


# One line a rule, sorted by family and code. Codes and names are a public interface: add, never rename.
RULES: tuple[Rule, ...] = (
    _error("EMB101", "padding-row-not-zero"),
    _error("EMB102", "unexpected-zero-row"),
    _error("EMB103", "padding-row-gets-gradient"),
    _error("EMB104", "index-out-of-range"),
    _error("EMB105", "max-norm-violated"),
    _error("EMB106", "logit-scale"),
    _error("EMB107", "frozen-parameter"),
    _error("EMB108", "sparse-optimizer"),
    _warning("EMB109", "unseen-rows-updated"),
    _error("EMB110", "lookup-mismatch"),
    _error("EMB111", "pretrained-changed"),
    _error("EMB112", "wrong-frequency-scale"),
    _error("EMB113", "wrong-bag"),
    _error("EMB114", "wrong-product"),
    _error("EMB115", "index-type"),
    _error("INI101", "wrong-distribution"),
    _error("INI102", "scale-too-small"),
    _error("INI103", "scale-too-large"),
    _error("INI104", "out-of-bounds"),
    _error("INI105", "outliers"),
    _error("INI106", "missing-tails"),
    _error("INI107", "low-resolution"),
    _error("INI108", "init-not-applied"),
    _error("INI109", "special-init-overwritten"),
    _error("INI110", "norm-gain-wrong"),
    _error("INI111", "wrong-gate-init"),
    _error("INI112", "not-reproducible"),
    _error("INI113", "mean-not-zero"),
    _error("INI114", "repeated-draw"),
    _error("INI115", "repeated-slices"),
    _error("INI116", "wrong-values"),
    _error("INI117", "not-orthogonal"),
    _error("INI118", "wrong-sparsity"),
    _error("INI119", "wrong-gain"),
    _error("INI120", "unpoisoned-memory"),
    _error("INI121", "draw-failed"),
    _warning("INI122", "seed-ignored"),
    _error("WGT101", "not-finite"),
    _error("WGT102", "garbage-values"),
    _warning("WGT103", "all-zero"),
    _error("WGT104", "zero-rows"),
    _error("WGT105", "zero-columns"),
    _error("WGT106", "zero-slice"),
    _warning("WGT107", "duplicate-rows"),
    _warning("WGT108", "identical-parameters"),
    _error("WGT109", "outlier-row"),
    _warning("WGT110", "mixed-dtype"),
    _error("WGT111", "buffer-garbage"),
    _warning("WGT112", "buffer-precision"),
    _error("WGT113", "correlated-weights"),
    _error("WGT114", "left-on-meta"),
    _note("WGT115", "lost-on-meta"),
    _error("REG101", "unregistered"),
    _warning("REG102", "shared-module"),
    _error("REG103", "stale-optimizer"),
    _error("REG104", "init-lost-after-forward"),
    _error("REG105", "lost-registration"),
    _error("VAR101", "vanishing-activations"),
    _error("VAR102", "exploding-activations"),
    _error("VAR103", "vanishing-gradients"),
    _error("VAR104", "exploding-gradients"),
    _error("VAR105", "dead-signal"),
    _warning("VAR106", "saturated-units"),
    _error("VAR107", "variance-collapse"),
    _error("VAR108", "dead-gradient"),
    _error("VAR109", "lost-signal"),
    _error("VAR110", "failed-forward"),
    _error("VAR111", "width-exponent"),
    _error("VAR112", "no-stable-gain"),
    _warning("CNV101", "off-cpu"),
    _warning("CNV102", "requires-grad"),
    _warning("CNV103", "unsupported-dtype"),
    _warning("CNV104", "lazy-bits"),
    _warning("CNV105", "unsupported-layout"),
    _warning("CNV106", "negative-stride"),
    _warning("CNV107", "readonly-alias"),
    _warning("CNV108", "shared-memory"),
    _warning("CNV109", "byte-order"),
    _warning("CNV110", "widened-to-float64"),
    _warning("CNV111", "slow-conversion"),
    _warning("CNV112", "array-copy-keyword"),
    _warning("CNV113", "wrapped-tensor"),
    _warning("CNV114", "inference-tensor"),
    _warning("CNV115", "lost-gradient"),
    _warning("CNV116", "lost-metadata"),
    _warning("CNV117", "not-a-scalar"),
    _error("CNV118", "patched-torch"),
    _warning("CNV119", "mixed-operands"),
    _warning("CNV120", "copied-memory"),
    _error("REF101", "checkpoint-mismatch"),
    _error("REF102", "replica-mismatch"),
    _error("REF103", "untied-random-head"),
    _error("REF104", "row-order"),
    _error("REF105", "looks-untrained"),
    _error("REF106", "different-law"),
    _error("REF107", "missing-tensor"),
    _error("REF108", "vectors-mismatch"),
)


def matching(prefix: str) -> tuple[Rule, ...]:
    """The rules whose code starts with `prefix` or whose name is `prefix`.

    Raises:
        UsageError: no rule matches; the message names the nearest ones.
    """
    if prefix.upper() == "ALL":
        return RULES
    found = tuple(r for r in RULES if r.code.startswith(prefix.upper()) or r.name == prefix.lower())
    if found and prefix:
        return found
    known = [r.code for r in RULES] + [r.name for r in RULES]
    near = get_close_matches(prefix.upper(), known, 3) or get_close_matches(prefix.lower(), known, 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`embcheck rules` lists them all."
    raise UsageError(f"No rule has a code that starts with, or the name, {prefix!r}: {hint}")


def select(wanted: Iterable[str], unwanted: Iterable[str], among: Sequence[Rule] = RULES) -> tuple[Rule, ...]:
    """The rules of `among` that `wanted` prefixes name (all when empty) and `unwanted` prefixes do not.

    As in ruff, the longer prefix wins where both match: `--ignore EMB --select EMB101` keeps EMB101.
    """
    depth_wanted = _depths(wanted) or dict.fromkeys((r.code for r in RULES), 0)
    depth_unwanted = _depths(unwanted)
    return tuple(r for r in among if r.code in depth_wanted and depth_wanted[r.code] > depth_unwanted.get(r.code, -1))


def _depths(prefixes: Iterable[str]) -> dict[str, int]:
    """For each code named, how specific the most specific prefix that names it is."""
    depths: dict[str, int] = {}
    for prefix in prefixes:
        for rule in matching(prefix):
            specific = 0 if prefix.upper() == "ALL" else len(prefix) if rule.code.startswith(prefix.upper()) else 6
            depths[rule.code] = max(depths.get(rule.code, -1), specific)
    return depths
