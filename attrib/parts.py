"""The parts of an encoder built like BERT's: attention heads, and units of feed-forward blocks.

A part is made by some rows of matrices and read by some columns of another. It is silent when what
reads it is all zeros: then nothing that it makes is heard, and it can be left out. Where what makes
it is all zeros, too, it gets no gradient, so that further training leaves it silent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch  # noqa: TID253 - only training and export import this module
from torch import Tensor, nn  # noqa: TID253
from transformers import PreTrainedModel  # noqa: TID253

_LIKE_BERT = ("bert", "roberta", "electra", "xlm-roberta")
_TOGETHER = 16  # units, of which a vector register holds so many


@dataclass(frozen=True, slots=True)
class Parts:
    """The heads of a layer, or its units: what makes them, what reads them, the columns of one.

    Where silent ones are left out, those that stay are a multiple of ``together``, not nought.
    """

    making: Sequence[nn.Linear]
    reading: nn.Linear
    size: int
    together: int

    @property
    def count(self) -> int:
        """How many parts there are."""
        return self.reading.in_features // self.size

    @property
    def heard(self) -> Tensor:
        """Whether each part is heard, ``(parts,)``."""
        return self.reading.weight.detach().ne(0).any(0).reshape(-1, self.size).any(1)

    def silence(self, silent: Tensor) -> None:
        """Put zeros where the parts ``silent``, ``(parts,)``, are made and read."""
        at = silent.repeat_interleave(self.size)
        with torch.no_grad():
            self.reading.weight[:, at] = 0
            for made in self.making:
                made.weight[at] = 0
                made.bias[at] = 0

    def narrow(self) -> Tensor:
        """Leave out what is silent, but for what fills a multiple; return the kept, ``(parts,)``.

        The matrices are others afterwards.
        """
        heard = self.heard
        missing = -int(heard.sum()) % self.together if heard.any() else self.together
        kept = heard | (heard.logical_not().cumsum(0) <= missing)
        at = kept.repeat_interleave(self.size)
        _change(self.reading, "weight", lambda weight: weight[:, at])
        for made in self.making:
            _change(made, "weight", lambda weight: weight[at])
            _change(made, "bias", lambda bias: bias[at])
        return kept

    def widen(self, kept: Tensor) -> None:
        """Put zeros where ``narrow`` left out what is not ``kept``, ``(parts,)``."""
        at = kept.repeat_interleave(self.size)

        def spread(rows: Tensor) -> Tensor:
            whole = rows.new_zeros(len(at), *rows.shape[1:])
            whole[at] = rows
            return whole

        _change(self.reading, "weight", lambda weight: spread(weight.T).T)
        for made in self.making:
            _change(made, "weight", spread)
            _change(made, "bias", spread)


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


def heads_of(layer: Any) -> Parts:
    """Return the attention heads of a layer."""
    read = layer.attention.self
    making = read.query, read.key, read.value
    return Parts(making, layer.attention.output.dense, read.attention_head_size, 1)


def units_of(layer: Any) -> Parts:
    """Return the units of a layer's feed-forward block."""
    return Parts([layer.intermediate.dense], layer.output.dense, 1, _TOGETHER)


def parts_of(model: PreTrainedModel) -> list[Parts]:
    """Return heads and units of each layer; none where the encoder is not built like BERT's."""
    return [parts for layer in layers_of(model) for parts in (heads_of(layer), units_of(layer))]


def _change(linear: nn.Linear, name: str, to: Callable[[Tensor], Tensor]) -> None:
    """Put what ``to`` makes of a matrix or vector of ``linear`` in its place."""
    held: nn.Parameter = getattr(linear, name)
    changed = to(held.detach()).clone(memory_format=torch.contiguous_format)
    setattr(linear, name, nn.Parameter(changed, held.requires_grad))
    linear.out_features, linear.in_features = linear.weight.shape
