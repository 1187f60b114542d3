"""Windows to logits: one protocol, two engines that give the same answer."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attrib.windows import Encoding

Logits = NDArray[np.float32]


class Runtime(Protocol):
    """Something that runs the encoder over a batch of windows.

    ``batch_tokens``: how many tokens, padding included, are best run together.
    """

    batch_tokens: int

    def logits(self, batch: Sequence[Encoding]) -> list[Logits]:
        """Return, for each window, logits of shape ``(sentences, classes)`` at its separators."""
        ...


def pad(batch: Sequence[Encoding], pad_id: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return token ids and attention mask, each of shape ``(windows, tokens of the longest)``."""
    longest = max(len(encoding.ids) for encoding in batch)
    ids = np.full((len(batch), longest), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(batch):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    return ids, mask


def at_closers(output: Logits, batch: Sequence[Encoding]) -> list[Logits]:
    """Pick from ``output`` ``(windows, tokens, classes)`` what stands at the closing separators."""
    return [output[row, list(encoding.closers)] for row, encoding in enumerate(batch)]
