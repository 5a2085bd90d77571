"""Warnings that were read: why each is right to say of a model that is sound, in one sentence.

A warning says "look here", not "this is broken"; whoever maintains the model can answer with the sentence, which is
what `[tool.embcheck.ignore]` asks for. Read on the installed versions of the libraries, with what drew the tensor open
beside it. A warning that no row explains is listed as unread, and the benchmark fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Read:
    """One cause of one rule's warnings."""

    rule: str
    models: tuple[str, ...]
    """Names, as shell patterns, of the models that it was read on."""
    sentence: str


READ = (
    Read("identical-parameters", ("transformer", "encoder", "text_classifier"),
         "nn.TransformerEncoder makes its layers by deepcopy: what is not drawn again afterwards starts equal in all of them"),
    Read("identical-parameters", ("recbole/LightSANs",),
         "the layers are deep copies, and the weights that `_init_weights` does not draw again stay equal"),
    Read("init-not-applied", ("text_classifier", "sentence-transformers", "torchvision/fcn_resnet50", "torchfm/FFM", "torchfm/FNFM", "pyg/DimeNet"),
         "the model draws its other layers by a law of its own and leaves this one at torch's default; nothing says which is meant"),
    Read("init-not-applied", ("smp/Linknet",),
         "`initialize_decoder` knows Conv2d, Linear and norms: the transposed convolutions keep torch's default"),
    Read("init-not-applied", ("wav2vec2", "unispeech", "wavlm"),
         "`_init_weights` writes U(+-1/sqrt(fan_in)) out for this layer, which is torch's default number for number, beside N(0, 0.02)"),
    Read("norm-gain-wrong", ("mobilevit*",),
         "`_init_weights` draws nn.BatchNorm2d like a convolution, N(0, 0.02): every channel starts divided by 50, half of them negated"),
    Read("norm-gain-wrong", ("recbole/CORE",),
         "`_reset_parameters` draws every parameter from U(+-1/sqrt(d)), the gains of LayerNorm among them"),
    Read("all-zero", ("deit*",),
         "`_init_weights` draws the positions with std 0.02 and, five lines further on, writes zeros over them"),
    Read("all-zero", ("vilt", "vit_msn"),
         "the position table starts at zero, left so or written so: a fresh model knows no positions, where ViT draws them with std 0.02"),
    Read("all-zero", ("xt/hyper", "diffusers/mochi", "diffusers/prior"),
         "it is added to the signal (streams, positions), is torch.zeros and never drawn: only its gradient will tell its rows apart"),
    Read("zero-rows", ("pyg/RGATConv",),
         "`l2` is made by torch.empty and nobody fills it (see defects): this time its memory held zeros"),
    Read("saturated-units", ("switch_transformers*",),
         "the router is drawn with std 1, as Mesh-TensorFlow's factor has it, so that its logits have std sqrt(d): 87% on one expert"),
    Read("saturated-units", ("xt/t5_bias",),
         "the table of relative positions is N(0, 1) and multiplied by sqrt(d) before the softmax: one key takes 91%"),
    Read("vanishing-gradients", ("mlp_gelu", "pyg/EdgeCNN", "pyg/PNA"),
         "torch's default has fan Var W = 1/3 where ReLU needs 2 and GELU 2.35: the gradient's power falls about sevenfold a layer"),
    Read("exploding-activations", ("pyg/GraphUNet",),
         "scores near zero multiply each pooled level, down to 1e-18: every skip connection lifts the sum a hundredfold, the deep levels are not heard"),
    Read("variance-collapse", ("deepctr/PNN",),
         "hidden layers are drawn with a std of 1e-4: the biases drown what differs between inputs"),
    Read("variance-collapse", ("diffusers/tiny_vae",),
         "torch's default before ReLU: the biases outweigh the signal by exp(10) after 20 layers"),
    Read("replica-mismatch", ("recbole/RecVAE",),
         "the composite prior's frozen `encoder_old` is another draw than `encoder` until the first `update_prior()`"),
    Read("logit-scale", ("mt5_seq2seqlm",),
         "the head is not tied and drawn with std 1 (T5 divides by sqrt(d) only where it is tied): the first loss is 30, chance is 6.2"),
    Read("mixed-dtype", ("diffusers/cogvideox",),
         "the table of positions is a float64 buffer of a float32 model, made by numpy and never cast"),
    Read("shared-module", ("timm/coat_tiny",),
         "one encoding of positions is handed to all blocks of a stage, as CoaT means it; the blocks themselves are a stack of their own"),
    Read("scale-too-large", ("timm/*",),
         "one value 100 std out (see defects) raises the std of a matrix of its size by that much"),
    Read("init-not-applied", ("timm/test_maxvit", "timm/vitamin_small_224"),
         "one layer (the head; the pooled projection) keeps torch's default where the model draws all others by a law of its own"),
    Read("padding-row-gets-gradient", ("*_causallm", "*_maskedlm", "*_seq2seqlm"),
         "the head is tied to the table, so that the softmax sends gradient to the padding row: it is zero until the first step"),
)  # fmt: skip


def reason(model: str, rule: str) -> str:
    """The sentence, or "" for a warning that nobody has read."""
    return next((r.sentence for r in READ if r.rule == rule and any(fnmatchcase(model, m) for m in r.models)), "")
