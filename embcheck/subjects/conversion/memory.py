"""Pitfalls of memory: shared where one thinks it is copied, copied where one thinks it is shared."""

from __future__ import annotations

from embcheck.subjects.conversion.pitfall import Pitfall, silently, works

_ARRAY = "a = np.ones(2, dtype=np.float32)"
_TENSOR = "x = torch.ones(2)"
_SEEN = "a.__setitem__(0, 7.0) is None and y.reshape(-1)[0].item() == 7.0"
_UNSEEN = "a.__setitem__(0, 7.0) is None and y.reshape(-1)[0].item() == 1.0"
_FOLLOWS = "x.fill_(7.0) is x and np.asarray(y).reshape(-1)[0] == 7.0"
_STAYS = "x.fill_(7.0) is x and np.asarray(y).reshape(-1)[0] == 1.0"

_TO_TORCH = tuple(
    Pitfall("shared-memory", "a float32 array", _ARRAY, operation, silently("shares", _SEEN), why, safe, _UNSEEN)
    for operation, why, safe in (
        ("torch.from_numpy(a)", "one block of memory, two names", "torch.from_numpy(a).clone()"),
        ("torch.as_tensor(a)", "it copies only if dtype or device differ", "torch.tensor(a)"),
        ("torch.asarray(a)", "it copies only if it must", "torch.asarray(a, copy=True)"),
        ("torch.from_dlpack(a)", "DLPack never copies unless asked", "torch.from_dlpack(a).clone()"),
        ("torch.Tensor(a)", "torch.Tensor shares a float32 array and copies any other", "torch.tensor(a)"),
        ("torch.nn.Parameter(torch.from_numpy(a)).detach()", "a parameter wraps the tensor it is given",
         "torch.nn.Parameter(torch.from_numpy(a).clone()).detach()"),
        ("torch.nn.Embedding.from_pretrained(torch.from_numpy(a)[None]).weight",
         "from_pretrained wraps the tensor it is given: training writes into the array, and the array into training",
         "torch.nn.Embedding.from_pretrained(torch.from_numpy(a).clone()[None]).weight"),
        ("torch.nn.Embedding(1, 2, _weight=torch.from_numpy(a)[None]).weight.detach()",
         "_weight is wrapped, not copied",
         "torch.nn.Embedding(1, 2, _weight=torch.from_numpy(a).clone()[None]).weight.detach()"),
    )
)  # fmt: skip

_TO_NUMPY = tuple(
    Pitfall("shared-memory", "a tensor", _TENSOR, operation, silently("shares", _FOLLOWS), why, safe, _STAYS)
    for operation, why, safe in (
        ("x.numpy()", "one block of memory, two names", "x.numpy().copy()"),
        ("np.asarray(x)", "np.asarray calls x.numpy()", "np.asarray(x).copy()"),
        ("np.from_dlpack(x)", "DLPack never copies unless asked", "np.from_dlpack(x).copy()"),
        ("x.numpy(force=True)", "force=True copies only where it must", "x.numpy(force=True).copy()"),
        ("x.cpu()", "on the CPU, cpu() gives the tensor itself", "x.cpu().clone()"),
        ("x.float()", "a conversion to the same dtype gives the tensor itself", "x.float().clone()"),
        ("x.detach()", "detach() cuts the graph, not the memory", "x.detach().clone()"),
    )
)

_NET = "net = torch.nn.Linear(1, 1, bias=False)\ntorch.nn.init.ones_(net.weight)"
_TRAIN = "torch.nn.init.constant_(net.weight, 5.0) is net.weight"
_NOT_BEST = f"{_TRAIN} and y['weight'].item() == 5.0"
_BEST = f"{_TRAIN} and y['weight'].item() == 1.0"

_STATE_DICT = tuple(
    Pitfall("shared-memory", "state_dict() kept as the best", _NET, operation, silently("shares", _NOT_BEST),
            "the state dict holds the parameters' own memory: the best becomes the last", safe, _BEST)
    for operation, safe in (
        ("net.state_dict()", "copy.deepcopy(net.state_dict())"),
        ("dict(net.state_dict())", "{name: value.clone() for name, value in net.state_dict().items()}"),
        ("net.state_dict().copy()", "copy.deepcopy(net.state_dict())"),
        ("copy.copy(net).state_dict()", "copy.deepcopy(net).state_dict()"),
    )
)  # fmt: skip

