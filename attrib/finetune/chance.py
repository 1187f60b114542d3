"""What chance decides of an epoch: in which order windows come, and which words are hidden.

It depends on the seed, the epoch and the window alone, so that a training that goes on from the
middle of an epoch draws what it would have drawn. This module knows nothing of models or losses.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any

import numpy as np
import torch  # noqa: TID253 - this package is the training; nothing light imports it
from transformers import TrainerCallback, TrainerState  # noqa: TID253
from transformers.trainer_pt_utils import LengthGroupedSampler  # noqa: TID253

Batch = dict[str, list[list[Any]]]


class Chance(TrainerCallback):
    """Draws by ``seed`` and epoch; a training tells it, as a callback, which epoch begins."""

    def __init__(self, seed: int) -> None:
        """Begin before the first epoch."""
        self._seed = seed
        self._epoch = 0

    def on_epoch_begin(self, args: Any, state: TrainerState, control: Any, **more: Any) -> None:
        """Turn to the epoch that begins, or that a training goes on in."""
        del args, control, more
        self._epoch = int(state.epoch or 0)

    def draws(self, *of: int) -> np.random.Generator:
        """Return draws of this epoch for something numbered ``of``."""
        return np.random.default_rng((self._seed, self._epoch, *of))


class ByLength(LengthGroupedSampler):
    """Windows in a new order each epoch, those of like length together in a step."""

    def __init__(self, a_step: int, lengths: Sequence[int], chance: Chance) -> None:
        """Take how many windows ``a_step`` has, and the ``lengths`` of all in tokens."""
        super().__init__(a_step, lengths=list(lengths))
        self._chance = chance

    def __iter__(self) -> Iterator[int]:
        """Return the indices of the windows in the order of this epoch."""
        seed = int(self._chance.draws().integers(2**63))
        self.generator = torch.Generator().manual_seed(seed)
        indices: Iterator[int] = super().__iter__()  # type: ignore[no-untyped-call]
        return indices


def masking(mask: int, kept: Set[int], share: float, chance: Chance) -> Callable[[Batch], Batch]:
    """Return a transform that hides a random ``share`` of the tokens, others in each epoch.

    Tokens in ``kept`` are left alone. A model that cannot count on any one word learns fewer names
    and topics by heart.
    """

    def hide(batch: Batch) -> Batch:
        hidden = []
        for ids in batch["input_ids"]:
            window = zlib.crc32(np.asarray(ids, dtype="<i4").tobytes())
            chosen = (chance.draws(window).random(len(ids)) < share).tolist()
            pairs = zip(ids, chosen, strict=True)
            hidden.append([mask if c and i not in kept else i for i, c in pairs])
        return {**batch, "input_ids": hidden}

    return hide
