"""Labelled articles to the rows that are trained on, and rows to batches."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from datasets import Dataset  # noqa: TID253
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerBase  # noqa: TID253

from attrib.classes import CLASSES, class_of
from attrib.corpus import LabelledArticle, spans
from attrib.windows import Layout, lay

IGNORED = -100
Batch = dict[str, list[list[Any]]]


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
