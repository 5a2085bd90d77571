"""What a name in a file stands for: ``th.zeros`` is ``torch.zeros`` after ``import torch as th``."""

from __future__ import annotations

import ast

# made on the CPU unless `device=` is given; no gradient unless `requires_grad=True` is given
CREATORS = frozenset({
    "tensor", "zeros", "ones", "empty", "full", "eye", "arange", "linspace", "logspace", "range", "rand", "randn",
    "randint", "randperm", "Tensor", "FloatTensor", "LongTensor", "IntTensor", "DoubleTensor", "BoolTensor",
    "ByteTensor", "HalfTensor", "from_numpy", "frombuffer", "tril_indices", "triu_indices", "hann_window",
})  # fmt: skip
# integer or boolean results: never part of the graph
UNDIFFERENTIABLE = frozenset({
    "argmax", "argmin", "argsort", "long", "int", "bool", "byte", "short", "char", "eq", "ne", "gt", "lt", "ge", "le",
    "nonzero", "bincount", "isnan", "isinf", "isfinite", "isclose", "sign", "round", "floor", "ceil", "multinomial",
    "bernoulli", "unique", "searchsorted", "bucketize", "logical_and", "logical_or", "logical_not", "any", "all",
})  # fmt: skip
NOT_TENSORS = frozenset({"item", "tolist", "size", "dim", "numel", "ndimension", "stride", "data_ptr", "element_size",
                         "get_device", "type", "is_cuda", "nelement", "storage", "is_contiguous"})  # fmt: skip
STATELESS = frozenset({
    "ReLU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softmax", "LogSoftmax", "ELU", "LeakyReLU", "Softplus", "Dropout",
    "Identity", "Flatten", "CosineSimilarity", "PairwiseDistance", "MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d",
})  # fmt: skip
"""Modules of torch.nn without parameters."""
NO_GRAD = frozenset(
    {"torch.no_grad", "torch.inference_mode", "torch.autograd.no_grad", "torch.autograd.inference_mode"}
)
ARRAY_MAKERS = frozenset({
    "array", "asarray", "ascontiguousarray", "zeros", "ones", "empty", "full", "eye", "arange", "linspace", "stack",
    "concatenate", "vstack", "hstack", "load", "loadtxt", "frombuffer", "zeros_like", "ones_like", "random",
    "standard_normal", "normal", "uniform", "rand", "randn",
})  # fmt: skip
"""Functions of numpy that give an array and no scalar."""
MODULE_NAMES = frozenset({"model", "net", "network", "backbone", "encoder", "decoder", "generator", "discriminator"})
"""What people call a module; a call of such a name in a file that imports torch is taken to be a forward pass."""
MODULE_BASES = frozenset({"Module", "LightningModule", "PreTrainedModel", "ModuleList", "Sequential"})


class Names:
    """The imports of a file."""

    def __init__(self, tree: ast.Module) -> None:
        self.known: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    self.known[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self.known[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    @property
    def torch(self) -> bool:
        """Whether the file imports torch, or anything of it."""
        return any(full.partition(".")[0] == "torch" for full in self.known.values())

    @property
    def rivals(self) -> bool:
        """Whether it imports a library whose tensors have `.numpy()` too, or are lists of them."""
        return any(
            full.partition(".")[0] in {"tensorflow", "jax", "paddle", "mxnet", "cupy"} for full in self.known.values()
        )

    def path(self, node: ast.AST) -> str:
        """``torch.nn.Linear`` for ``nn.Linear``; empty for what is no import."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.known:
            return ".".join([self.known[node.id], *reversed(parts)])
        return ""


def is_module_class(node: ast.ClassDef) -> bool:
    """Whether a class is, by the names of its bases, a module."""
    bases = [b.attr if isinstance(b, ast.Attribute) else b.id if isinstance(b, ast.Name) else "" for b in node.bases]
    return any(b in MODULE_BASES or b.endswith(("Module", "PreTrainedModel")) for b in bases)


def asked_type(test: ast.expr) -> tuple[str, str, str]:
    """The name whose type a condition asks for, and what it is where the condition holds and where it does not.

    Each of the two is ``tensor``, ``other`` or ``same`` (nothing is learned): ``isinstance(x, torch.Tensor)`` gives
    (x, tensor, other), ``isinstance(x, list)`` gives (x, other, same).
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        name, holds, fails = asked_type(test.operand)
        return name, fails, holds
    if isinstance(test, ast.Call) and test.args and isinstance(test.args[0], ast.Name):
        name, function = test.args[0].id, ast.unparse(test.func)
        if function.endswith("is_tensor"):
            return name, "tensor", "other"
        if function == "isinstance" and len(test.args) == 2:
            types = ast.unparse(test.args[1])
            if "Tensor" not in types:
                return name, "other", "same"
            return name, "same" if "," in types or "|" in types else "tensor", "other"
    return "", "same", "same"


def asks_place(test: ast.expr) -> bool:
    """Whether a condition asks where a tensor is, or whether it requires grad."""
    text = ast.unparse(test)
    return any(word in text for word in (".is_cuda", ".device", ".requires_grad"))


def spelled(node: ast.AST) -> str:
    """The source of an expression, on one line and not too long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else text[:57] + "..."
