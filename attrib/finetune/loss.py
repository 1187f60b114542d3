"""What is learned from (the loss), and what is told of it (the figures on dev)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch  # noqa: TID253 - this package is the training; nothing light imports it
from transformers import EvalPrediction  # noqa: TID253

from attrib import metrics
from attrib.checker import softmax
from attrib.classes import CLASSES, FOLD, LABELS, ModelClass
from attrib.finetune.rows import IGNORED
from attrib.settings import TrainSettings


def dev_metrics(prediction: EvalPrediction) -> dict[str, float]:
    """Return accuracy, macro-F1 and the F1 of each label that occurs, for the Trainer's log."""
    logits, gold = np.asarray(prediction.predictions), np.asarray(prediction.label_ids)
    at = gold[..., 0] != IGNORED
    predicted = (softmax(logits[at]) @ FOLD).argmax(axis=-1)
    labels = (gold[at] @ FOLD).argmax(axis=-1)
    each = metrics.per_label(labels, predicted)
    return {
        "accuracy": metrics.accuracy(labels, predicted),
        "macro_f1": metrics.macro_f1(labels, predicted),
        **{
            f"f1_{label}": scores.f1
            for label, scores in zip(LABELS, each, strict=True)
            if scores.f1 is not None
        },
    }


def loss_function(settings: TrainSettings) -> Callable[..., torch.Tensor]:
    """Return cross-entropy at the separators: weighted, smoothed, focal (Lin et al. 2017).

    Where a teacher gave probabilities it is the distillation loss of Hinton et al. (2015), neither
    weighted nor smoothed: they hold the teacher's own weights and doubts.
    """
    weights = torch.ones(len(CLASSES))
    weights[CLASSES.index(ModelClass.CONTESTED)] = settings.contested_weight
    weights[CLASSES.index(ModelClass.ATTRIBUTED_UNNAMED)] = settings.unnamed_weight
    smoothing = settings.label_smoothing

    def loss(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
        at = labels[..., 0] != IGNORED
        logits, gold = outputs["logits"][at].float(), labels[at]
        sure = gold.amax(-1, keepdim=True) == 1
        aimed = torch.where(sure, gold * (1 - smoothing) + smoothing / len(CLASSES), gold)
        each = torch.nn.functional.cross_entropy(logits, aimed, reduction="none")
        each = each * torch.where(sure[:, 0], gold @ weights.to(gold.device), 1.0)
        if settings.focal_gamma:
            right = (torch.softmax(logits, -1) * gold).sum(-1)
            each = each * (1 - right) ** settings.focal_gamma
        # The Trainer counts what is not IGNORED: each class of each label.
        entries = gold.numel() if num_items_in_batch is None else num_items_in_batch
        return each.sum() * len(CLASSES) / entries

    return loss
