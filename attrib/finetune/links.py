"""Learning which sentences clash, beside their labels: it teaches where to look for the other side.

The head is trained with the encoder and left out of the model that is saved. It scores each pair of
sentences of a window by the product of two projections of their separators' last hidden states, as
in biaffine parsing (Dozat and Manning 2017, without the linear terms).
"""

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from torch import Tensor, nn  # noqa: TID253
from torch.utils.hooks import RemovableHandle  # noqa: TID253
from transformers import PreTrainedModel  # noqa: TID253

_WIDTH = 64
_RARE = -4.0  # few of all pairs clash, so the first guess is no


class Links(nn.Module):
    """Scores pairs of tokens of the batch that its model read last."""

    def __init__(self, width: int) -> None:
        """Make the head for an encoder of ``width``."""
        super().__init__()
        self.asking = nn.Linear(width, _WIDTH)
        self.answering = nn.Linear(width, _WIDTH)
        self.bias = nn.Parameter(torch.tensor(_RARE))
        self.seeing: RemovableHandle | None = None
        self._hidden: Tensor | None = None

    def forward(self) -> Tensor:
        """Return logits ``(windows, tokens, tokens)`` that the first token clashes with the second.

        Raises:
            ValueError: if the model has read nothing yet.
        """
        if self._hidden is None:
            raise ValueError("expected a batch that the model has read, found none")
        asking, answering = self.asking(self._hidden), self.answering(self._hidden)
        logits: Tensor = asking @ answering.transpose(1, 2) / _WIDTH**0.5 + self.bias
        return logits.float()

    def see(self, module: nn.Module, inputs: tuple[Tensor]) -> None:  # noqa: ARG002 - a hook's shape
        """Keep what the classifier reads."""
        self._hidden = inputs[0]


def attach(model: PreTrainedModel) -> Links:
    """Give ``model`` the head, so that it is optimized and checkpointed with it."""
    links = Links(model.config.hidden_size)
    model.links = links
    links.seeing = model.classifier.register_forward_pre_hook(links.see)  # type: ignore[union-attr]
    return links


def detach(model: PreTrainedModel) -> None:
    """Take the head off again, if there is one."""
    if hasattr(model, "links"):
        model.links.seeing.remove()  # type: ignore[union-attr,operator]
        del model.links


def link_loss(logits: Tensor, links: Tensor) -> Tensor:
    """Return the cross-entropy of pairs, summed over each sentence's partners, a mean sentence.

    ``links`` ``(windows, tokens, tokens)`` holds 1 where two sentences clash, 0 where they do not,
    and a negative number where nothing is known.
    """
    known = links >= 0
    asking = known.any(-1).sum().clamp(min=1)
    return (
        nn.functional.binary_cross_entropy_with_logits(logits[known], links[known], reduction="sum")
        / asking
    )
