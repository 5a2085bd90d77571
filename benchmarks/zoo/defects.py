"""Errors that are right: defects of the installed versions of libraries, each in one sentence."""

from __future__ import annotations

DEFECTS: dict[tuple[str, str], str] = {
    (
        "recbole/",
        "padding-row-not-zero",
    ): "its initializers draw over the row that nn.Embedding zeroed and gives no gradient: it is noise for ever",
    ("recbole/", "unregistered"): "a tensor that requires a gradient is kept as a plain attribute",
    ("modernbert", "padding-row-not-zero"): "`_init_weights` draws the table and does not zero its padding row again",
    (
        "pyg/RGATConv",
        "garbage-values",
    ): "`l2` is made by torch.empty; `torch.full(self.l2.size(), ...)` fills another one",
    ("pyg/RGATConv", "not-finite"): "the same memory, where it happens to hold NaN",
    (
        "diffusers/tiny_vae",
        "dead-gradient",
    ): "its forward casts the latents to uint8: no gradient ever reaches the encoder",
    ("diffusers/tiny_vae", "vanishing-gradients"): "the same: the gradient is exactly zero before the cast",
    ("timm/", "outliers"): "`trunc_normal_` takes erfinv(-1) = -inf once in 2^24 and clamps it to -2, 100 std out",
    ("timm/", "outlier-row"): "the row of that value",
    (
        "deepctr/PNN",
        "vanishing-gradients",
    ): "hidden layers are drawn with a std of 1e-4: the first layer's gradient is 2e-5",
}
"""(Start of the model's name, rule) -> what is wrong with it."""


def known(model: str, rule: str) -> str:
    """The sentence, or "" for an error that nothing explains."""
    return next((why for (start, name), why in DEFECTS.items() if model.startswith(start) and name == rule), "")
