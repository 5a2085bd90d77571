"""Pitfalls of tensors on their way to numpy: the device, the gradient, the dtype."""

from __future__ import annotations

from embcheck.subjects.conversion.pitfall import NUMPY, Pitfall, raises, silently, warns, works

_TWO = "x = torch.tensor([1.5, 2.5], device=device)"
_PARAMETER = "x = torch.nn.Parameter(torch.tensor([1.5, 2.5]))"
_BF16 = "x = torch.tensor([1.5, 2.5], dtype=torch.bfloat16)"
_VALUES = "y.tolist() == [1.5, 2.5]"
# the values, and the graph still knows the tensor: d/dx sum(x * constant) = constant
_VALUES_AND_GRADIENT = (
    "y.tolist() == [1.5, 2.5] and "
    "torch.autograd.grad((x * torch.tensor([3.0, 4.0])).sum(), x)[0].tolist() == [3.0, 4.0]"
)
_HOST = "numpy reads the CPU's memory only, and torch does not copy a tensor from a device behind your back"
_GRAPH = "numpy cannot record a gradient, so torch lets no value leave the graph unless you say detach()"

OFF_CPU = (
    Pitfall("off-cpu", "a tensor off the CPU", _TWO, "x.numpy()", raises("TypeError", "can't convert"),
            _HOST, "x.cpu().numpy()", _VALUES, off_cpu=True),
    Pitfall("off-cpu", "a tensor off the CPU", _TWO, "np.asarray(x)", raises("TypeError", "can't convert"),
            _HOST + "; np.asarray calls x.numpy()", "np.asarray(x.cpu())", _VALUES, off_cpu=True),
    Pitfall("off-cpu", "a tensor off the CPU", _TWO, "np.array(x)", raises("TypeError", "can't convert"),
            _HOST, "x.cpu().numpy().copy()", _VALUES, off_cpu=True),
    Pitfall("off-cpu", "a tensor off the CPU", _TWO, "np.sqrt(x)", raises("TypeError", "can't convert"),
            "a numpy function converts its arguments first", "x.sqrt().cpu().numpy()",
            "np.allclose(y, [1.5 ** 0.5, 2.5 ** 0.5])", off_cpu=True),
    Pitfall("off-cpu", "a tensor off the CPU", _TWO, "np.array([row for row in x])",
            raises("TypeError", "can't convert"), "every element of the list is a tensor on the device",
            "x.cpu().numpy()", _VALUES, off_cpu=True),
    Pitfall("off-cpu", "a tensor off the CPU", _TWO, "np.from_dlpack(x)",
            raises("BufferError|RuntimeError|ValueError|TypeError"), "numpy takes DLPack from the CPU only",
            "np.from_dlpack(x.cpu())", _VALUES, off_cpu=True),
    Pitfall("off-cpu", "a parameter off the CPU", "x = torch.nn.Parameter(torch.tensor([1.5, 2.5], device=device))",
            "x.detach().numpy()", raises("TypeError", "can't convert"),
            "detach() leaves the values where they are", "x.detach().cpu().numpy()", _VALUES_AND_GRADIENT.replace(
                "torch.tensor([3.0, 4.0])", "torch.tensor([3.0, 4.0], device=device)"), off_cpu=True),
    Pitfall("off-cpu", "a bfloat16 parameter off the CPU",
            "x = torch.nn.Parameter(torch.tensor([1.5, 2.5], device=device, dtype=torch.bfloat16))",
            "x.detach().cpu().numpy()", raises("TypeError|NotImplementedError"),
            "three obstacles at once: the gradient, the device, the dtype",
            "x.detach().cpu().float().numpy()", _VALUES, off_cpu=True),
    Pitfall("off-cpu", "the output of a module off the CPU",
            "net = torch.nn.Linear(2, 1, bias=False, device=device)\ntorch.nn.init.ones_(net.weight)\n" + _TWO,
            "np.asarray(net(x))", raises("TypeError|RuntimeError", ""),
            "it is on the device and it requires grad; whichever torch looks at first is in the message",
            "net(x).detach().cpu().numpy()", "y.tolist() == [4.0] and net(x).requires_grad", off_cpu=True),
    Pitfall("off-cpu", "an array into a module off the CPU",
            "net = torch.nn.Linear(2, 1, bias=False, device=device)\ntorch.nn.init.ones_(net.weight)\n"
            "a = np.array([1.5, 2.5], dtype=np.float32)",
            "net(torch.from_numpy(a))", raises("RuntimeError", "device"),
            "from_numpy gives a tensor on the CPU, whatever the default device",
            "net(torch.from_numpy(a).to(net.weight.device))", "y.tolist() == [4.0]", off_cpu=True, meta=False),
)  # fmt: skip

