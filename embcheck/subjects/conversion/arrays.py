"""Pitfalls of arrays, lists and numbers on their way to torch."""

from __future__ import annotations

from embcheck.subjects.conversion.pitfall import CRASHES, NUMPY, TORCH, UNKNOWN, Pitfall, raises, silently, warns, works

_DOWN = "a = np.array([1.0, 2.0, 3.0], dtype=np.float32)[::-1]"
_TURNED = "y.tolist() == [3.0, 2.0, 1.0]"
_NEGATIVE = raises("ValueError", "negative")
_WHY_NEGATIVE = "a tensor cannot step backwards through memory"

NEGATIVE_STRIDE = (
    *(Pitfall("negative-stride", "a reversed array", _DOWN, operation, _NEGATIVE, _WHY_NEGATIVE,
              "torch.from_numpy(a.copy())", _TURNED)
      for operation in ("torch.from_numpy(a)", "torch.as_tensor(a)", "torch.tensor(a)")),
    Pitfall("negative-stride", "a reversed array", _DOWN, "torch.from_dlpack(a)",
            CRASHES if TORCH <= (2, 13) else raises("RuntimeError|ValueError|BufferError"),
            _WHY_NEGATIVE + "; up to torch 2.13 DLPack does not ask, and the process is aborted (pytorch #188023)",
            "torch.from_dlpack(a.copy())", _TURNED, fatal=True),
    Pitfall("negative-stride", "a flipped image", "a = np.flip(np.arange(6, dtype=np.float32).reshape(2, 3), 1)",
            "torch.from_numpy(a)", _NEGATIVE, _WHY_NEGATIVE, "torch.from_numpy(np.ascontiguousarray(a))",
            "y.tolist() == [[2.0, 1.0, 0.0], [5.0, 4.0, 3.0]]"),
    Pitfall("negative-stride", "a tensor", "x = torch.tensor([1.0, 2.0, 3.0])", "x[::-1]",
            raises("ValueError", "greater than zero"), _WHY_NEGATIVE, "x.flip(0)", _TURNED),
    Pitfall("unsupported-layout", "one field of a structured array",
            "a = np.zeros(2, dtype=[('id', np.int8), ('w', np.float32)])['w']", "torch.from_numpy(a)",
            raises("ValueError", "multiple of the element"),
            "its elements are 5 bytes apart, and a tensor counts in whole elements",
            "torch.from_numpy(a.copy())", "y.tolist() == [0.0, 0.0]"),
)  # fmt: skip

_READONLY = "a = np.array([1.0, 2.0], dtype=np.float32)\na.flags.writeable = False"
_ALIAS = "a tensor has no read-only flag: it is an alias that writes through"
_WRITTEN = "y.fill_(7.0) is y and a[0] == 7.0"
_OWN = "y.fill_(7.0) is y and a[0] == 1.0"

READONLY_ALIAS = (
    *(Pitfall("readonly-alias", "a read-only array", _READONLY, operation,
              warns("UserWarning", "not writ", _WRITTEN), _ALIAS, "torch.tensor(a)", _OWN)
      for operation in ("torch.from_numpy(a)", "torch.as_tensor(a)", "torch.asarray(a)")),
    Pitfall("readonly-alias", "a read-only array", _READONLY, "torch.from_dlpack(a)",
            raises("BufferError", "readonly") if NUMPY < (2, 1) else
            silently("shares", _WRITTEN) if TORCH >= (2, 13) else UNKNOWN,
            _ALIAS + ", here without the warning", "torch.tensor(a)", _OWN),
    Pitfall("readonly-alias", "bytes", "a = np.frombuffer(np.float32(1.0).tobytes(), dtype=np.float32)",
            "torch.from_numpy(a)", warns("UserWarning", "not writ", _WRITTEN), _ALIAS + " even into immutable bytes",
            "torch.tensor(a)", _OWN),
    Pitfall("readonly-alias", "a broadcast array", "a = np.broadcast_to(np.ones(1, dtype=np.float32), (3,))",
            "torch.from_numpy(a)", warns("UserWarning", "not writ", "y[0].fill_(7.0) is not None and a[2] == 7.0"),
            _ALIAS + ", and one write changes every element", "torch.tensor(a)",
            "y[0].fill_(7.0) is not None and a[2] == 1.0 and y.tolist() == [7.0, 1.0, 1.0]"),
)  # fmt: skip

