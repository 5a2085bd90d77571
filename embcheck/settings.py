"""Settings: defaults < [tool.embcheck] in pyproject.toml < EMBCHECK_* < flags; all checked here, without torch."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embcheck import configuration, rules, values
from embcheck.errors import UsageError
from embcheck.results import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Settings:
    """What a run may be told. None means that the command's own default holds."""

    device: str | None = None
    dtype: str | None = None
    seed: int = 0
    alpha: float = 1e-3
    tolerance: float | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignore_reasons: Mapping[str, str] = field(default_factory=dict)
    """[tool.embcheck.ignore], prefix to reason: these rules are asked; what they find is skipped with the reason."""
    per_subject_ignores: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Pattern of subjects to (prefix to reason)."""
    expect: Mapping[str, Any] = field(default_factory=dict)
    """[tool.embcheck.expect] as it stands in the file: `laws/declared.py` reads it."""
    fail_on: Severity = Severity.ERROR
    exit_zero: bool = False
    output: tuple[str, ...] = ()
    color: str = "auto"
    progress: bool = True
    verbosity: int = 0
    baseline: str | None = None
    write_baseline: bool = False
    source: str = ""
    """The configuration file that was read, or empty."""

    @property
    def rules(self) -> tuple[rules.Rule, ...]:
        """The rules that are selected and not ignored.

        Raises:
            UsageError: none is left.
        """
        chosen = rules.select(self.select, self.ignore)
        if not chosen:
            raise UsageError("No rule is left: what is selected is also ignored; select a longer code, or ignore less.")
        return chosen


# key as written in pyproject.toml -> (field of Settings, reader)
KEYS: dict[str, tuple[str, Callable[[str, Any], Any]]] = {
    "device": ("device", values.device),
    "dtype": ("dtype", values.dtype),
    "seed": ("seed", values.seed),
    "alpha": ("alpha", values.alpha),
    "tolerance": ("tolerance", values.tolerance),
    "select": ("select", values.codes),
    "ignore": ("ignore", values.ignore),
    "extend-select": ("select", values.codes),
    "extend-ignore": ("ignore", values.codes),
    "per-subject-ignores": ("per_subject_ignores", values.per_subject_ignores),
    "expect": ("expect", values.table),
    "fail-on": ("fail_on", values.severity),
    "exit-zero": ("exit_zero", values.flag),
    "output": ("output", values.texts),
    "color": ("color", values.color),
    "progress": ("progress", values.flag),
    "baseline": ("baseline", values.text),
}
_ONLY_FLAGS = {"verbosity": ("verbosity", values.whole), "write-baseline": ("write_baseline", values.flag)}
_ONLY_TABLES = ("expect", "per-subject-ignores")


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    config: str | None = None,
    directory: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Lay the four layers over one another and check every value.

    Args:
        flags: keys as in the configuration; a value of None was not given.
        config: a TOML file to read instead of the nearest pyproject.toml (or the variable EMBCHECK_CONFIG).
        directory: where the search for pyproject.toml starts; the working directory by default.
        environ: instead of `os.environ`.

    Raises:
        UsageError: an unknown key (the nearest is named), a value that does not fit, an unknown code.
    """
    variables = configuration.variables(environ)
    config = config or variables.pop("config", None)
    source, table = configuration.read(config, directory or Path.cwd())
    merged: dict[str, Any] = {"source": source}
    _lay(merged, table, lambda key: f"`{key}` in {source}", KEYS)
    names = {key: value for key, value in KEYS.items() if key not in _ONLY_TABLES}
    _lay(merged, variables, lambda key: configuration.PREFIX + key.upper().replace("-", "_"), names)
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    _drop_ignores(merged, given.get("select"))
    _lay(merged, given, lambda key: f"--{key}", {**KEYS, **_ONLY_FLAGS})
    if merged.get("write_baseline") and not merged.get("baseline"):
        raise UsageError("--write-baseline needs to know where: add --baseline FILE.")
    settings = Settings(**merged)
    _ = settings.rules  # an empty selection is an error of usage, before anything is imported
    return settings


def _lay(
    merged: dict[str, Any],
    layer: Mapping[str, Any],
    label: Callable[[str], str],
    keys: Mapping[str, tuple[str, Callable[[str, Any], Any]]],
) -> None:
    """One layer over those before: `extend-*` adds, anything else replaces."""
    for key in sorted(layer, key=lambda key: key.startswith("extend-")):
        if key not in keys:
            raise _unknown(key, label(key), keys)
        name, reader = keys[key]
        value = reader(label(key), layer[key])
        if key.startswith("extend-"):
            # nothing selected means everything: adding to that leaves everything
            if key == "extend-ignore" or merged.get("select"):
                merged[name] = (*merged.get(name, ()), *value)
        elif key == "ignore":
            merged["ignore"], merged["ignore_reasons"] = value
        else:
            merged[name] = value


def _drop_ignores(merged: dict[str, Any], selected: Any) -> None:
    """A rule that the command line selects by its very code or name is asked, whatever the configuration ignores."""
    if not selected:
        return
    exact = {prefix.lower() for prefix in values.codes("--select", selected)}
    merged["ignore"] = tuple(p for p in merged.get("ignore", ()) if p.lower() not in exact)
    merged["ignore_reasons"] = {p: r for p, r in merged.get("ignore_reasons", {}).items() if p.lower() not in exact}


def _unknown(key: str, label: str, keys: Mapping[str, Any]) -> UsageError:
    near = get_close_matches(key.replace("_", "-").lower(), keys, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(keys))}."
    return UsageError(f"{label} is not a setting of embcheck: {hint}")


def echo(settings: Settings) -> dict[str, Any]:
    """The settings that shape a run's answers, as a report keeps them; how it is printed is left out."""
    printing = {"output", "color", "progress", "verbosity", "baseline", "write_baseline", "source"}
    return {f.name: getattr(settings, f.name) for f in fields(settings) if f.name not in printing}
