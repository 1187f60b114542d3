"""The last layer of an encoder at the separators alone: the same answers for fewer operations.

Labels are read at the separators, so in the last layer only they need queries, a residual and the
feed-forward block; of the other tokens it needs keys and values. It is known for encoders built
like BERT's (BERT, RoBERTa, ELECTRA); others compute the whole layer, of which the separators are
then picked. This module does not know what the graph is exported to.
"""

from typing import Any

import torch  # noqa: TID253 - only the export imports this module
from torch import Tensor, nn  # noqa: TID253
from transformers import PreTrainedModel  # noqa: TID253


class AtClosers(nn.Module):
    """A token classifier that answers at given positions.

    Called with ids and mask ``(windows, tokens)`` and positions ``(windows, sentences)``, it
    returns logits ``(windows, sentences, classes)``. The model given is changed.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        """Take a token classifier of any kind."""
        super().__init__()
        self.model = model
        self.attention = _shorten(model)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, closers: Tensor) -> Tensor:
        """Return the logits at ``closers``."""
        if self.attention is not None:
            self.attention.closers = closers
        logits: Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits if self.attention is not None else _rows(logits, closers)


class _Attention(nn.Module):
    """BERT's self-attention block, asked at ``closers`` only."""

    closers: Tensor

    def __init__(self, whole: Any) -> None:
        super().__init__()
        self.whole = whole

    def forward(
        self, hidden: Tensor, mask: Tensor | None = None, *_: Any, **__: Any
    ) -> tuple[Tensor, None]:
        asking, read = _rows(hidden, self.closers), self.whole.self
        query, key, value = (
            vectors.unflatten(-1, (read.num_attention_heads, -1)).transpose(1, 2)
            for vectors in (read.query(asking), read.key(hidden), read.value(hidden))
        )
        scores = query @ key.transpose(2, 3) * read.attention_head_size**-0.5
        if mask is not None:
            scores = scores + mask[:, :, :1]  # it hides the padding, alike for each query
        seen = torch.softmax(scores, -1) @ value
        return self.whole.output(seen.transpose(1, 2).flatten(2), asking), None


def _shorten(model: PreTrainedModel) -> _Attention | None:
    """Put the short attention into the last layer of ``model`` and return it, if it fits there."""
    last = getattr(getattr(model.base_model, "encoder", None), "layer", [None])[-1]
    read = getattr(getattr(last, "attention", None), "self", None)
    plain = getattr(read, "position_embedding_type", "absolute") == "absolute"
    if not plain or model.config.model_type not in ("bert", "roberta", "electra", "xlm-roberta"):
        return None
    last.attention = short = _Attention(last.attention)
    return short


def _rows(vectors: Tensor, at: Tensor) -> Tensor:
    """Pick from ``vectors`` ``(windows, tokens, width)`` those at ``(windows, sentences)``."""
    return vectors.gather(1, at.unsqueeze(-1).expand(-1, -1, vectors.shape[-1]))
