"""The engine of training and of GPUs: the same encoder, from its safetensors, in torch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attrib.errors import ModelError
from attrib.modelfolder import CONFIG, WEIGHTS, ModelFolder
from attrib.runtime import Logits
from attrib.windows import Encoding

_Ints = NDArray[np.int64]


class TorchRuntime:
    """Runs the weights of a model folder on ``device``."""

    batch_tokens = 4096

    def __init__(self, folder: ModelFolder, device: str = "cpu", dtype: str = "float32") -> None:
        """Load the weights; ``dtype`` is torch's name of the precision to compute in.

        Raises:
            ModelError: if the weights are damaged, or torch or transformers is not installed.
        """
        try:
            import torch
            from transformers import AutoModelForTokenClassification
        except ModuleNotFoundError as error:
            raise ModelError(
                f"device {device!r}: expected torch and transformers, found no {error.name}; "
                "install them with: pip install 'attrib[train]'"
            ) from error

        folder.verified(CONFIG)
        folder.verified(WEIGHTS)
        self._torch = torch
        try:
            self._model = AutoModelForTokenClassification.from_pretrained(
                folder.path,
                dtype=getattr(torch, dtype),
                local_files_only=True,
                use_safetensors=True,
            )
        except Exception as error:  # safetensors and transformers raise classes of their own
            raise ModelError(
                f"{folder.path / WEIGHTS}: expected the weights of {CONFIG}, found "
                f"{str(error).splitlines()[0]}; copy the whole folder again"
            ) from error
        self._model = self._model.eval().to(device)
        self._pad = folder.manifest.layout.pad

    def logits(self, batch: Sequence[Encoding]) -> list[Logits]:
        """Return, for each window, logits of shape ``(sentences, classes)`` at its separators."""
        ids, mask, closers = _padded(batch, self._pad)
        tokens, seen = (self._torch.from_numpy(a).to(self._model.device) for a in (ids, mask))
        with self._torch.inference_mode():
            output = self._model(input_ids=tokens, attention_mask=seen).logits.float().cpu().numpy()
        judged = np.take_along_axis(output, closers[..., None], axis=1)
        return [judged[row, : len(encoding.closers)] for row, encoding in enumerate(batch)]


def _padded(batch: Sequence[Encoding], pad_id: int) -> tuple[_Ints, _Ints, _Ints]:
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