REQUIRES_GRAD = (
    Pitfall("requires-grad", "a parameter", _PARAMETER, "x.numpy()", raises("RuntimeError", "requires grad"),
            _GRAPH, "x.detach().numpy()", _VALUES_AND_GRADIENT),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "np.asarray(x)", raises("RuntimeError", "requires grad"),
            _GRAPH, "np.asarray(x.detach())", _VALUES_AND_GRADIENT),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "np.array(x)", raises("RuntimeError", "requires grad"),
            _GRAPH, "x.detach().numpy().copy()", _VALUES_AND_GRADIENT),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "np.from_dlpack(x)",
            raises("BufferError|RuntimeError", "require gradient"), _GRAPH, "np.from_dlpack(x.detach())",
            _VALUES_AND_GRADIENT),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "torch.from_dlpack(x)",
            raises("BufferError|RuntimeError", "require gradient"), _GRAPH, "torch.from_dlpack(x.detach())",
            _VALUES_AND_GRADIENT),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "np.sqrt(x)", raises("RuntimeError", "requires grad"),
            "a numpy function converts its arguments first", "x.sqrt()",
            "torch.autograd.grad(y.sum(), x)[0].tolist() == (0.5 / x.detach().sqrt()).tolist()"),
    Pitfall("requires-grad", "a parameter", _PARAMETER + "\na = np.array([3.0, 4.0], dtype=np.float32)", "x * a",
            raises("RuntimeError", "requires grad"), "an array as the other operand makes numpy do the product",
            "x * torch.from_numpy(a)", "torch.autograd.grad(y.sum(), x)[0].tolist() == [3.0, 4.0]"),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "np.array([element for element in x])",
            raises("RuntimeError", "requires grad"), "every element of the list requires grad",
            "x.detach().numpy()", _VALUES_AND_GRADIENT),
    Pitfall("requires-grad", "an activation", _PARAMETER, "(x * 2).numpy()", raises("RuntimeError", "requires grad"),
            "what is computed from a parameter requires grad too", "(x * 2).detach().numpy()",
            "y.tolist() == [3.0, 5.0] and x.requires_grad"),
    Pitfall("requires-grad", "a parameter under no_grad", _PARAMETER + "\ntorch.set_grad_enabled(False)", "x.numpy()",
            works("y.tolist() == [1.5, 2.5]"),
            "while grad mode is off torch lets a parameter go; the same line raises as soon as it is on",
            "x.detach().numpy()", "y.tolist() == [1.5, 2.5]"),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "x.numpy(force=True)", works("y.tolist() == [1.5, 2.5]"),
            "force=True is detach().cpu().resolve_conj().resolve_neg().numpy(): it copies only where it must",
            "x.numpy(force=True)", _VALUES_AND_GRADIENT),
    Pitfall("requires-grad", "a parameter", _PARAMETER, "x.tolist()", works("y == [1.5, 2.5]"),
            "Python numbers carry no gradient and torch does not ask", "x.tolist()",
            "y == [1.5, 2.5] and x.requires_grad"),
)  # fmt: skip

_LACKS = "numpy has no such dtype"


def _lacking(name: str, make: str, safe: str, proof: str, words: str = "") -> tuple[Pitfall, ...]:
    """The four ways out, for a dtype that numpy lacks."""
    source, needs = words or f"a {name} tensor", f"hasattr(torch, {name!r})"
    return tuple(
        Pitfall("unsupported-dtype", source, make, operation, expected, why, safe, proof, needs=needs)
        for operation, expected, why in (
            ("x.numpy()", raises("TypeError", "unsupported ScalarType"), _LACKS),
            ("np.asarray(x, dtype=np.float64)", raises("TypeError", "unsupported ScalarType"),
             _LACKS + ", and torch hands the values over before numpy can widen them"),
            ("x.numpy(force=True)", raises("TypeError", "unsupported ScalarType"),
             "force=True clears the gradient, the device and the lazy bits, but not the dtype"),
            ("np.from_dlpack(x)", raises("RuntimeError|BufferError|TypeError"), _LACKS + ", DLPack or not"),
        )
    )  # fmt: skip


