"""Windows to logits: one protocol, two engines that give the same answer."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attrib.windows import Encoding

Logits = NDArray[np.float32]
Ints = NDArray[np.int64]


class Runtime(Protocol):
    """Something that runs the encoder over a batch of windows.

    ``batch_tokens``: how many tokens, padding included, are best run together.
    """

    batch_tokens: int

    def logits(self, batch: Sequence[Encoding]) -> list[Logits]:
        """Return, for each window, logits of shape ``(sentences, classes)`` at its separators."""
        ...


def pad(batch: Sequence[Encoding], pad_id: int) -> tuple[Ints, Ints, Ints]:
    """Return a batch as arrays, its rows made equally long.

    Token ids and attention mask of shape ``(windows, tokens of the longest)``, and the positions of
    the closing separators, ``(windows, sentences of the richest)``, filled up with zeros.
    """
    tokens = max(len(encoding.ids) for encoding in batch)
    sentences = max(len(encoding.closers) for encoding in batch)
    ids = np.full((len(batch), tokens), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    closers = np.zeros((len(batch), sentences), dtype=np.int64)
    for row, encoding in enumerate(batch):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
        closers[row, : len(encoding.closers)] = encoding.closers
    return ids, mask, closers


def unpad(output: Logits, batch: Sequence[Encoding]) -> list[Logits]:
    """Return of ``output`` ``(windows, sentences, classes)`` what belongs to each window."""
    return [output[row, : len(encoding.closers)] for row, encoding in enumerate(batch)]
