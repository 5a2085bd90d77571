"""What one forward and backward pass of a user's model left behind: plain numbers, one node an operation."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

AFFINE = frozenset(
    {"linear", "bilinear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
     "matmul", "mm", "bmm", "addmm", "baddbmm", "einsum"}
)  # fmt: skip
"""Operations that are affine in their input when one operand is a parameter."""
ACTIVATIONS = frozenset(
    {"relu", "relu6", "leaky_relu", "prelu", "rrelu", "elu", "celu", "selu", "gelu", "silu", "mish", "hardswish",
     "hardsigmoid", "hardtanh", "softplus", "softsign", "tanh", "sigmoid", "logsigmoid", "tanhshrink", "softshrink",
     "hardshrink", "sin", "cos", "erf", "glu"}
)  # fmt: skip
NORMS = frozenset(
    {"layer_norm", "batch_norm", "group_norm", "instance_norm", "rms_norm", "local_response_norm", "normalize",
     "rsqrt", "softmax", "log_softmax", "scaled_dot_product_attention"}
)  # fmt: skip
"""Operations whose output does not depend on the scale of their input, or that bound it (`rsqrt`: a hand-written RMS
norm)."""
LOOKUPS = frozenset({"embedding", "embedding_bag"})
RECURRENT = frozenset(
    {"lstm", "gru", "rnn_tanh", "rnn_relu", "lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"}
)  # fmt: skip
"""Whole recurrent layers, which torch runs as one operation."""
MERGES = frozenset({"add", "radd", "iadd", "cat", "concat", "stack"})
PLUMBING = frozenset(
    {"view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "transpose", "permute", "t", "T", "mT",
     "movedim", "swapaxes", "contiguous", "chunk", "split", "tensor_split", "unbind", "getitem", "select", "narrow",
     "index_select", "gather", "expand", "expand_as", "view_as", "reshape_as", "repeat", "repeat_interleave", "to",
     "float", "double", "half", "bfloat16", "type", "type_as", "clone", "detach", "cpu", "cuda", "requires_grad",
     "flip", "roll", "as_strided", "H", "mH", "data", "alias", "swapdims", "pad_packed_sequence", "unfold",
     "pixel_shuffle", "channel_shuffle", "resolve_conj"}
)  # fmt: skip
"""Operations that move or select values and change none."""

FILLS = frozenset(
    {"index_copy", "index_put", "index_fill", "masked_fill", "masked_scatter", "scatter", "put", "copy", "fill"}
)
"""Writes to a part of a tensor: until the last of them, memory of `torch.empty` holds whatever it held."""


@dataclass(frozen=True)
class Node:
    """One operation that ran.

    `q` is the mean square of the output, `s` its variance over the batch (unbiased, averaged over positions; nan
    for a batch of one), `g` the mean square of the gradient that reached the output (nan where none did), all in
    float64.
    """

    index: int
    op: str
    kind: str
    """``input``, ``affine``, ``activation``, ``norm``, ``lookup``, ``merge``, ``recurrent`` or ``other``."""
    module: str
    """Qualified name of the innermost module that was running; ``""`` is the model itself."""
    module_type: str
    parents: tuple[int, ...]
    shape: tuple[int, ...]
    q: float = float("nan")
    s: float = float("nan")
    g: float = float("nan")
    mean: float = float("nan")
    largest: float = float("nan")
    zero: float = float("nan")
    """Fraction of the output that is exactly zero."""
    dead: float = float("nan")
    """Fraction of the units (last dimension; channels after a convolution) that are zero for every input."""
    saturated: float = float("nan")
    """Fraction of the output of a bounded activation where the slope is below a tenth of its maximum."""
    q_in: float = float("nan")
    """Mean square of the first tensor that went in."""
    weight: str = ""
    """Qualified name of the parameter that an affine operation or a lookup used."""
    weight_std: float = float("nan")
    fan: float = float("nan")
    """How many inputs one output sums over: `in/groups * prod(kernel)`, over `prod(stride)` when transposed."""
    bias_power: float = 0.0
    """Mean square of the bias."""
    weight_mean: float = 0.0
    options: tuple[tuple[str, float], ...] = ()
    """Numbers of the call: slope of an activation, eps of a norm, the share of taps inside a padded convolution, ..."""
    operands: tuple[int, ...] = ()
    """The nodes of its floating-point operands, in their order; -1 for a constant or a parameter."""
    dtype: str = ""
    bad: bool = False
    """Some of the output is NaN or +infinity (-infinity alone is how attention masks)."""
    activation: Activation | None = None
    """The function of an activation that somebody wrote out (see `elementwise`)."""
    inner: bool = False
    """A step within such an activation."""
    axis: tuple[int, int] | None = None
    """Where the inputs are counted in the output (see `batch_axis`)."""

    @property
    def name(self) -> str:
        """What a reader calls it: the module's name and the operation."""
        return f"{self.module}:{self.op}" if self.module else self.op

    @property
    def label(self) -> str:
        """As `name`, of the module that owns the weight: what a part of a composite module is called."""
        owner = self.weight.rpartition(".")[0]
        own = owner if owner.startswith(f"{self.module}." if self.module else "") else self.module
        own = ".".join(part for part in own.split(".") if part != "_orig_mod")
        return f"{own}:{self.op}" if own else self.op

    @property
    def numel(self) -> int:
        """Elements of the output."""
        return math.prod(self.shape)

    @property
    def shown(self) -> bool:
        """Whether it is worth a row: floating point, and more than a view or a dropout that is switched off."""
        if self.inner or ("dropout" in self.op and self.option("p") == 0):
            return False
        return self.op not in PLUMBING and self.dtype.startswith(("float", "bfloat"))

    @property
    def seen(self) -> bool:
        """Whether its output was measured."""
        return self.q == self.q or self.bad

    def option(self, name: str, default: float = math.nan) -> float:
        """A number of the call."""
        return next((value for key, value in self.options if key == name), default)

    @property
    def gain2(self) -> float:
        """`fan * Var W`: by how much this layer multiplies the power of a signal, padding and bias aside."""
        return self.fan * self.weight_std**2


