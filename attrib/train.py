"""Labelled articles to a fine-tuned encoder, with transformers' Trainer.

Windows, encoding and the place where a label is read are those of scoring; training adds the
labels and nothing else. This module does not know how a model is exported or released.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from sklearn.metrics import f1_score
from tokenizers import Tokenizer
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    EvalPrediction,
    PreTrainedModel,
    Trainer,
    TrainingArguments,
)

from attrib.classes import CLASSES, LABEL_OF, LABELS, class_of
from attrib.corpus import LabelledArticle
from attrib.windows import encode, fit, plan

IGNORED = -100


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How to train. Lengths are tokens; ``overlap`` is the share of a window the next one repeats."""

    base: str
    window: int = 512
    overlap: float = 0.5
    epochs: int = 4
    batch_size: int = 16
    learning_rate: float = 2e-4
    layer_decay: float = 1.0
    weight_decay: float = 0.01
    warmup: float = 0.1
    label_smoothing: float = 0.0
    contested_weight: float = 1.0
    unnamed_weight: float = 1.0
    focal_gamma: float = 0.0
    dropout: float = 0.1
    attention_dropout: float = 0.0
    seed: int = 0
    average_last: int = 1


def windows_dataset(
    articles: Iterable[LabelledArticle],
    tokenizer: Tokenizer,
    special: tuple[int, int],
    size: int,
    overlap: float,
    judged_only: bool,
) -> Dataset:
    """Return one row a window: ``input_ids`` and ``labels`` (-100 except at closing separators).

    With ``judged_only`` a sentence carries a label only in the window that judges it.
    """
    rows = []
    for labelled in articles:
        text = labelled.article.text
        pieces = tokenizer.encode_batch_fast(
            [text[s.start : s.end] for s in labelled.sentences], add_special_tokens=False
        )
        ids = [fit(piece.ids, size - 2) for piece in pieces]
        for window in plan([len(i) + 1 for i in ids], size, overlap):
            encoding = encode(ids, window, *special)
            labels = [IGNORED] * len(encoding.ids)
            for index, closer in zip(
                range(window.first, window.last), encoding.closers, strict=True
            ):
                sentence = labelled.sentences[index]
                judged = window.judged_first <= index < window.judged_last
                if sentence.label is not None and (judged or not judged_only):
                    labels[closer] = CLASSES.index(class_of(sentence.label, sentence.source_kind))
            rows.append({"input_ids": list(encoding.ids), "labels": labels})
    return Dataset.from_list(rows)


def shown(logits: np.ndarray) -> np.ndarray:
    """Turn class logits ``(n, 4)`` into label probabilities ``(n, 3)``."""
    exp = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities = exp / exp.sum(axis=-1, keepdims=True)
    fold = np.array([[LABEL_OF[c] is label for label in LABELS] for c in CLASSES], dtype=float)
    return np.asarray(probabilities @ fold)


def dev_metrics(prediction: EvalPrediction) -> dict[str, float]:
    """Return accuracy and F1 over the three labels, for the Trainer."""
    logits, gold = np.asarray(prediction.predictions), np.asarray(prediction.label_ids)
    at = gold != IGNORED
    fold = np.array([LABELS.index(LABEL_OF[c]) for c in CLASSES])
    labels, predicted = fold[gold[at]], shown(logits[at]).argmax(axis=-1)
    each = f1_score(labels, predicted, labels=range(len(LABELS)), average=None, zero_division=0)
    scores = {f"f1_{label}": float(f) for label, f in zip(LABELS, each, strict=True)}
    unnamed_gold, unnamed_pred = gold[at] == 1, logits[at].argmax(-1) == 1
    scores["f1_unnamed"] = float(f1_score(unnamed_gold, unnamed_pred, zero_division=0))
    return {"accuracy": float((labels == predicted).mean()), "macro_f1": float(each.mean()), **scores}


