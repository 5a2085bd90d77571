"""Pitfalls of tensors that are more than a block of numbers: lazy bits, layouts, wrappers, lost gradients."""

from __future__ import annotations

from embcheck.subjects.conversion.pitfall import TORCH, Pitfall, raises, silently, warns, works

_CONJ = "x = torch.tensor([1 + 2j, 3 - 1j]).conj()"
_NEG = "x = torch.tensor([1 + 2j, 3 - 1j]).conj().imag"
_BIT = "is a bit on the tensor, not in its memory, and numpy reads the memory"

LAZY_BITS = (
    *(Pitfall("lazy-bits", "a conjugated tensor", _CONJ, operation, expected, "conj() " + _BIT,
              "x.resolve_conj().numpy()", "y.tolist() == [1 - 2j, 3 + 1j]")
      for operation, expected in (
          ("x.numpy()", raises("RuntimeError", "conjugate bit")),
          ("np.asarray(x)", raises("RuntimeError", "conjugate bit")),
          ("np.from_dlpack(x)", raises("BufferError|RuntimeError", "conjugate bit")))),
    *(Pitfall("lazy-bits", "the imaginary part of a conjugated tensor", _NEG, operation, expected,
              "its minus sign " + _BIT, "x.resolve_neg().numpy()", "y.tolist() == [-2.0, 1.0]")
      for operation, expected in (
          ("x.numpy()", raises("RuntimeError", "negative bit")),
          ("np.asarray(x)", raises("RuntimeError", "negative bit")),
          ("np.from_dlpack(x)", silently("wrong value", "y.tolist() == [2.0, -1.0]")),
          ("torch.from_dlpack(x)", silently("wrong value", "y.tolist() == [2.0, -1.0]")))),
    Pitfall("lazy-bits", "a conjugated tensor", _CONJ, "x.numpy(force=True)", works("y.tolist() == [1 - 2j, 3 + 1j]"),
            "force=True resolves both bits", "x.numpy(force=True)", "y.tolist() == [1 - 2j, 3 + 1j]"),
)  # fmt: skip

_NESTED = "x = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]{})"
_UNBOUND = "[part.numpy() for part in x.unbind()]"
_RAGGED = "[part.tolist() for part in y] == [[1.0, 1.0], [1.0, 1.0, 1.0]]"


def _laid_out(source: str, setup: str, safe: str, proof: str, needs: str = "True") -> tuple[Pitfall, ...]:
    why = "an array is one block of strided memory, and this is none"
    return tuple(
        Pitfall("unsupported-layout", source, setup, operation, expected, why, safe, proof, needs=needs)
        for operation, expected in (
            ("x.numpy()", raises("TypeError|RuntimeError")),
            ("np.asarray(x)", raises("TypeError|RuntimeError")),
            ("np.from_dlpack(x)", raises("BufferError|RuntimeError|NotImplementedError")),
            ("x.tolist()", raises("RuntimeError|NotImplementedError")),
        )
    )


UNSUPPORTED_LAYOUT = (
    *_laid_out("a sparse tensor (COO)", "x = torch.eye(2).to_sparse()", "x.to_dense().numpy()",
               "y.tolist() == [[1.0, 0.0], [0.0, 1.0]]"),
    *_laid_out("a sparse tensor (CSR)", "x = torch.eye(2).to_sparse_csr()", "x.to_dense().numpy()",
               "y.tolist() == [[1.0, 0.0], [0.0, 1.0]]"),
    *_laid_out("a oneDNN tensor", "x = torch.eye(2).to_mkldnn()", "x.to_dense().numpy()",
               "y.tolist() == [[1.0, 0.0], [0.0, 1.0]]", needs="torch.backends.mkldnn.is_available()"),
    *_laid_out("a nested tensor", _NESTED.format(""), _UNBOUND, _RAGGED),
    *_laid_out("a nested tensor (jagged)", _NESTED.format(", layout=torch.jagged"), _UNBOUND, _RAGGED),
)  # fmt: skip

_FAKE = (
    "from torch._subclasses.fake_tensor import FakeTensorMode\n"
    "real = torch.tensor([1.5, 2.5])\nx = FakeTensorMode().from_tensor(real)"
)
_THREE = "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])"

WRAPPED_TENSOR = (
    Pitfall("wrapped-tensor", "a tensor inside torch.vmap", _THREE,
            "torch.vmap(lambda row: torch.from_numpy(row.numpy()))(x)", raises("RuntimeError", "storage"),
            "inside vmap a tensor stands for the whole batch and has no memory of its own",
            "torch.vmap(lambda row: row * 2)(x).numpy()", "y.tolist() == [[2.0, 4.0], [6.0, 8.0]]"),
    Pitfall("wrapped-tensor", "a tensor inside torch.vmap", _THREE, "torch.vmap(lambda row: row * row[0].item())(x)",
            raises("RuntimeError", ".item()"), "inside vmap there is one tensor for many numbers",
            "torch.vmap(lambda row: row * row[0])(x)", "y.tolist() == [[1.0, 2.0], [9.0, 12.0]]"),
    Pitfall("wrapped-tensor", "a tensor inside torch.func.grad", _THREE,
            "torch.func.grad(lambda w: torch.from_numpy(w.detach().numpy()).sum())(x)",
            raises("RuntimeError", "storage"), "inside torch.func a tensor is a wrapper, detached or not",
            "torch.func.grad_and_value(lambda w: w.sum())(x)[1].numpy()", "y.tolist() == 10.0"),
    Pitfall("wrapped-tensor", "a fake tensor", _FAKE, "x.numpy()", raises("RuntimeError", "subclasses"),
            "a fake tensor (torch.compile, torch.export) has a shape and no values", "real.numpy()",
            "y.tolist() == [1.5, 2.5]"),
    Pitfall("wrapped-tensor", "a fake tensor", _FAKE, "np.from_dlpack(x)",
            warns("UserWarning", "data pointer", "isinstance(y, np.ndarray)"),
            "DLPack hands out the address of memory that holds nothing: the values are garbage",
            "np.from_dlpack(real)", "y.tolist() == [1.5, 2.5]"),
)  # fmt: skip