_BIG = "a = np.array([1.0, 2.0], dtype=np.dtype(np.float32).newbyteorder())"

BYTE_ORDER = tuple(
    Pitfall("byte-order", "an array in the other byte order", _BIG, operation, expected,
            "a tensor is always in the machine's own byte order",
            "torch.from_numpy(a.astype(a.dtype.newbyteorder('=')))", "y.tolist() == [1.0, 2.0]")
    for operation, expected in (
        ("torch.from_numpy(a)", raises("ValueError", "byte order")),
        ("torch.tensor(a)", raises("ValueError", "byte order")),
        ("torch.from_dlpack(a)", raises("BufferError", "byte order")),
    )
)  # fmt: skip


def _foreign(source: str, setup: str, safe: str, proof: str) -> tuple[Pitfall, ...]:
    return tuple(
        Pitfall("unsupported-dtype", source, setup, operation, expected, "torch has no such dtype", safe, proof)
        for operation, expected in (
            ("torch.from_numpy(a)", raises("TypeError", "can't convert np.ndarray of type")),
            ("torch.tensor(a)", raises("TypeError", "can't convert np.ndarray of type")),
            ("torch.from_dlpack(a)", raises("BufferError", "DLPack only supports")),
        )
    )


_UNSIGNED = "torch stores unsigned integers beyond uint8 and computes little with them"
_INT64 = "torch.from_numpy(a.astype(np.int64))"

FOREIGN_DTYPE = (
    *_foreign("an object array of rows", "a = np.array([np.ones(2), None], dtype=object)[:1]",
              "torch.from_numpy(np.stack(a)).float()", "y.tolist() == [[1.0, 1.0]]"),
    *_foreign("an array of strings", "a = np.array(['1.5', '2.5'])", "torch.from_numpy(a.astype(np.float32))",
              "y.tolist() == [1.5, 2.5]"),
    *_foreign("an array of dates", "a = np.array(['1970-01-03'], dtype='datetime64[D]')",
              "torch.from_numpy(a.astype(np.int64))", "y.tolist() == [2]"),
    Pitfall("unsupported-dtype", "a uint16 array", "a = np.array([1, 2], dtype=np.uint16)", "torch.from_numpy(a) + 1",
            raises("NotImplementedError|RuntimeError", "not implemented"), _UNSIGNED, _INT64 + " + 1",
            "y.tolist() == [2, 3]"),
    Pitfall("unsupported-dtype", "a uint32 array", "a = np.array([1, 2], dtype=np.uint32)",
            "torch.from_numpy(a).max()", raises("NotImplementedError|RuntimeError", "not implemented"), _UNSIGNED,
            _INT64 + ".max()", "y.item() == 2"),
    Pitfall("unsupported-dtype", "uint16 ids",
            "a = np.array([1, 2], dtype=np.uint16)\ntable = torch.nn.Embedding(3, 2)", "table(torch.from_numpy(a))",
            raises("RuntimeError", "Long, Int"), "ids are int64 or int32",
            f"table({_INT64})", "torch.equal(y, table.weight[1:])"),
    Pitfall("unsupported-dtype", "uint16 indices",
            "a = np.array([1, 2], dtype=np.uint16)\nx = torch.tensor([5, 6, 7])",
            "x[torch.from_numpy(a)]", raises("IndexError", "indices must be"),
            "indices are int64, int32, uint8 or bool",
            f"x[{_INT64}]", "y.tolist() == [6, 7]"),
    Pitfall("unsupported-dtype", "uint8 indices",
            "a = np.array([0, 2, 1], dtype=np.uint8)\nx = torch.tensor([5, 6, 7])",
            "x[torch.from_numpy(a)]", warns("UserWarning", "uint8", "y.tolist() == [6, 7]"),
            "uint8 indices are a mask: where the byte is not 0, not the elements 0, 2 and 1", f"x[{_INT64}]",
            "y.tolist() == [5, 7, 6]"),
)  # fmt: skip

