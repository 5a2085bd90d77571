from __future__ import annotations

import pytest

from embcheck import values
from embcheck.errors import UsageError
from embcheck.results import Severity


@pytest.mark.parametrize(
    ("reader", "given", "expected"),
    [
        (values.whole, "7", 7),
        (values.whole, 7, 7),
        (values.real, "1e-3", 1e-3),
        (values.real, 1, 1.0),
        (values.flag, "Yes", True),
        (values.flag, "0", False),
        (values.flag, True, True),
        (values.texts, "a", ("a",)),
        (values.texts, ["a", "b"], ("a", "b")),
        (values.seed, "0", 0),
        (values.seed, 2**63 - 1, 2**63 - 1),
        (values.alpha, "0.05", 0.05),
        (values.tolerance, 0, 0.0),
        (values.device, "cuda:1", "cuda:1"),
        (values.dtype, "torch.float64", "float64"),
        (values.dtype, "bf16", "bfloat16"),
        (values.dtype, "half", "float16"),
        (values.severity, "note", Severity.NOTE),
        (values.severity, Severity.WARNING, Severity.WARNING),
        (values.color, "never", "never"),
        (values.codes, ["EMB101, INI", "REG105"], ("EMB101", "INI", "REG105")),
        (values.codes, "padding-row-not-zero", ("padding-row-not-zero",)),
        (values.ignore, ["EMB101"], (("EMB101",), {})),
        (values.ignore, {"EMB101": "why"}, ((), {"EMB101": "why"})),
        (values.per_subject_ignores, {"a.*": ["EMB101"]}, {"a.*": {"EMB101": ""}}),
        (values.per_subject_ignores, {"a.*": {"EMB101": "why"}}, {"a.*": {"EMB101": "why"}}),
    ],
)
def test_what_is_understood(reader, given, expected) -> None:
    assert reader("--x", given) == expected


@pytest.mark.parametrize(
    ("reader", "given", "said"),
    [
        (values.whole, "7.5", "--x must be a whole number, not '7.5'."),
        (values.whole, True, "--x must be a whole number, not True."),
        (values.real, "much", "--x must be a number, not 'much'."),
        (values.real, "nan", "--x must be a finite number, not nan."),
        (values.real, True, "--x must be a finite number, not True."),
        (values.flag, "perhaps", "--x must be true or false, not 'perhaps'."),
        (values.flag, 1, "--x must be true or false, not 1."),
        (values.text, "", "--x must be a non-empty string, not ''."),
        (values.texts, 3, "--x must be a string or a list of strings, not 3."),
        (values.texts, ["a", 3], "--x must be a non-empty string, not 3."),
        (values.table, [], "--x must be a table, not []."),
        (values.seed, -1, "--x must lie between 0 and 2**63 - 1, not -1."),
        (values.seed, 2**63, f"--x must lie between 0 and 2**63 - 1, not {2**63}."),
        (values.alpha, 0, "--x is the chance of a false alarm and must lie between 0 and 1, not 0."),
        (values.alpha, 1, "--x is the chance of a false alarm and must lie between 0 and 1, not 1."),
        (values.tolerance, -0.1, "--x must be 0 or larger, not -0.1."),
        (values.device, "CUDA 0", "--x must look like cpu, cuda or cuda:0, not 'CUDA 0'."),
        (values.device, "cpu\n", "--x must look like cpu, cuda or cuda:0, not 'cpu\\n'."),
        (values.dtype, "float31", "--x cannot be 'float31': did you mean float32?"),
        (values.severity, "warn", "--x cannot be 'warn': did you mean warning?"),
        (values.severity, "fatal", "--x cannot be 'fatal': choose from note, warning, error."),
        (values.color, "alway", "--x cannot be 'alway': did you mean always?"),
        (values.ignore, {"EMB101": 3}, "The reason for EMB101 of --x must be a string, not 3."),
    ],
)
def test_what_is_refused(reader, given, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        reader("--x", given)
    assert str(caught.value) == said


@pytest.mark.parametrize("reader", [values.codes, values.ignore])
def test_unknown_codes_are_refused_with_the_place_and_the_nearest(reader) -> None:
    with pytest.raises(UsageError, match=r"^--x: No rule .*'EMB1O1': did you mean .*EMB1"):
        reader("--x", ["EMB1O1"])
    with pytest.raises(UsageError, match=r"^--x: No rule"):
        values.per_subject_ignores("--x", {"a": {"NOPE": "why"}})