_INFERENCE = "with torch.inference_mode():\n    x = torch.tensor([1.5, 2.5])\nw = torch.ones(2, requires_grad=True)"

INFERENCE_TENSOR = (
    Pitfall("inference-tensor", "a tensor made in inference mode", _INFERENCE, "(w * x).sum().backward()",
            raises("RuntimeError", "Inference tensors"), "it keeps no version counter, so autograd cannot save it",
            "torch.autograd.grad((w * x.clone()).sum(), w)[0]", "y.tolist() == [1.5, 2.5]"),
    Pitfall("inference-tensor", "a tensor made in inference mode", _INFERENCE, "x.add_(1)",
            raises("RuntimeError", "inference tensor"), "outside inference mode it may not be written to",
            "x.clone().add_(1)", "y.tolist() == [2.5, 3.5]"),
    Pitfall("inference-tensor", "a tensor made in inference mode", _INFERENCE, "x.numpy()",
            works("y.tolist() == [1.5, 2.5]"), "reading it is allowed", "x.numpy()", "y.tolist() == [1.5, 2.5]"),
    Pitfall("inference-tensor", "a tensor made in inference mode", _INFERENCE + "\na = x.numpy()",
            "a.__setitem__(0, 9.0)", silently("shares", "x[0].item() == 9.0"),
            "numpy writes where torch itself refuses to", "a.copy().__setitem__(0, 9.0)", "x[0].item() == 1.5"),
)  # fmt: skip

_PAIR = "x = torch.tensor([1.5, 2.5], requires_grad=True)"

LOST_GRADIENT = (
    Pitfall("lost-gradient", "a tensor that requires grad", _PAIR, "torch.tensor(x)",
            warns("UserWarning", "copy construct", "not y.requires_grad"), "torch.tensor copies values, not history",
            "x.clone()", "torch.autograd.grad((y * y).sum(), x)[0].tolist() == [3.0, 5.0]"),
    Pitfall("lost-gradient", "a list of tensors that require grad", _PAIR, "torch.tensor([x[0], x[1]])",
            warns("UserWarning", "requires_grad", "not y.requires_grad")
            if TORCH >= (2, 13) else silently("no gradient", "not y.requires_grad", known=TORCH <= (2, 4)),
            "each element becomes a Python number first", "torch.stack([x[0], x[1]])",
            "torch.autograd.grad((y * y).sum(), x)[0].tolist() == [3.0, 5.0]"),
    Pitfall("lost-gradient", "a loss made with .item()", _PAIR, "(x * x[0].item()).sum()",
            silently("no gradient", "torch.autograd.grad(y, x)[0].tolist() == [1.5, 1.5]"),
            "d/dx0 (x0 x0 + x1 x0) is 2 x0 + x1 = 5.5; a factor that is a Python number counts as constant",
            "(x * x[0]).sum()", "torch.autograd.grad(y, x)[0].tolist() == [5.5, 1.5]"),
    Pitfall("lost-gradient", "there and back through numpy", _PAIR, "torch.from_numpy(x.detach().numpy() ** 2)",
            silently("no gradient", "not y.requires_grad"), "what numpy computes, autograd does not see", "x ** 2",
            "torch.autograd.grad(y.sum(), x)[0].tolist() == [3.0, 5.0]"),
    Pitfall("lost-gradient", "a tensor that requires grad", _PAIR, "torch.as_tensor(x)", works("y is x"),
            "as_tensor gives the same tensor back, history and all", "torch.as_tensor(x)",
            "torch.autograd.grad((y * y).sum(), x)[0].tolist() == [3.0, 5.0]"),
)  # fmt: skip

_PATCH = (
    "class Patched(torch.Tensor):\n    def __array__(self, dtype=None):\n        return self.cpu().numpy()\n"
    "x = torch.tensor([1.5, 2.5], device=device, requires_grad=True).as_subclass(Patched)"
)
_PATCHED = "`return self.cpu().numpy()` in torch's own __array__ leaves the gradient in the way"

PATCHED_TORCH = (
    Pitfall("patched-torch", "torch's source edited to `return self.cpu().numpy()`", _PATCH, "np.asarray(x)",
            raises("RuntimeError|TypeError|NotImplementedError"),
            _PATCHED + ", copies from the device at every call of a numpy function, and is gone with the next install",
            "np.asarray(x.detach().cpu())", "y.tolist() == [1.5, 2.5] and x.requires_grad", off_cpu=True),
    Pitfall("patched-torch", "torch's source edited to `return self.cpu().numpy()`", _PATCH, "x.detach().numpy()",
            raises("TypeError", "can't convert"), "x.numpy() does not go through __array__: the edit is not even seen",
            "x.detach().cpu().numpy()", "y.tolist() == [1.5, 2.5]", off_cpu=True),
)  # fmt: skip

LAYOUTS = (*LAZY_BITS, *UNSUPPORTED_LAYOUT, *WRAPPED_TENSOR, *INFERENCE_TENSOR, *LOST_GRADIENT, *PATCHED_TORCH)
