"""Labelled articles to a fine-tuned encoder, with transformers' Trainer.

Windows, encoding and the place where a label is read are those of scoring; training adds the
labels and nothing else. This module does not know how a model is exported, calibrated or released.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch  # noqa: TID253 - this module is the training; nothing light imports it
from datasets import Dataset  # noqa: TID253
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import (  # noqa: TID253
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Trainer,
    TrainingArguments,
)
from transformers.trainer_utils import get_last_checkpoint  # noqa: TID253

from attrib import metrics
from attrib.checker import softmax
from attrib.classes import CLASSES, FOLD, LABELS, ModelClass, class_of
from attrib.corpus import LabelledArticle, spans
from attrib.windows import Layout, lay

IGNORED = -100
Batch = dict[str, list[list[Any]]]


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How to train.

    ``base`` is a hub id or a folder. ``window`` is in tokens; ``overlap`` and ``scoring_overlap``
    are the shares of a window that the next one repeats, in training and afterwards. The learning
    rate rises over the share ``warmup`` of the steps, then falls linearly to 0; ``layer_decay``
    multiplies it a layer from the head down. ``contested_weight`` and ``unnamed_weight`` multiply
    the loss of their class. ``masking`` is the share of tokens hidden at random. The weights
    saved are the mean over the last ``average`` epochs' ends.
    """

    base: str
    window: int = 512
    overlap: float = 0.5
    scoring_overlap: float = 0.125
    epochs: int = 5
    batch_size: int = 8
    learning_rate: float = 2e-4
    layer_decay: float = 1.0
    weight_decay: float = 0.01
    warmup: float = 0.1
    label_smoothing: float = 0.0
    focal_gamma: float = 0.0
    contested_weight: float = 1.0
    unnamed_weight: float = 1.0
    dropout: float = 0.1
    attention_dropout: float = 0.0
    masking: float = 0.0
    average: int = 1
    bf16: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class FineTuned:
    """A trained encoder with its tokenizer, and how windows are laid for it when it scores."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    layout: Layout


def fine_tune(
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
    work: Path,
) -> FineTuned:
    """Fine-tune ``settings.base``; each epoch's end is a checkpoint in ``work`` to resume from."""
    torch.manual_seed(settings.seed)
    tokenizer = AutoTokenizer.from_pretrained(settings.base)
    fast: Tokenizer = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    fast.no_truncation()
    fast.no_padding()
    special = tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id
    scoring = Layout(settings.window, settings.scoring_overlap, *special)
    model = _encoder(settings)
    rows = windows_dataset(articles, fast, Layout(settings.window, settings.overlap, *special))
    held = windows_dataset(dev, fast, scoring, judged_only=True)
    if settings.masking:
        kept = set(tokenizer.all_special_ids)
        rows.set_transform(masking(tokenizer.mask_token_id, kept, settings.masking))
    trainer = Trainer(
        model=model,
        args=_arguments(settings, work, len(rows)),
        data_collator=collator(tokenizer),
        train_dataset=rows,
        eval_dataset=held,
        compute_metrics=dev_metrics,
        compute_loss_func=loss_function(settings),
        optimizers=(optimizer(model, settings), None),
    )
    last = get_last_checkpoint(str(work)) if work.is_dir() else None
    trainer.train(resume_from_checkpoint=last)
    checkpoints = sorted(work.glob("checkpoint-*"), key=lambda p: int(p.name.split("-")[1]))
    model.load_state_dict(mean_weights(checkpoints[-settings.average :]))
    return FineTuned(model, tokenizer, scoring)


def save_half(tuned: FineTuned, folder: Path) -> None:
    """Save weights in half precision, config and tokenizer, as ``from_pretrained`` reads them."""
    tuned.model.half().save_pretrained(folder)
    tuned.tokenizer.save_pretrained(folder)


def _encoder(settings: TrainSettings) -> PreTrainedModel:
    config = AutoConfig.from_pretrained(
        settings.base,
        num_labels=len(CLASSES),
        id2label=dict(enumerate(map(str, CLASSES))),
        label2id={str(c): i for i, c in enumerate(CLASSES)},
        hidden_dropout_prob=settings.dropout,
        # Without dropout inside, attention runs as one fused kernel: twice the tokens a second.
        attention_probs_dropout_prob=settings.attention_dropout,
    )
    model: PreTrainedModel = AutoModelForTokenClassification.from_pretrained(
        settings.base, config=config, dtype=torch.float32
    )
    return model


