"""Labelled articles parted into sets for training, dev and test.

The unit is the article, never the sentence, and copies, near copies and several people's labels of
one article go to one side: otherwise a model is tested on what it has read. Sides get their shares
of articles, of each label and of each outlet's articles.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from attrib.classes import CLASSES, ModelClass, class_of
from attrib.corpus import LabelledArticle
from attrib.duplicates import near_copies, same_words
from attrib.errors import DataError

# What an even spread of each is worth: contested is rare and the hardest to learn, so it weighs
# most; outlets together weigh as much as one label.
_ARTICLES_WEIGHT = 2.0
_CONTESTED_WEIGHT = 4.0
_LABEL_WEIGHT = 1.0
_OUTLETS_WEIGHT = 1.0
_PASSES = 20  # a handful does in practice

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parted:
    """The articles of each side, in the order of the shares asked for.

    ``together`` counts the groups of two articles or more that had to stay on one side.
    """

    sides: tuple[tuple[LabelledArticle, ...], ...]
    together: int


def part(articles: Iterable[LabelledArticle], shares: Sequence[float], seed: int) -> Parted:
    """Part ``articles`` into sides of ``shares``, each above 0 and relative to their sum.

    The same articles and seed give the same sides, whatever order the articles come in.

    Raises:
        DataError: if there are too few articles that stand on their own for a side to get one.
    """
    # An order that hangs on nothing but the seed and the articles themselves.
    ordered = sorted(articles, key=lambda labelled: _key(labelled, seed))
    groups = _groups(ordered)
    wanted = np.array(shares, dtype=np.float64) / sum(shares)
    needed = ceil(1 / wanted.min() - 1e-9)  # so that 1 / 0.1 is ten
    if len(groups) < needed:
        raise DataError(
            f"expected at least {needed} articles that are no copies of each other, so that a "
            f"share of {wanted.min():.0%} gets one, found {len(groups)}; "
            "label more articles, or ask for fewer or larger --shares"
        )
    side_of = _deal(*_features(ordered, groups), wanted)
    sides: list[list[LabelledArticle]] = [[] for _ in shares]
    for group, side in zip(groups, side_of, strict=True):
        sides[side] += [ordered[position] for position in group]
    return Parted(
        tuple(tuple(sorted(side, key=_by_id)) for side in sides),
        sum(len(group) > 1 for group in groups),
    )


def _key(labelled: LabelledArticle, seed: int) -> tuple[str, str, str]:
    """Return a key that shuffles by text; copies of one text go by annotator and labels."""
    text = f"{seed}\n{labelled.article.text}".encode(errors="surrogatepass")
    return hashlib.sha256(text).hexdigest(), *_by_id(labelled)[1:]


def _by_id(labelled: LabelledArticle) -> tuple[str, str, str]:
    return labelled.article.id, labelled.annotator or "", repr(labelled.sentences)


def _groups(articles: Sequence[LabelledArticle]) -> list[list[int]]:
    """Return the positions of ``articles`` in groups that must not be parted, by first member."""
    copies = same_words([labelled.article.text for labelled in articles])
    heads = [articles[group[0]].article for group in copies]
    parent = list(range(len(heads)))

    def root(of: int) -> int:
        while parent[of] != of:
            parent[of] = parent[parent[of]]
            of = parent[of]
        return of

    for pair in near_copies([a.text for a in heads], [a.outlet for a in heads]):
        a, b = sorted((root(pair.first), root(pair.second)))
        parent[b] = a
    groups: dict[int, list[int]] = {}
    for position, group in enumerate(copies):
        groups.setdefault(root(position), []).extend(group)
    return list(groups.values())


def _features(
    articles: Sequence[LabelledArticle], groups: Sequence[Sequence[int]]
) -> tuple[_Floats, _Floats]:
    """Return what is to be spread evenly, ``(groups, features)``, and each feature's weight.

    Features are the articles, the sentences of each class, contested first, and the articles of
    each outlet.
    """
    contested = CLASSES.index(ModelClass.CONTESTED)
    classes = [contested, *(i for i in range(len(CLASSES)) if i != contested)]
    outlets = sorted({a.article.outlet for a in articles if a.article.outlet})
    column = {outlet: 1 + len(CLASSES) + i for i, outlet in enumerate(outlets)}
    table = np.zeros((len(groups), 1 + len(CLASSES) + len(outlets)))
    for row, group in zip(table, groups, strict=True):
        for labelled in (articles[position] for position in group):
            row[0] += 1
            for index in _class_indices(labelled):
                row[1 + classes.index(index)] += 1
            if labelled.article.outlet:
                row[column[labelled.article.outlet]] += 1
    labels = [_CONTESTED_WEIGHT] + [_LABEL_WEIGHT] * (len(CLASSES) - 1)
    each = [_OUTLETS_WEIGHT / max(len(outlets), 1)] * len(outlets)
    return table, np.array([_ARTICLES_WEIGHT, *labels, *each])


def _class_indices(labelled: LabelledArticle) -> Iterator[int]:
    for sentence in labelled.sentences:
        if sentence.label is not None:
            yield CLASSES.index(class_of(sentence.label, sentence.source_kind))


def _deal(table: _Floats, weights: _Floats, shares: _Floats) -> list[int]:
    """Return the side of each row of ``table`` ``(rows, features)``.

    In the spirit of the iterative stratification of Sechidis, Tsoumakas and Vlahavas (2011), with
    counts in place of yes and no: rows rich in the rarest label come first, each goes where it is
    missed most. That is where it lowers the weighted sum, over features and sides, of
    (has - due)² / due the most, each feature's total counted as 1. Then rows go over to another
    side as long as that lowers the sum. Rows about alike take their turns in the order given.
    """
    totals = table.sum(axis=0)
    present = totals > 0
    rows = table[:, present] / totals[present]
    due = shares[:, None] * np.ones(rows.shape[1])
    slope = weights[present] / due
    has = np.zeros_like(due)
    side_of = np.full(len(rows), -1)

    def place(index: int) -> None:
        row, old = rows[index], side_of[index]
        if old >= 0:
            has[old] -= row
        side_of[index] = new = (slope * row * (2 * (has - due) + row)).sum(axis=1).argmin()
        has[new] += row

    size, contested = np.log2(1 + table.sum(axis=1)).round(), np.log2(1 + table[:, 1]).round()
    for index in np.lexsort((-size, -contested)):
        place(index)
    for _ in range(_PASSES):
        before = side_of.copy()
        for index in range(len(rows)):
            place(index)
        if (before == side_of).all():
            break
    for side in range(len(shares)):
        if side not in side_of:  # the lightest row that is not the only one of its side
            several = np.bincount(side_of)[side_of] > 1
            weight = np.where(several, rows @ weights[present], np.inf)
            side_of[weight.argmin()] = side
    return [int(side) for side in side_of]