@dataclass(frozen=True)
class Gradient:
    """The gradient of one parameter, for an N(0, 1) cotangent at the outputs (or the user's loss)."""

    name: str
    power: float
    """Mean square; nan where no gradient arrived at all."""
    zero: float
    """Fraction of exact zeros."""
    nonzero_rows: tuple[int, ...] = ()
    """For a table that was looked up: which rows received gradient (at most the first 100,000)."""


@dataclass(frozen=True)
class Unregistered:
    """An `nn.Parameter` that an operation used and no module registers."""

    identity: int
    """`id` of the tensor, to be compared with tensors that the model still holds."""
    module: str
    """The innermost module that was running."""
    op: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Trace:
    """A pass through the whole model, in the order in which it ran."""

    nodes: tuple[Node, ...]
    gradients: tuple[Gradient, ...]
    outputs: tuple[int, ...]
    """The nodes that made the outputs."""
    batch: int
    dtype: str
    fed: str
    """What went in, in words."""
    losses: dict[int, float] = field(default_factory=dict)
    """For each output node with a last dimension of 8 or more: the cross entropy of its softmax at random labels."""
    ids: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """For each table that was looked up: the distinct indices asked for (at most 100,000)."""
    padding: dict[str, int] = field(default_factory=dict)
    """For each table that was looked up with a `padding_idx`: that row, counted from the start."""
    left: tuple[tuple[int, str], ...] = ()
    """Nodes whose values were handed to numpy or Python in the forward, each with the operation that did it."""
    notes: tuple[str, ...] = ()
    """What a reader must know of how it ran."""
    unregistered: tuple[Unregistered, ...] = ()
    """Parameters that took part and that no module of the model holds."""
    plain: dict[str, int] = field(default_factory=dict)
    """Plain tensors that took part as they are, neither parameters nor buffers: how many elements each has."""
    cut: dict[str, str] = field(default_factory=dict)
    """Trainable parameters that took part through `.data`, each with the module whose forward did it."""

    @cached_property
    def children(self) -> dict[int, tuple[int, ...]]:
        """Which nodes consumed each node."""
        found: dict[int, list[int]] = {n.index: [] for n in self.nodes}
        for node in self.nodes:
            for parent in node.parents:
                found[parent].append(node.index)
        return {k: tuple(v) for k, v in found.items()}

    def behind_views(self, index: int) -> Node:
        """The node whose values this one holds, if it does no more than move or select them."""
        node = self.nodes[index]
        while node.op in PLUMBING and len(node.parents) == 1:
            node = self.nodes[node.parents[0]]
        return node

    def weights_before(self, node: Node) -> frozenset[str]:
        """Names of the weights that the signal met up to this node, its own included."""
        return self._met[node.index]

    @cached_property
    def _met(self) -> tuple[frozenset[str], ...]:
        met: list[frozenset[str]] = []
        for node in self.nodes:
            before = [met[p] for p in node.parents]
            found = before[0] if len(before) == 1 else frozenset[str]().union(*before)
            if node.kind in {"affine", "lookup", "recurrent"}:
                found |= {node.weight or f"node {node.index}"}
            met.append(found)
        return tuple(met)

    @cached_property
    def in_branch(self) -> frozenset[int]:
        """Nodes that lie on a branch beside a skip connection: their scale is the branch's business."""
        inside = 0
        ancestors: list[int] = []  # one bit a node
        for node in self.nodes:
            mine = 0
            for parent in node.parents:
                mine |= ancestors[parent] | 1 << parent
            ancestors.append(mine)
            if node.kind != "merge":
                continue
            for skip in node.parents:
                for end in node.parents:
                    shared = (ancestors[skip] | 1 << skip) & (ancestors[end] | 1 << end)
                    if end == skip or not shared:
                        continue
                    root = shared.bit_length() - 1
                    candidates = (ancestors[end] | 1 << end) & ~inside & ~((2 << root) - 1)
                    while candidates:
                        i = candidates.bit_length() - 1
                        candidates ^= 1 << i
                        if ancestors[i] >> root & 1:
                            inside |= 1 << i
        return frozenset(i for i in range(len(self.nodes)) if inside >> i & 1)
