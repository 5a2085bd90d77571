"""transformers with the heads that people train: language models, tied and not, and classifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoo import Sound
from zoo.hub import configuration, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

CAUSAL = ("bloom", "codegen", "cohere", "falcon", "gemma", "gemma2", "glm", "gpt2", "gpt_bigcode", "gpt_neox", "gptj", "granite",
          "llama", "mamba", "mamba2", "mistral", "mixtral", "mpt", "olmo", "olmo2", "olmoe", "opt", "phi", "phi3", "qwen2", "qwen3",
          "qwen3_moe", "rwkv", "stablelm", "starcoder2", "xglm", "biogpt", "ctrl", "persimmon")  # fmt: skip
SEQ2SEQ = ("bart", "blenderbot", "led", "m2m_100", "marian", "mbart", "mt5", "pegasus", "plbart", "t5", "umt5", "prophetnet", "longt5",
           "switch_transformers")  # fmt: skip
MASKED = ("albert", "bert", "camembert", "convbert", "deberta", "deberta-v2", "distilbert", "electra", "ernie", "fnet", "ibert",
          "longformer", "mobilebert", "mpnet", "nystromformer", "rembert", "roberta", "roformer", "squeezebert", "xlm", "xlm-roberta",
          "modernbert", "xmod", "yoso")  # fmt: skip
IMAGE = ("beit", "bit", "convnext", "convnextv2", "deit", "dinov2", "focalnet", "levit", "mobilenet_v1", "mobilenet_v2", "mobilevit",
         "poolformer", "pvt", "regnet", "resnet", "segformer", "swin", "swinv2", "vit")  # fmt: skip
CLASSIFIERS = ("bert", "distilbert", "roberta", "gpt2", "llama", "bart", "t5", "electra", "deberta-v2", "albert")


def models() -> Iterator[Sound]:
    """One entry a head."""
    import transformers

    transformers.logging.set_verbosity_error()
    for auto, kinds in (
        ("AutoModelForCausalLM", CAUSAL),
        ("AutoModelForSeq2SeqLM", SEQ2SEQ),
        ("AutoModelForMaskedLM", MASKED),
        ("AutoModelForImageClassification", IMAGE),
        ("AutoModelForSequenceClassification", CLASSIFIERS),
    ):
        short = auto.removeprefix("AutoModelFor").lower()
        for kind in kinds:
            yield Sound(f"{kind}_{short}", "transformers", lambda a=auto, k=kind: _headed(a, k), inputs_of)


def _headed(auto: str, kind: str) -> nn.Module:
    import transformers

    return getattr(transformers, auto).from_config(configuration(kind))
