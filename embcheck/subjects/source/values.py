"""What is known of a value without running anything: is it a tensor, where is it, does it require grad."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Value:
    """An abstract value; "unknown" is the top of each of its three lattices."""

    kind: str = "unknown"
    """``tensor``, ``array``, ``module``, ``moved`` (one of these two, after `.to(device)`), ``state`` (a state dict),
    ``function`` (a module without parameters), ``list`` (of what `element` says), ``other``."""
    device: str = "unknown"
    """``cpu``, or ``any`` for what follows a model or was moved to a device that the code does not name."""
    grad: str = "unknown"
    """``no``, ``yes``."""
    element: Value | None = None
    """Of a list, a tuple or an iterator."""
    origin: str = ""
    """In words, where it comes from: ``the output of a module``."""

    def on(self, device: str) -> Value:
        """The same value on another device."""
        return replace(self, device=device)

    def without_grad(self) -> Value:
        """The same value, cut off the graph."""
        return replace(self, grad="no")

    def like(self) -> Value:
        """What a method or an operator gives: a tensor in the same place."""
        return replace(self, kind="tensor", element=None) if self.kind == "tensor" else self

    @property
    def ready(self) -> bool:
        """Whether numpy can read it."""
        return self.kind == "array" or (self.device == "cpu" and self.grad == "no")


UNKNOWN = Value()
OTHER = Value("other", "cpu", "no")
ARRAY = Value("array", "cpu", "no")
CPU = Value("tensor", "cpu", "no")
MODULE = Value("module", "any", "yes", origin="a module")
FUNCTION = Value("function", "any", "no", origin="a module without parameters")
"""A loss or an activation: what it gives is where its arguments are, and in the graph only if they are."""
OUTPUT = Value("tensor", "any", "yes", origin="the output of a module")
PARAMETER = Value("tensor", "any", "yes", origin="a parameter")
BUFFER = Value("tensor", "any", "no", origin="a buffer")
STATE = Value("state", "any", "no", element=Value("tensor", "any", "no", origin="a state dict"), origin="a state dict")


def listed(element: Value) -> Value:
    """A list, or any iterable, of such values."""
    return Value("list", element.device, element.grad, element)


def joined(one: Value, other: Value) -> Value:
    """Either of the two: what they agree on."""
    if one == other:
        return one
    return Value(
        one.kind if one.kind == other.kind else "unknown",
        one.device if one.device == other.device else "unknown",
        one.grad if one.grad == other.grad else "unknown",
        joined(one.element, other.element) if one.element and other.element else None,
        one.origin or other.origin,
    )


def combined(values: list[Value]) -> Value:
    """What an operation of torch gives for these operands. Tensors of one operation are on one device."""
    tensors = [v for v in values if v.kind in {"tensor", "moved"}]
    tensors += [v.element for v in values if v.kind == "list" and v.element and v.element.kind == "tensor"]
    unknown = any(v.kind == "unknown" for v in values)
    if not tensors:
        return replace(UNKNOWN, kind="tensor") if unknown else CPU
    devices = {t.device for t in tensors}
    device = "any" if "any" in devices else "cpu" if "cpu" in devices else "unknown"
    grads = {t.grad for t in tensors} | ({"unknown"} if unknown else set())
    grad = "yes" if "yes" in grads else "unknown" if "unknown" in grads else "no"
    origin = next((t.origin for t in tensors if t.origin), "")
    return Value("tensor", device, grad, origin=origin)