_DOUBLE = "a = np.ones(2)"
_DEFAULT64 = "numpy's floats are float64 by default, torch's are float32"

WIDENED = (
    *(Pitfall("widened-to-float64", "a float64 array", _DOUBLE, operation,
              silently("widens", "y.dtype == torch.float64"), _DEFAULT64, "torch.from_numpy(a).float()",
              "y.dtype == torch.float32 and y.tolist() == [1.0, 1.0]")
      for operation in ("torch.from_numpy(a)", "torch.tensor(a)", "torch.as_tensor(a)")),
    Pitfall("widened-to-float64", "a float64 array into a float32 module",
            _DOUBLE + "\nnet = torch.nn.Linear(2, 1, bias=False)\ntorch.nn.init.ones_(net.weight)",
            "net(torch.from_numpy(a))", raises("RuntimeError", "dtype"), _DEFAULT64,
            "net(torch.from_numpy(a).float())", "y.tolist() == [2.0]"),
    Pitfall("widened-to-float64", "a float64 table", "a = np.zeros((3, 2)) + np.ones((3, 2), dtype=np.float32)",
            "torch.nn.Embedding.from_pretrained(torch.from_numpy(a)).weight",
            silently("widens", "y.dtype == torch.float64"), "from_pretrained keeps the dtype, and np.zeros is float64",
            "torch.nn.Embedding.from_pretrained(torch.from_numpy(a).float()).weight", "y.dtype == torch.float32"),
    Pitfall("widened-to-float64", "a float64 operand", _DOUBLE + "\nx = torch.ones(2)", "x + torch.from_numpy(a)",
            silently("widens", "y.dtype == torch.float64"),
            "the wider dtype wins, unless its operand has no dimensions",
            "x + torch.from_numpy(a).to(x.dtype)", "y.dtype == torch.float32 and y.tolist() == [2.0, 2.0]"),
    Pitfall("widened-to-float64", "a numpy scalar", "a = np.float64(2.5)", "torch.tensor(a)",
            silently("widens", "y.dtype == torch.float64"), "np.mean and its like give np.float64, not a Python float",
            "torch.tensor(float(a))", "y.dtype == torch.float32 and y.item() == 2.5"),
    Pitfall("widened-to-float64", "a list of Python floats", "a = [0.5, 1.5]", "torch.from_numpy(np.array(a))",
            silently("widens", "y.dtype == torch.float64"), "the same list is float32 in torch and float64 in numpy",
            "torch.tensor(a)", "y.dtype == torch.float32 and y.tolist() == [0.5, 1.5]"),
)  # fmt: skip

SLOW = tuple(
    Pitfall("slow-conversion", "a list of arrays", "a = [np.zeros(2, dtype=np.float32), np.ones(2, dtype=np.float32)]",
            operation, warns("UserWarning", "extremely slow"), "every number becomes a Python object on its way",
            "torch.from_numpy(np.stack(a))", "y.tolist() == [[0.0, 0.0], [1.0, 1.0]]")
    for operation in ("torch.tensor(a)", "torch.as_tensor(a)", "torch.FloatTensor(a)")
)  # fmt: skip

