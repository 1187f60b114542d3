"""The sentence table as a report needs it: how sure the model is, and where it is surest.

The table is read once for its numbers, and once more for the texts of what stands out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from attrib.article import Label
from attrib.errors import InputError
from attrib.overview.articles import batches, lines, open_table, read_rows
from attrib.overview.values import Claim, Histogram
from attrib.tables import ARTICLES_FILE, SENTENCES, SENTENCES_FILE

TOP = 25
SHORTEST = 40  # characters; shorter sentences say too little to be a claim worth a look
CLAIMED = (Label.UNATTRIBUTED, Label.CONTESTED)
_BINS = 20
_SPARE = 8  # so many times as many are read as are shown, for many are copies


@dataclass(frozen=True, slots=True)
class Surest:
    """For each article its surest sentence of one label: its row and confidence, or -1."""

    rows: NDArray[np.int64]
    confidence: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the numbers of all sentences say."""

    confidence: Mapping[Label, Histogram]
    surest: Mapping[Label, Surest]


def read_sentences(results: Path, counts: NDArray[np.int64]) -> Sentences:
    """Read the numbers of all sentences; ``counts`` says how many each article has, in order.

    Raises:
        InputError: if there is no such table, or it does not belong to the articles.
    """
    path = results / SENTENCES_FILE
    there = open_table(path, SENTENCES.names).metadata.num_rows
    if there != counts.sum():
        raise InputError(
            f"{path}: expected the {counts.sum():,} sentences that {ARTICLES_FILE} counts, found "
            f"{there:,}; run the attrib batch that made them again"
        )
    edges = np.linspace(0, 1, _BINS + 1)
    bins = {label: np.zeros(_BINS, np.int64) for label in Label}
    surest = {
        label: Surest(np.full(len(counts), -1), np.full(len(counts), -1, np.float32))
        for label in CLAIMED
    }
    for rows, article, labels, lengths, confidence in _numbers(path, counts):
        for label in Label:
            bins[label] += np.histogram(confidence[labels == label], edges)[0]
        for label, best in surest.items():
            long = (labels == label) & (lengths >= SHORTEST)
            _keep_best(best, rows[long], article[long], confidence[long])
    told = {
        label: Histogram(tuple(map(float, edges)), tuple(map(int, found)))
        for label, found in bins.items()
    }
    return Sentences(told, surest)


_Batch = tuple[
    NDArray[np.int64], NDArray[np.int64], NDArray[np.str_], NDArray[np.int64], NDArray[np.float64]
]


def _numbers(path: Path, counts: NDArray[np.int64]) -> Iterator[_Batch]:
    """Yield rows, articles, labels, lengths and confidences of the sentences."""
    ends, first = np.cumsum(counts), 0
    for batch in batches(path, ["label", "confidence", "start", "end"]):
        rows = np.arange(first, first + len(batch))
        lengths = pc.subtract(batch.column("end"), batch.column("start"))
        yield (
            rows,
            np.searchsorted(ends, rows, "right"),
            batch.column("label").to_numpy(zero_copy_only=False).astype(str),
            lengths.to_numpy(zero_copy_only=False),
            batch.column("confidence").to_numpy(zero_copy_only=False),
        )
        first += len(batch)


def _keep_best(
    best: Surest,
    rows: NDArray[np.int64],
    article: NDArray[np.int64],
    confidence: NDArray[np.float64],
) -> None:
    """Put into ``best`` what is surer than what it holds; of equals, the first stays."""
    order = np.lexsort((rows, -confidence, article))
    _, first = np.unique(article[order], return_index=True)
    chosen = order[first]
    chosen = chosen[confidence[chosen].astype(np.float32) > best.confidence[article[chosen]]]
    best.rows[article[chosen]] = rows[chosen]
    best.confidence[article[chosen]] = confidence[chosen]


def claims(results: Path, surest: Surest) -> tuple[Claim, ...]:
    """Return the sentences of which the model is surest, one an article, and no text twice."""
    path = results / SENTENCES_FILE
    articles = np.flatnonzero(surest.rows >= 0)
    order = articles[np.lexsort((articles, -surest.confidence[articles]))][: TOP * _SPARE]
    columns = ["index", "text", "confidence"]
    found = dict(read_rows(path, [int(surest.rows[a]) for a in order], columns))
    chosen: dict[str, int] = {}
    for article in order:
        text = found[int(surest.rows[article])]["text"]
        if len(chosen) < TOP:
            chosen.setdefault(" ".join(text.split()), int(article))
    named = lines(results / ARTICLES_FILE, chosen.values())
    told = ((article, found[int(surest.rows[article])]) for article in chosen.values())
    return tuple(
        Claim(named[article], row["index"], row["text"], row["confidence"]) for article, row in told
    )