def loss_function(settings: TrainSettings) -> Callable[..., torch.Tensor]:
    """Return cross-entropy at the closing separators, weighted, smoothed or focal as set."""
    weights = torch.ones(len(CLASSES))
    weights[1] = settings.unnamed_weight
    weights[3] = settings.contested_weight

    def loss(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
        at = labels != IGNORED
        logits, gold = outputs["logits"][at].float(), labels[at]
        each = torch.nn.functional.cross_entropy(
            logits, gold, weight=weights.to(logits.device), reduction="none",
            label_smoothing=settings.label_smoothing,
        )
        if settings.focal_gamma:
            p = torch.softmax(logits, -1).gather(1, gold[:, None])[:, 0]
            each = each * (1 - p) ** settings.focal_gamma
        return each.sum() / (at.sum() if num_items_in_batch is None else num_items_in_batch)

    return loss


def optimizer(model: PreTrainedModel, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return AdamW with a learning rate that falls by ``layer_decay`` a layer, from head to embeddings."""
    depth = model.config.num_hidden_layers
    groups = []
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        if "embeddings" in parts:
            below = depth + 1
        elif "layer" in parts:
            below = depth - int(parts[parts.index("layer") + 1])
        else:
            below = 0
        decay = 0.0 if parameter.ndim < 2 else settings.weight_decay
        groups.append({"params": [parameter], "lr": settings.learning_rate * settings.layer_decay**below,
                       "weight_decay": decay})
    merged: dict[tuple[float, float], dict[str, Any]] = {}
    for g in groups:
        merged.setdefault((g["lr"], g["weight_decay"]), {**g, "params": []})["params"].extend(g["params"])
    return torch.optim.AdamW(list(merged.values()), fused=True)


def train(
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
    out: Path,
) -> None:
    """Fine-tune ``settings.base`` and save weights, config and tokenizer into ``out``."""
    torch.manual_seed(settings.seed)
    tokenizer = AutoTokenizer.from_pretrained(settings.base)
    fast: Tokenizer = tokenizer.backend_tokenizer
    fast.no_truncation(); fast.no_padding()
    special = (tokenizer.cls_token_id, tokenizer.sep_token_id)
    config = AutoConfig.from_pretrained(
        settings.base, num_labels=len(CLASSES), id2label=dict(enumerate(CLASSES)),
        label2id={c: i for i, c in enumerate(CLASSES)},
        hidden_dropout_prob=settings.dropout, attention_probs_dropout_prob=settings.attention_dropout,
    )
    model = AutoModelForTokenClassification.from_pretrained(settings.base, config=config, dtype=torch.float32)
    rows = windows_dataset(articles, fast, special, settings.window, settings.overlap, False)
    held = windows_dataset(dev, fast, special, settings.window, settings.overlap, True)
    print(len(rows), "windows", sum(map(len, rows["input_ids"])), "tokens", flush=True)
    steps = -(-len(rows) // settings.batch_size) * settings.epochs
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(out / "checkpoints"),
            num_train_epochs=settings.epochs,
            per_device_train_batch_size=settings.batch_size,
            per_device_eval_batch_size=32,
            learning_rate=settings.learning_rate,
            warmup_steps=int(settings.warmup * steps),
            lr_scheduler_type="linear",
            bf16=True, use_cpu=True,
            train_sampling_strategy="group_by_length",
            eval_strategy="epoch", save_strategy="epoch", save_only_model=True,
            logging_steps=25, report_to=[], seed=settings.seed, disable_tqdm=True,
        ),
        data_collator=DataCollatorForTokenClassification(tokenizer),
        train_dataset=rows, eval_dataset=held, compute_metrics=dev_metrics,
        compute_loss_func=loss_function(settings),
        optimizers=(optimizer(model, settings), None),
    )
    trainer.train()
    if settings.average_last > 1:
        average(sorted((out / "checkpoints").glob("checkpoint-*"), key=lambda p: int(p.name.split("-")[1]))[-settings.average_last:], model)
        print("averaged", trainer.evaluate(), flush=True)
    trainer.save_model(str(out))
    tokenizer.save_pretrained(str(out))


def average(folders, model):
    from safetensors.torch import load_file
    states = [load_file(f / "model.safetensors") for f in folders]
    model.load_state_dict({k: sum(s[k].float() for s in states) / len(states) for k in states[0]}, strict=False)