def _arguments(settings: TrainSettings, work: Path, windows: int) -> TrainingArguments:
    steps = -(-windows // settings.batch_size) * settings.epochs
    return TrainingArguments(
        output_dir=str(work),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        warmup_steps=int(settings.warmup * steps),
        bf16=settings.bf16,
        use_cpu=not torch.accelerator.is_available(),
        train_sampling_strategy="group_by_length",
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=settings.average,
        logging_steps=50,
        report_to=[],
        seed=settings.seed,
    )


def windows_dataset(
    articles: Iterable[LabelledArticle],
    tokenizer: Tokenizer,
    layout: Layout,
    *,
    judged_only: bool = False,
) -> Dataset:
    """Return one row a window: ``input_ids`` ``(tokens,)`` and ``labels`` ``(tokens, classes)``.

    At a closing separator ``labels`` holds the probability of each class, which is 1 for the gold
    class of a sentence without a teacher's; elsewhere -100. With ``judged_only`` a sentence carries
    its label only in the window that judges it.
    """
    none = [float(IGNORED)] * len(CLASSES)
    rows: list[dict[str, list[Any]]] = []
    for labelled in articles:
        laid = lay(labelled.article.text, spans(labelled), tokenizer, layout)
        for window, encoding in laid.windows:
            labels = [none] * len(encoding.ids)
            for index, closer in enumerate(encoding.closers, window.first):
                sentence = labelled.sentences[index]
                judged = window.judged_first <= index < window.judged_last
                if sentence.label is not None and (judged or not judged_only):
                    gold = class_of(sentence.label, sentence.source_kind)
                    labels[closer] = list(sentence.probabilities or (c == gold for c in CLASSES))
            rows.append({"input_ids": list(encoding.ids), "labels": labels})
    return Dataset.from_list(rows)


def collator(
    tokenizer: PreTrainedTokenizerBase,
) -> Callable[[Sequence[Mapping[str, Any]]], dict[str, torch.Tensor]]:
    """Return what pads rows into a batch; ``labels`` becomes ``(windows, tokens, classes)``."""

    def collate(rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        ids = [{"input_ids": row["input_ids"]} for row in rows]
        batch = dict(tokenizer.pad(ids, return_tensors="pt"))
        labels = torch.full((*batch["input_ids"].shape, len(CLASSES)), float(IGNORED))
        for row, given in zip(labels, rows, strict=True):
            row[: len(given["labels"])] = torch.tensor(given["labels"])
        return {**batch, "labels": labels}

    return collate


def masking(mask: int, kept: Set[int], share: float) -> Callable[[Batch], Batch]:
    """Return a transform that hides a random ``share`` of the tokens anew each time they are read.

    Tokens in ``kept`` are left alone. A model that cannot count on any one word learns fewer names
    and topics by heart. The draws are torch's, whose state a checkpoint holds.
    """

    def hide(batch: Batch) -> Batch:
        hidden = []
        for ids in batch["input_ids"]:
            chosen = (torch.rand(len(ids)) < share).tolist()
            pairs = zip(ids, chosen, strict=True)
            hidden.append([mask if c and i not in kept else i for i, c in pairs])
        return {**batch, "input_ids": hidden}

    return hide


def dev_metrics(prediction: EvalPrediction) -> dict[str, float]:
    """Return accuracy, macro-F1 and the F1 of each label, for the Trainer's log."""
    logits, gold = np.asarray(prediction.predictions), np.asarray(prediction.label_ids)
    at = gold[..., 0] != IGNORED
    predicted = (softmax(logits[at]) @ FOLD).argmax(axis=-1)
    labels = (gold[at] @ FOLD).argmax(axis=-1)
    each = metrics.per_label(labels, predicted)
    return {
        "accuracy": metrics.accuracy(labels, predicted),
        "macro_f1": metrics.macro_f1(labels, predicted),
        **{f"f1_{label}": scores.f1 for label, scores in zip(LABELS, each, strict=True)},
    }


def loss_function(settings: TrainSettings) -> Callable[..., torch.Tensor]:
    """Return cross-entropy at the separators: weighted, smoothed, focal (Lin et al. 2017).

    Where a teacher gave probabilities it is the distillation loss of Hinton et al. (2015).
    """
    weights = torch.ones(len(CLASSES))
    weights[CLASSES.index(ModelClass.CONTESTED)] = settings.contested_weight
    weights[CLASSES.index(ModelClass.ATTRIBUTED_UNNAMED)] = settings.unnamed_weight

    def loss(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
        at = labels[..., 0] != IGNORED
        logits, gold = outputs["logits"][at].float(), labels[at]
        each = torch.nn.functional.cross_entropy(
            logits,
            gold,
            weight=weights.to(logits.device),
            reduction="none",
            label_smoothing=settings.label_smoothing,
        )
        if settings.focal_gamma:
            right = (torch.softmax(logits, -1) * gold).sum(-1)
            each = each * (1 - right) ** settings.focal_gamma
        # The Trainer counts what is not IGNORED: each class of each label.
        entries = gold.numel() if num_items_in_batch is None else num_items_in_batch
        return each.sum() * len(CLASSES) / entries

    return loss


def optimizer(model: PreTrainedModel, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return AdamW, its learning rate falling from head to embeddings; vectors do not decay."""
    depth = model.config.num_hidden_layers
    groups: dict[tuple[int, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        if "embeddings" in parts:
            below = depth + 1
        elif "layer" in parts:
            below = depth - int(parts[parts.index("layer") + 1])
        else:
            below = 0
        groups.setdefault((below, parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "lr": settings.learning_rate * settings.layer_decay**below,
                "weight_decay": settings.weight_decay if matrix else 0.0,
            }
            for (below, matrix), parameters in groups.items()
        ]
    )


def mean_weights(checkpoints: Sequence[Path]) -> dict[str, torch.Tensor]:
    """Return the mean of the weights saved in ``checkpoints``."""
    states = [load_file(checkpoint / "model.safetensors") for checkpoint in checkpoints]
    return {
        name: torch.stack([state[name].float() for state in states]).mean(dim=0)
        for name in states[0]
    }