NOT_A_SCALAR = (
    Pitfall("not-a-scalar", "a tensor of two elements", "x = torch.tensor([1.5, 2.5])", "x.item()",
            raises("RuntimeError|ValueError", "cannot be converted to Scalar"), "item() is for exactly one element",
            "x.tolist()", "y == [1.5, 2.5]"),
    Pitfall("not-a-scalar", "a tensor of two elements", "x = torch.tensor([1.5, 2.5])", "float(x)",
            raises("ValueError|RuntimeError|TypeError"), "float() is item()", "x.tolist()", "y == [1.5, 2.5]"),
    Pitfall("not-a-scalar", "a zero-dimensional tensor", "x = torch.tensor(2.5)", "x.tolist()",
            silently("gives a number", "y == 2.5"), "its list has no brackets", "x.reshape(-1).tolist()", "y == [2.5]"),
    Pitfall("not-a-scalar", "a zero-dimensional tensor", "x = torch.tensor(2.5)", "list(x.numpy())",
            raises("TypeError", "0-d"), "its array has no dimension to go along", "list(x.reshape(-1).numpy())",
            "y == [2.5]"),
    Pitfall("not-a-scalar", "a numpy scalar", "a = np.float32(2.5)", "torch.from_numpy(a)",
            raises("TypeError", "expected np.ndarray"), "indexing an array down to one element gives no array",
            "torch.tensor(a)", "y.item() == 2.5 and y.dtype == torch.float32"),
    Pitfall("not-a-scalar", "a list", "a = [0.5, 1.5]", "torch.from_numpy(a)",
            raises("TypeError", "expected np.ndarray"), "from_numpy takes arrays only", "torch.tensor(a)",
            "y.tolist() == [0.5, 1.5]"),
    Pitfall("not-a-scalar", "a list of tensors", "a = [torch.zeros(2), torch.ones(2)]", "torch.tensor(a)",
            raises("ValueError"), "torch.tensor reads numbers, not tensors", "torch.stack(a)",
            "y.tolist() == [[0.0, 0.0], [1.0, 1.0]]"),
    Pitfall("not-a-scalar", "a ragged list", "a = [[1.0, 2.0], [3.0]]", "torch.tensor(a)",
            raises("ValueError", "expected sequence of length"), "rows of different lengths are no tensor",
            "torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in a], batch_first=True)",
            "y.tolist() == [[1.0, 2.0], [3.0, 0.0]]"),
)  # fmt: skip

LOST_METADATA = (
    Pitfall("lost-metadata", "a masked array", "a = np.ma.masked_array([1.0, 999.0], mask=[False, True])",
            "torch.from_numpy(a)", silently("lost", "y.tolist() == [1.0, 999.0]"),
            "the mask stays behind and the values under it come back", "torch.from_numpy(a.filled(0.0))",
            "y.tolist() == [1.0, 0.0]"),
    Pitfall("lost-metadata", "a parameter there and back", "x = torch.nn.Parameter(torch.ones(2))",
            "torch.from_numpy(x.detach().numpy())", silently("lost", "not isinstance(y, torch.nn.Parameter)"),
            "an array has no subclass and no requires_grad", "torch.nn.Parameter(torch.from_numpy(x.detach().numpy()))",
            "isinstance(y, torch.nn.Parameter) and y.requires_grad"),
)  # fmt: skip

MIXED_OPERANDS = (
    Pitfall("mixed-operands", "a float64 array and a tensor", "a = np.ones(2)\nx = torch.ones(2)", "a * x",
            raises("TypeError", "unsupported operand"),
            "which library computes depends on the order and the version", "torch.from_numpy(a).to(x) * x",
            "y.dtype == torch.float32 and y.tolist() == [1.0, 1.0]"),
    Pitfall("mixed-operands", "a tensor and a float64 array", "a = np.ones(2)\nx = torch.ones(2)", "x * a",
            warns("DeprecationWarning", "__array_wrap__", "y.dtype == torch.float64") if NUMPY >= (2, 0)
            else silently("widens", "y.dtype == torch.float64"),
            "numpy computes in float64 and wraps the result as a tensor", "x * torch.from_numpy(a).to(x)",
            "y.dtype == torch.float32 and y.tolist() == [1.0, 1.0]"),
    Pitfall("mixed-operands", "a numpy reduction of a tensor", "x = torch.tensor([1.0, 2.0])", "np.mean(x)",
            raises("TypeError", "mean()"), "np.mean calls x.mean with numpy's arguments", "x.mean()",
            "y.item() == 1.5"),
    Pitfall("mixed-operands", "a numpy scalar and a tensor",
            "a = np.float64(2.0)\nx = torch.ones(2, requires_grad=True)",
            "a * x", works("y.dtype == torch.float32"), "a scalar does not widen", "a * x",
            "torch.autograd.grad(y.sum(), x)[0].tolist() == [2.0, 2.0]"),
)  # fmt: skip

ARRAYS = (
    *NEGATIVE_STRIDE, *READONLY_ALIAS, *BYTE_ORDER, *FOREIGN_DTYPE, *WIDENED, *SLOW, *NOT_A_SCALAR, *LOST_METADATA,
    *MIXED_OPERANDS,
)  # fmt: skip
