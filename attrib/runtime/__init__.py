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
