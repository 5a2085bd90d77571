"""Lists of depths, widths and names become configurations, or one sentence."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from embcheck.errors import UsageError
from embcheck.propagation.request import configurations


def test_the_product_without_repetition() -> None:
    found = configurations([3, 5], [8, "8"], ["kaiming_normal", "orthogonal"], ["relu", "tanh"], [1.0, 2.0])
    assert len(found) == 2 * 2 * 2 * 2
    assert len({c.name for c in found}) == len(found)


def test_widths() -> None:
    assert configurations(None, 16)[0].widths == (16,) * 51
    assert configurations(2, 16)[0].widths == (16, 16, 16)
    assert configurations(None, "784,256,10")[0].widths == (784, 256, 10)
    assert configurations(4, "8,32")[0].widths == (8, 32, 8, 32, 8)
    assert configurations(4, "8,32")[0].width == "8,32,8,32,8"
    assert configurations(1, 8)[0].depth == 1


def test_gains_by_word() -> None:
    assert configurations(2, 8, gain="auto", activation="tanh")[0].init.gain == pytest.approx(5 / 3)
    assert configurations(2, 8, gain="auto", activation="leaky_relu(0.2)")[0].init.gain == pytest.approx(
        1.386750, abs=1e-6
    )
    assert configurations(2, 8, gain="exact", activation="gelu")[0].init.gain == pytest.approx(1.533530, abs=1e-6)
    assert configurations(2, 8, gain="1.5")[0].init.gain == 1.5
    assert configurations(2, 8)[0].init.gain is None


def test_default_weights_bring_default_biases() -> None:
    assert configurations(2, 8, "default")[0].bias.text == "default"
    assert configurations(2, 8, "default", bias=0)[0].bias.text == "0"
    assert configurations(2, 8, "xavier_normal")[0].bias.text == "0"


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ({"depth": 0}, "depth must be a whole number of 1 or larger"),
        ({"depth": -3}, "1 or larger"),
        ({"depth": 2.5}, "whole number"),
        ({"width": 1}, "width must be 2 or larger"),
        ({"width": "a"}, "whole number"),
        ({"width": 10**6}, "GiB"),
        ({"activation": "rleu"}, "did you mean relu"),
        ({"init": "kaimin"}, "did you mean kaiming"),
        ({"gain": 0}, "positive"),
        ({"gain": "much"}, "auto or exact"),
        ({"gain": math.nan}, "positive and finite"),
        ({"gain": "auto", "activation": "gelu"}, "no gain for 'gelu'"),
        ({"bias": "-1"}, "standard deviation of 0 or more"),
        ({"architecture": "resnet"}, "No architecture"),
        ({"architecture": "residual", "width": "8,16"}, "one width"),
        ({"architecture": "conv", "init": "eye"}, "eye"),
        ({"activation": []}, "empty"),
    ],
)
def test_bad_input_is_one_sentence(wanted: dict[str, object], part: str) -> None:
    with pytest.raises(UsageError, match=part) as caught:
        configurations(**wanted)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_it_is_refused_before_torch_is_imported() -> None:
    script = (
        "import sys\n"
        "from embcheck.propagation.request import configurations\n"
        "from embcheck.errors import UsageError\n"
        "try:\n    configurations(activation='rleu')\nexcept UsageError:\n    pass\n"
        "configurations()\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
