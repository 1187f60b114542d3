"""An encoder in the form that is exported: the same answers for fewer operations.

Labels are read at the separators, so in the last layer only they need queries, a residual and the
feed-forward block; of the other tokens it needs keys and values. Attention becomes one operation of
ONNX Runtime. Heads and units that nothing reads are left out. All of it is known for encoders built
like BERT's (BERT, RoBERTa, ELECTRA); others compute the whole layer, of which the separators are
then picked. This module knows one operation of ONNX Runtime, and nothing of files.
"""

from typing import Any

import torch  # noqa: TID253 - only the export imports this module
from torch import Tensor, nn  # noqa: TID253
from transformers import PreTrainedModel  # noqa: TID253

from attrib.parts import heads_of, layers_of, units_of


class AtClosers(nn.Module):
    """A token classifier that answers at given positions of one window.

    Called with ids ``(1, tokens)`` and positions ``(1, sentences)``, it returns logits
    ``(1, sentences, classes)``. The model given is changed.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        """Take a token classifier of any kind."""
        super().__init__()
        self.model = model
        self.last = _rebuilt(model)

    def forward(self, input_ids: Tensor, closers: Tensor) -> Tensor:
        """Return the logits at ``closers``."""
        # The mask hides nothing. It is given because without one an encoder may leave out masks
        # of its own where those hide nothing of the window that the export happens to show it.
        mask = torch.ones_like(input_ids)
        if self.last is not None:
            self.last.closers = closers
        logits: Tensor = self.model(input_ids=input_ids, attention_mask=mask).logits
        return logits if self.last is not None else _rows(logits, closers)


class _Attention(nn.Module):
    """BERT's self-attention block of a layer, asked at ``closers`` only, or at all tokens."""

    closers: Tensor | None = None

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.heads = int(heads_of(layer).narrow().sum())
        read, self.output = layer.attention.self, layer.attention.output
        self.query, self.key, self.value = read.query, read.key, read.value

    def forward(self, hidden: Tensor, *_: Any, **__: Any) -> tuple[Tensor, None]:
        asking = hidden if self.closers is None else _rows(hidden, self.closers)
        seen = _Fused.apply(  # type: ignore[no-untyped-call]
            self.query(asking), self.key(hidden), self.value(hidden), self.heads
        )
        return self.output(seen, asking), None


class _Fused(torch.autograd.Function):
    """Attention over heads that lie side by side; in a graph, the operation of ONNX Runtime."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        """Return what is seen, ``(1, queries, width)``, of inputs ``(1, tokens, width)``."""
        del ctx
        q, k, v = (x.reshape(*x.shape[:2], heads, -1).transpose(1, 2) for x in (query, key, value))
        return nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        """Return the operation that stands for it in a graph."""
        named = "com.microsoft::MultiHeadAttention"
        return graph.op(named, query, key, value, num_heads_i=heads).setType(query.type())


def _rebuilt(model: PreTrainedModel) -> _Attention | None:
    """Put the attention above into the layers of ``model``; return the last, if it fits there."""
    last = None
    for layer in layers_of(model):
        layer.attention = last = _Attention(layer)
        units_of(layer).narrow()
    return last


def _rows(vectors: Tensor, at: Tensor) -> Tensor:
    """Pick from ``vectors`` ``(windows, tokens, width)`` those at ``(windows, sentences)``."""
    return vectors.gather(1, at.unsqueeze(-1).expand(-1, -1, vectors.shape[-1]))
