"""Labelled articles to the rows that are trained on, and rows to batches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from datasets import Dataset  # noqa: TID253
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerBase  # noqa: TID253

from attrib.article import Label
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
    linked: bool = False,
) -> Dataset:
    """Return one row a window: ``input_ids``, ``closers`` and ``labels``.

    ``input_ids`` is ``(tokens,)``; ``closers`` ``(sentences,)`` are the positions of the separators
    that close labelled sentences, and ``labels`` ``(sentences, classes)`` the probability of each
    class there, which is 1 for the gold class of a sentence without a teacher's. With
    ``judged_only`` a sentence carries its label only in the window that judges it. With ``linked``
    a row has ``links``, the pairs of separators whose sentences clash, and ``asked``, the
    separators for which that is known: not of a contested sentence that names nothing, nor of one
    that a teacher labelled.
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
            row: dict[str, list[Any]] = {
                "input_ids": list(encoding.ids),
                "closers": list(labels),
                "labels": list(labels.values()),
            }
            if linked:
                row |= _links(labelled, closers)
            rows.append(row)
    return Dataset.from_list(rows)


def _links(labelled: LabelledArticle, closers: Mapping[int, int]) -> dict[str, list[Any]]:
    known = {
        index: labelled.sentences[index].conflicts_with
        for index in closers
        if labelled.sentences[index].label is not None
        and labelled.sentences[index].probabilities is None
        and (
            labelled.sentences[index].label is not Label.CONTESTED
            or labelled.sentences[index].conflicts_with
        )
    }
    return {
        "asked": [closers[index] for index in known],
        "links": [
            [closers[index], closers[other]]
            for index, others in known.items()
            for other in others
            if other in closers
        ],
    }


def collator(
    tokenizer: PreTrainedTokenizerBase,
) -> Callable[[Sequence[Mapping[str, Any]]], dict[str, torch.Tensor]]:
    """Return what pads rows into a batch; ``labels`` becomes ``(windows, tokens, classes)``.

    Away from the separators of labelled sentences it holds -100. Where rows have links, it is
    ``(windows, tokens, classes + tokens)``: behind the classes stands for each other token 1 where
    the two sentences clash, 0 where not, and -100 where nothing is known.
    The Trainer hands on one tensor of labels, and no more.
    """

    def collate(rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        ids = [{"input_ids": row["input_ids"]} for row in rows]
        batch = dict(tokenizer.pad(ids, return_tensors="pt"))
        labels = torch.full((*batch["input_ids"].shape, len(CLASSES)), float(IGNORED))
        for row, given in zip(labels, rows, strict=True):
            if given["closers"]:
                row[torch.tensor(given["closers"])] = torch.tensor(given["labels"])
        if "links" in rows[0]:
            labels = torch.cat((labels, _link_labels(labels, rows)), -1)
        return {**batch, "labels": labels}

    return collate


def _link_labels(labels: torch.Tensor, rows: Sequence[Mapping[str, Any]]) -> torch.Tensor:
    windows, tokens, _ = labels.shape
    links = torch.full((windows, tokens, tokens), float(IGNORED))
    for row, given, label in zip(links, rows, labels, strict=True):
        asked = torch.tensor(given["asked"], dtype=torch.long)
        judged = (label[:, 0] != IGNORED).nonzero().flatten()
        row[asked[:, None], judged] = 0
        for one, other in given["links"]:
            row[one, other] = 1
    return links
