"""What a person asks for, read and checked without torch: lists of depths, widths, ... become configurations."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError
from embcheck.laws.fans import gain as documented_gain
from embcheck.propagation.theory.activations import activation as activation_called
from embcheck.propagation.theory.maps import moments
from embcheck.propagation.weights import Bias, Initializer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation

ARCHITECTURES = (
    "mlp", "residual", "residual-scaled", "residual-zero", "pre-norm", "post-norm", "conv", "transformer",
    "transformer-scaled", "transformer-post-norm",
)  # fmt: skip
"""mlp: a plain chain. residual: x + f(x), with f two layers; -scaled by 1/sqrt(depth), -zero with zeros last;
pre-norm: x + f(norm x); post-norm: norm(x + f(x)); conv: 3x3 "same" convolutions; transformer: pre-norm blocks with
causal attention; -scaled with projections into the stream times 1/sqrt(2 depth), as GPT-2; -post-norm as of 2017."""
DTYPES = ("float32", "float64", "bfloat16", "float16")
DEPTH, WIDTH, TOKENS = 50, 512, 16
MOST_TOKENS, MOST_LAYERS = 1024, 1_000_000
SIDE = 8
"""Height and width of a convolution's image; zero padding drains power at its border."""
MOST_NUMBERS = 2**31


@dataclass(frozen=True)
class Configuration:
    """One network on paper."""

    activation: Activation
    init: Initializer
    bias: Bias
    widths: tuple[int, ...]
    """Input width first: depth + 1 numbers."""
    architecture: str = "mlp"
    dtype: str = "float32"
    input_std: float = 1.0
    """Of every coordinate of the inputs; of the embeddings, where the stream starts with them."""
    tokens: int = TOKENS
    """Length of a transformer's sequence."""

    @property
    def depth(self) -> int:
        """Linear layers, or blocks."""
        return len(self.widths) - 1

    @property
    def width(self) -> int | str:
        """One number; input and all others where they differ."""
        if len(set(self.widths)) == 1:
            return self.widths[0]
        shown = [str(w) for w in self.widths]
        return ",".join(shown if len(shown) <= 8 else [*shown[:4], "...", shown[-1]])

    @property
    def name(self) -> str:
        """What tells it from the others of a sweep."""
        gain = "" if self.init.gain is None else f" gain {self.init.gain:.5g}"
        bias = "" if self.bias.text in {"0", "0.0"} else f" bias {self.bias.text}"
        kind = "" if self.architecture == "mlp" else f"{self.architecture} "
        ends = "" if self.input_std == 1 else f" from std {self.input_std:.5g}"
        ends += "" if self.tokens == TOKENS or not self.transformer else f" {self.tokens} tokens"
        ends += "" if self.dtype == "float32" else f" {self.dtype}"
        return f"{kind}{self.activation.name} {self.init.text}{gain}{bias} {self.depth}x{self.width}{ends}"

    @property
    def transformer(self) -> bool:
        """Whether it has a sequence of tokens."""
        return self.architecture.startswith("transformer")


def configurations(  # noqa: PLR0917 - as `commands.variance_sweep`
    depth: int | Sequence[int] | None = None,
    width: int | str | Sequence[int | str] = WIDTH,
    init: str | Sequence[str] = "kaiming_normal",
    activation: str | Sequence[str] = "relu",
    gain: float | str | Sequence[float | str] | None = None,
    bias: float | str | Sequence[float | str] | None = None,
    architecture: str | Sequence[str] = "mlp",
    dtype: str | Sequence[str] = "float32",
    input_std: float = 1.0,
    tokens: int = TOKENS,
) -> tuple[Configuration, ...]:
    """The product of all lists, without repetition: initializers, then activations, gains, biases, depths, widths.

    Args:
        depth: linear layers (blocks, for the other architectures); default 50, or as many as a list of widths has.
        width: a number, or widths joined by commas, input first: cycled where a depth is given too.
        init: functions of `torch.nn.init`, or calls: ``normal(0, 0.02)``; ``default`` is nn.Linear's own.
        activation: names that `activations.activation` reads.
        gain: numbers; ``auto`` for `calculate_gain` of the activation, ``exact`` for 1/sqrt(E[phi^2]).
        bias: a standard deviation, ``default`` or a call; zero if not given, nn.Linear's for ``default`` weights.
        architecture: of `ARCHITECTURES`.
        dtype: of `DTYPES`.
        input_std: standard deviation of the inputs.
        tokens: length of a transformer's sequence.

    Raises:
        UsageError: anything of this that cannot be.
    """
    found: dict[str, Configuration] = {}
    _check_inputs(input_std, tokens)
    for kind in _list(architecture):
        _check_name("architecture", kind, ARCHITECTURES)
    for precision in _list(dtype):
        _check_name("dtype", precision, DTYPES)
    for kind, text, name, wanted, offset, layers, size, precision in itertools.product(
        _list(architecture), _list(init), _list(activation), _list(gain), _list(bias), _list(depth), _list(width),
        _list(dtype),
    ):  # fmt: skip
        f = activation_called(str(name))
        made = Initializer(str(text), _gain(wanted, f))
        widths = _widths(size, layers)
        _fits(made, f, widths, kind)
        own = Bias(str(offset)) if offset is not None else Bias("default" if made.name == "default" else "0")
        if kind != "mlp":
            _needs_plain(widths, kind)
        c = Configuration(f, made, own, widths, kind, precision, float(input_std), tokens)
        found.setdefault(c.name, c)
    if not found:
        raise UsageError("Nothing to sweep: give at least one activation, initializer, depth and width.")
    return tuple(found.values())


