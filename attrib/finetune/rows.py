"""Labelled articles to the rows that are trained on, and rows to batches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from datasets import Dataset  # noqa: TID253
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerBase  # noqa: TID253

from attrib.classes import CLASSES, class_of
from attrib.corpus import LabelledArticle, spans
from attrib.windows import Layout, lay

IGNORED = -100


def windows_dataset(
    articles: Iterable[LabelledArticle],
    tokenizer: Tokenizer,
    layout: Layout,
    *,
    judged_only: bool = False,
) -> Dataset:
    """Return one row a window: ``input_ids``, ``closers`` and ``labels``.

    ``input_ids`` is ``(tokens,)``; ``closers`` ``(sentences,)`` are the positions of the separators
    that close labelled sentences, and ``labels`` ``(sentences, classes)`` the probability of each
    class there, which is 1 for the gold class of a sentence without a teacher's. With
    ``judged_only`` a sentence carries its label only in the window that judges it.
    """
    rows: list[dict[str, list[Any]]] = []
    for labelled in articles:
        laid = lay(labelled.article.text, spans(labelled), tokenizer, layout)
        for window, encoding in laid.windows:
            labels: dict[int, list[float]] = {}
            closers = dict(enumerate(encoding.closers, window.first))
            for index, closer in closers.items():
                sentence = labelled.sentences[index]
                judged = window.judged_first <= index < window.judged_last
                if sentence.label is not None and (judged or not judged_only):
                    gold = class_of(sentence.label, sentence.source_kind)
                    sure = (float(c == gold) for c in CLASSES)
                    labels[closer] = list(sentence.probabilities or sure)
            rows.append(
                {
                    "input_ids": list(encoding.ids),
                    "closers": list(labels),
                    "labels": list(labels.values()),
                }
            )
    return Dataset.from_list(rows)


def collator(
    tokenizer: PreTrainedTokenizerBase,
) -> Callable[[Sequence[Mapping[str, Any]]], dict[str, torch.Tensor]]:
    """Return what pads rows into a batch; ``labels`` becomes ``(windows, tokens, classes)``.

    Away from the separators of labelled sentences it holds -100.
    """

    def collate(rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        ids = [{"input_ids": row["input_ids"]} for row in rows]
        batch = dict(tokenizer.pad(ids, return_tensors="pt"))
        labels = torch.full((*batch["input_ids"].shape, len(CLASSES)), float(IGNORED))
        for row, given in zip(labels, rows, strict=True):
            if given["closers"]:
                row[torch.tensor(given["closers"])] = torch.tensor(given["labels"])
        return {**batch, "labels": labels}

    return collate