_LOADED = "\na = np.full((1, 1), 3.0, dtype=np.float32)\nstate = {'weight': torch.from_numpy(a)}"

_OTHERS = (
    Pitfall("shared-memory", "load_state_dict with assign=True", _NET + _LOADED,
            "net.load_state_dict(state, assign=True)",
            silently("shares", "a.fill(7.0) is None and net.weight.item() == 7.0"),
            "assign=True puts the given tensors in place instead of copying their values",
            "net.load_state_dict(copy.deepcopy(state), assign=True)",
            "a.fill(7.0) is None and net.weight.item() == 3.0"),
    Pitfall("shared-memory", "an expanded tensor", "x = torch.zeros(1).expand(3)\na = x.numpy()",
            "a.__setitem__(0, 7.0)",
            silently("shares", "a.tolist() == [7.0, 7.0, 7.0]"),
            "its three elements are one; torch refuses to write there, numpy does not know",
            "x.contiguous().numpy().__setitem__(0, 7.0)", "x.tolist() == [0.0, 0.0, 0.0]"),
    Pitfall("shared-memory", "a transposed tensor", "x = torch.arange(6.0).reshape(2, 3)\na = x.T.numpy()",
            "a.__setitem__((2, 1), 7.0)", silently("shares", "x[1, 2].item() == 7.0"),
            "a tensor that is not contiguous converts without a copy too", "a.copy().__setitem__((2, 1), 7.0)",
            "x[1, 2].item() == 5.0"),
    Pitfall("shared-memory", "an edit through numpy before backward",
            "x = torch.tensor([2.0, 3.0], requires_grad=True)\nloss = (x * x * x).sum()",
            "x.detach().numpy().fill(0.0)",
            silently("wrong gradient", "torch.autograd.grad(loss, x)[0].tolist() != [12.0, 27.0]"),
            "autograd counts torch's own in-place edits and raises; it does not see numpy's",
            "x.detach().numpy().copy().fill(0.0)", "torch.autograd.grad(loss, x)[0].tolist() == [12.0, 27.0]"),
)  # fmt: skip

SHARED = (*_TO_TORCH, *_TO_NUMPY, *_STATE_DICT, *_OTHERS)

COPIED = (
    Pitfall("copied-memory", "an array", _ARRAY, "torch.tensor(a)", silently("copies", _UNSEEN),
            "torch.tensor always copies", "torch.from_numpy(a)", _SEEN),
    Pitfall("copied-memory", "a float64 array", "a = np.ones(2)", "torch.Tensor(a)",
            silently("copies", _UNSEEN + " and y.dtype == torch.float32"),
            "torch.Tensor is float32: any other dtype is converted into new memory",
            "torch.from_numpy(a)", _SEEN),
    Pitfall("copied-memory", "a float64 array", "a = np.ones(2)", "torch.as_tensor(a, dtype=torch.float32)",
            silently("copies", _UNSEEN), "another dtype needs other memory", "torch.from_numpy(a)", _SEEN),
    Pitfall("copied-memory", "a tensor", _TENSOR, "np.asarray(x, dtype=np.float64)", silently("copies", _STAYS),
            "another dtype needs other memory", "np.asarray(x)", _FOLLOWS),
    Pitfall("copied-memory", "a table copied into a layer",
            _NET + "\na = np.full((1, 1), 3.0, dtype=np.float32)",
            "net.load_state_dict({'weight': torch.from_numpy(a)})",
            silently("copies", "a.fill(7.0) is None and net.weight.item() == 3.0"),
            "load_state_dict copies values into the parameters that are there",
            "net.load_state_dict({'weight': torch.from_numpy(a)}, assign=True)",
            "a.fill(7.0) is None and net.weight.item() == 7.0"),
    Pitfall("copied-memory", "a transposed tensor", "x = torch.ones(2, 3)", "x.T.reshape(-1).numpy()",
            silently("copies", _STAYS), "reshape copies where no view exists", "x.view(-1).numpy()", _FOLLOWS),
    Pitfall("copied-memory", "a tensor", _TENSOR, "x.tolist()", works("x.fill_(7.0) is x and y == [1.0, 1.0]"),
            "Python numbers are always copies", "x.tolist()", "y == [1.0, 1.0]"),
)  # fmt: skip

MEMORY = (*SHARED, *COPIED)