_ONE_TWO = "y.tolist() == [1.0, 2.0]"

UNSUPPORTED_DTYPE = (
    *_lacking("bfloat16", _BF16, "x.float().numpy()", _VALUES + " and y.dtype == np.float32"),
    *(row for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")
      for row in _lacking(name, f"x = torch.tensor([1.0, 2.0]).to(torch.{name})", "x.float().numpy()", _ONE_TWO)),
    *_lacking("float4_e2m1fn_x2", "x = torch.tensor([18, 52], dtype=torch.uint8).view(torch.float4_e2m1fn_x2)",
              "x.view(torch.uint8).numpy()", "y.tolist() == [18, 52]"),
    *_lacking("complex32", "x = torch.tensor([1 + 2j], dtype=torch.complex64).to(torch.complex32)",
              "x.to(torch.complex64).numpy()", "y.tolist() == [1 + 2j]"),
    *_lacking("quint8", "x = torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.5, 0, torch.quint8)",
              "x.dequantize().numpy()", _ONE_TWO, "a quantized tensor"),
    Pitfall("unsupported-dtype", "a bfloat16 tensor, bit for bit", _BF16, "x.numpy().view(np.uint16)",
            raises("TypeError", "unsupported ScalarType"), _LACKS,
            "x.view(torch.int16).numpy().view(np.uint16)", "y.tolist() == [0x3FC0, 0x4020]"),
    Pitfall("unsupported-dtype", "a bfloat16 tensor", _BF16, "x.tolist()", works("y == [1.5, 2.5]"),
            "Python floats hold every bfloat16", "x.tolist()", "y == [1.5, 2.5]"),
)  # fmt: skip

ARRAY_COPY_KEYWORD = (
    Pitfall("array-copy-keyword", "a tensor", "x = torch.tensor([1.5, 2.5])", "np.array(x)",
            warns("DeprecationWarning", "copy keyword")
            if NUMPY >= (2, 1) else works("y.tolist() == [1.5, 2.5]"),
            "since 2.1 numpy asks Tensor.__array__ with copy=, which it does not take",
            "x.numpy().copy()", _VALUES,
            needs="'copy' not in __import__('inspect').signature(torch.Tensor.__array__).parameters"),
    Pitfall("array-copy-keyword", "a tensor", "x = torch.tensor([1.5, 2.5])", "np.array(x, copy=False)",
            raises("ValueError", "Unable to avoid copy") if NUMPY >= (2, 0) else works("y.tolist() == [1.5, 2.5]"),
            "copy=False means never copy since numpy 2, and Tensor.__array__ cannot promise it",
            "np.asarray(x)", "y.tolist() == [1.5, 2.5] and y.ctypes.data == x.data_ptr()",
            needs="'copy' not in __import__('inspect').signature(torch.Tensor.__array__).parameters"),
    Pitfall("array-copy-keyword", "a tensor", "x = torch.tensor([1.5, 2.5])", "np.sqrt(x)",
            warns("DeprecationWarning", "__array_wrap__", "isinstance(y, torch.Tensor)")
            if NUMPY >= (2, 0) else silently("gives a tensor", "isinstance(y, torch.Tensor)"),
            "numpy 2 hands __array_wrap__ arguments that torch's does not take; the result is a tensor again",
            "x.sqrt().numpy()", "np.allclose(y, [1.5 ** 0.5, 2.5 ** 0.5])",
            needs="'return_scalar' not in __import__('inspect').signature(torch.Tensor.__array_wrap__).parameters"),
)  # fmt: skip

TENSORS = (*OFF_CPU, *REQUIRES_GRAD, *UNSUPPORTED_DTYPE, *ARRAY_COPY_KEYWORD)