def _check_name(what: str, name: object, known: Sequence[str]) -> None:
    if name not in known:
        near = get_close_matches(str(name), known, 2)
        hint = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(known)}."
        raise UsageError(f"No {what} of a sweep is called {name!r}: {hint}")


def _check_inputs(input_std: float, tokens: int) -> None:
    try:
        good = math.isfinite(float(input_std)) and float(input_std) > 0
    except (TypeError, ValueError):
        good = False
    if not good:
        raise UsageError(f"The standard deviation of the inputs must be positive and finite, not {input_std}.")
    if isinstance(tokens, bool) or not isinstance(tokens, int) or not 2 <= tokens <= MOST_TOKENS:
        raise UsageError(f"A sequence has 2 to {MOST_TOKENS} tokens, not {tokens}.")


def _list(value: Any) -> Sequence[Any]:
    if isinstance(value, (list, tuple)):
        if not value:
            raise UsageError("Nothing to sweep: a list of depths, widths, activations, ... is empty.")
        return value
    return (value,)


def _gain(wanted: float | str | None, f: Activation) -> float | None:
    if wanted is None:
        return None
    if wanted == "auto":
        base, _, argument = f.name.rstrip(")").partition("(")
        slope = float(argument) if argument and base == "leaky_relu" else None
        return documented_gain(base, slope)
    if wanted == "exact":
        return 1 / math.sqrt(moments(f, 1.0).V)
    try:
        value = float(wanted)
    except (TypeError, ValueError):
        raise UsageError(f"A gain is a number, auto or exact, not {wanted!r}.") from None
    if not (math.isfinite(value) and value > 0):
        raise UsageError(f"A gain must be positive and finite, not {wanted}.")
    return value


def _widths(size: int | str, depth: int | None) -> tuple[int, ...]:
    try:
        parts = [int(p) for p in str(size).replace("x", ",").split(",")]
    except ValueError:
        raise UsageError(f"A width is a whole number, or several joined by commas, not {size!r}.") from None
    if min(parts) < 2:
        raise UsageError(f"A width must be 2 or larger, not {min(parts)}: one unit has no distribution to follow.")
    if depth is not None and (isinstance(depth, bool) or int(depth) != depth or depth < 1):
        raise UsageError(f"A depth must be a whole number of 1 or larger, not {depth}.")
    if max(len(parts), int(depth or 0)) > MOST_LAYERS:
        raise UsageError(f"A depth of {depth or len(parts)} is more than {MOST_LAYERS:,} layers: take less.")
    if max(parts) ** 2 > MOST_NUMBERS:
        raise UsageError(
            f"A width of {max(parts)} needs {max(parts) ** 2 * 4 / 2**30:.0f} GiB for one layer: take less."
        )
    if len(parts) == 1:
        return (parts[0],) * ((depth or DEPTH) + 1)
    if depth is None:
        return tuple(parts)
    return tuple(itertools.islice(itertools.cycle(parts), depth + 1))


def _fits(init: Initializer, f: Activation, widths: tuple[int, ...], kind: str) -> None:
    """Refuse an initializer that cannot fill these weights before anything is drawn."""
    for fan_in, fan_out in sorted(set(itertools.pairwise(widths))):
        rows = fan_out * (2 if f.gated else 1)
        init.law((rows, fan_in, 3, 3) if kind == "conv" else (rows, fan_in))


def _needs_plain(widths: tuple[int, ...], kind: str) -> None:
    if len(set(widths)) > 1:
        raise UsageError(
            f"Widths that differ from layer to layer are for mlp: give one width for {kind}, not {widths[:4]}."
        )
    if kind.startswith("transformer") and widths[0] % 2:
        raise UsageError(f"A transformer needs an even width for its heads, not {widths[0]}.")
