"""The parts of an encoder built like BERT's: attention heads, and units of feed-forward blocks.

A part is made by some rows of matrices and read by some columns of another. It is silent when what
reads it is all zeros: then nothing that it makes is heard, and it can be left out. Where what makes
it is all zeros, too, it gets no gradient, so that further training leaves it silent.
"""

from collections.abc import Sequence
from typing import Any

import torch  # noqa: TID253 - only training and export import this module
from torch import Tensor, nn  # noqa: TID253
from transformers import PreTrainedModel  # noqa: TID253

_LIKE_BERT = ("bert", "roberta", "electra", "xlm-roberta")


def layers_of(model: PreTrainedModel) -> Sequence[Any]:
    """Return the layers of an encoder built like BERT's; none of another kind."""
    config = model.config
    plain = getattr(config, "position_embedding_type", "absolute") == "absolute"
    reads_all = plain and not getattr(config, "is_decoder", False)
    if not reads_all or config.model_type not in _LIKE_BERT:
        return ()
    encoder: Any = model.base_model.encoder
    layers: Sequence[Any] = encoder.layer
    return layers


def speaking(reading: nn.Linear, size: int) -> Tensor:
    """Say of each part, ``size`` columns of ``reading``, whether it is heard: ``(parts,)``."""
    return reading.weight.detach().ne(0).any(0).reshape(-1, size).any(1)


def silence(making: Sequence[nn.Linear], reading: nn.Linear, silent: Tensor) -> None:
    """Put zeros where the parts ``silent``, ``(parts,)``, are made and read."""
    at = silent.repeat_interleave(reading.in_features // len(silent))
    with torch.no_grad():
        reading.weight[:, at] = 0
        for made in making:
            made.weight[at] = 0
            made.bias[at] = 0


def narrow(making: Sequence[nn.Linear], reading: nn.Linear, kept: Tensor) -> list[nn.Linear]:
    """Return ``making`` and ``reading`` with the parts ``kept``, ``(parts,)``, alone."""
    at = kept.repeat_interleave(reading.in_features // len(kept))
    made = [_linear(whole.weight[at], whole.bias[at]) for whole in making]
    return [*made, _linear(reading.weight[:, at], reading.bias)]


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    linear = nn.Linear(weight.shape[1], weight.shape[0])
    linear.weight = nn.Parameter(weight.detach().clone())
    linear.bias = nn.Parameter(bias.detach().clone())
    return linear
