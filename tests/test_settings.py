from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from embcheck.errors import UsageError
from embcheck.results import Severity
from embcheck.settings import Settings, echo, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Load = Callable[..., Settings]


@pytest.fixture
def lay(tmp_path: Path) -> Load:
    """Load with this pyproject.toml, these variables and these flags."""

    def lay(toml: str = "", environ: dict[str, str] | None = None, **flags: Any) -> Settings:
        (tmp_path / "pyproject.toml").write_text(toml, encoding="utf-8")
        given = {key.replace("_", "-"): value for key, value in flags.items()}
        return load(given, directory=tmp_path, environ=environ or {})

    return lay


def test_defaults(lay: Load) -> None:
    assert lay() == Settings()
    assert Settings().alpha == 0.001
    assert Settings().seed == 0
    assert Settings().fail_on is Severity.ERROR


def test_settings_are_frozen(lay: Load) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        lay().seed = 1  # type: ignore[misc]


def test_each_layer_goes_over_the_one_before(lay: Load) -> None:
    toml = "[tool.embcheck]\nseed = 1\nalpha = 0.01\ndevice = 'cuda'\nfail-on = 'note'\n"
    settings = lay(toml, {"EMBCHECK_SEED": "2", "EMBCHECK_ALPHA": "0.02"}, seed=3)
    assert (settings.seed, settings.alpha, settings.device, settings.fail_on) == (3, 0.02, "cuda", Severity.NOTE)
    assert settings.source.endswith("pyproject.toml")


def test_a_flag_replaces_and_extend_adds(lay: Load) -> None:
    toml = "[tool.embcheck]\nselect = ['EMB']\nignore = ['EMB101']\n"
    assert lay(toml).select == ("EMB",)
    assert lay(toml, select=["INI"]).select == ("INI",)
    assert lay(toml, extend_select=["INI"]).select == ("EMB", "INI")
    assert lay(toml, ignore=["EMB102"]).ignore == ("EMB102",)
    assert lay(toml, extend_ignore=["EMB102"]).ignore == ("EMB101", "EMB102")
    assert lay(toml, {"EMBCHECK_EXTEND_SELECT": "INI,REG"}).select == ("EMB", "INI", "REG")


def test_adding_to_everything_leaves_everything(lay: Load) -> None:
    assert lay(extend_select=["EMB101"]).select == ()


def test_what_the_command_line_selects_by_name_is_asked(lay: Load) -> None:
    silent = "[tool.embcheck]\nignore = ['EMB101', 'INI']\n"
    assert [rule.code for rule in lay(silent, select=["EMB101"]).rules] == ["EMB101"]
    reasoned = "[tool.embcheck.ignore]\nEMB101 = 'tied'\nINI = 'ours'\n"
    assert lay(reasoned, select=["emb101"]).ignore_reasons == {"INI": "ours"}


def test_ignores_with_reasons(lay: Load) -> None:
    settings = lay("[tool.embcheck.ignore]\nEMB101 = 'tied'\n[tool.embcheck.per-subject-ignores]\n'*.bias' = ['INI']\n")
    assert settings.ignore_reasons == {"EMB101": "tied"}
    assert settings.ignore == ()
    assert settings.per_subject_ignores == {"*.bias": {"INI": ""}}
    assert "EMB101" in [rule.code for rule in settings.rules]  # it is asked, so that its reason is printed


def test_declarations_pass_through_untouched(lay: Load) -> None:
    settings = lay('[tool.embcheck.expect]\n"*.w" = "normal(0, 0.02)"\n"*.b" = { law = "zeros()", slice = "[h:2h]" }\n')
    assert settings.expect == {"*.w": "normal(0, 0.02)", "*.b": {"law": "zeros()", "slice": "[h:2h]"}}


@pytest.mark.parametrize(
    ("toml", "environ", "flags", "said"),
    [
        (
            "[tool.embcheck]\nsead = 1\n",
            {},
            {},
            r"^`sead` in .*pyproject.toml is not a setting .* did you mean 'seed'\?",
        ),
        ("[tool.embcheck]\nfail_on = 'note'\n", {}, {}, "did you mean 'fail-on'"),
        ("[tool.embcheck]\nxyzzy = 1\n", {}, {}, "known are alpha, baseline,"),
        ("[tool.embcheck]\nseed = 'x'\n", {}, {}, "^`seed` in .*pyproject.toml must be a whole number, not 'x'"),
        ("[tool.embcheck]\nverbosity = 1\n", {}, {}, "not a setting"),
        ("[tool.embcheck]\nexpect = 'x'\n", {}, {}, "must be a table"),
        ("[tool.embcheck.ignore]\nNOPE = 'x'\n", {}, {}, "No rule has a code"),
        ("[tool.embcheck]\nselect = ['NOPE']\n", {}, {}, "No rule has a code"),
        ("", {"EMBCHECK_SEAD": "1"}, {}, r"^EMBCHECK_SEAD is not a setting of embcheck: did you mean 'seed'\?"),
        ("", {"EMBCHECK_EXPECT": "x"}, {}, "EMBCHECK_EXPECT is not a setting"),
        ("", {"EMBCHECK_ALPHA": "2"}, {}, "^EMBCHECK_ALPHA is the chance"),
        ("", {}, {"alpha": 2.0}, "^--alpha is the chance"),
        ("", {}, {"select": ["EMB101"], "ignore": ["EMB101"]}, "No rule is left"),
        ("", {}, {"write_baseline": True}, "add --baseline FILE"),
    ],
)
def test_mistakes_are_one_sentence(lay: Load, toml: str, environ: dict, flags: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        lay(toml, environ, **flags)
    assert "\n" not in str(caught.value)


def test_a_variable_may_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "ci.toml").write_text("[tool.embcheck]\nseed = 5\n")
    environ = {"EMBCHECK_CONFIG": str(tmp_path / "ci.toml")}
    assert load(directory=tmp_path, environ=environ).seed == 5


def test_echo_keeps_what_shapes_the_answers() -> None:
    kept = echo(Settings(seed=3, color="always"))
    assert kept["seed"] == 3
    assert not {"color", "verbosity", "output", "progress"} & set(kept)
