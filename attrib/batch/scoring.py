"""One chunk to its tables. Knows nothing of files, threads or clusters."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from attrib.article import ScoredArticle
from attrib.batch.chunks import Chunk
from attrib.checker import Checker, Prepared
from attrib.errors import InputError
from attrib.runtime import Logits
from attrib.tables import Failure, article_table, sentence_table
from attrib.windows import Encoding


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """What became of a chunk: two tables by the schemas of ``attrib.tables``, and failures."""

    index: int
    key: str
    entries: int
    sentences: pa.Table
    articles: pa.Table
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class ReadyChunk:
    """A chunk read and laid into windows, packed by length across its articles.

    ``batches`` hold indices into ``windows``, which are those of all articles in order.
    """

    chunk: Chunk
    articles: tuple[Prepared, ...]
    failures: tuple[Failure, ...]
    windows: tuple[Encoding, ...]
    batches: tuple[tuple[int, ...], ...]

    def batch(self, number: int) -> list[Encoding]:
        """Return the windows of a batch."""
        return [self.windows[k] for k in self.batches[number]]


def make_ready(checker: Checker, chunk: Chunk) -> ReadyChunk:
    """Read the articles of ``chunk`` and lay them into windows; what fails is set aside."""
    articles: list[Prepared] = []
    failures: list[Failure] = []
    for entry in chunk.entries:
        try:
            articles.append(checker.prepare(entry.read()))
        except InputError as error:
            failures.append(Failure(entry.origin.input, entry.source, str(error)))
        except Exception as error:
            why = f"{entry.source}: expected an article, found {error!r}; leave it out, and tell us"
            failures.append(Failure(entry.origin.input, entry.source, why))
    windows = [encoding for prepared in articles for encoding in prepared.encodings]
    batches = checker.packed(windows)
    return ReadyChunk(
        chunk, tuple(articles), tuple(failures), tuple(windows), tuple(map(tuple, batches))
    )


def judge(
    checker: Checker, ready: ReadyChunk, logits: Sequence[Sequence[Logits]], extra: Sequence[str]
) -> ScoredChunk:
    """Return the tables of a chunk, given the logits of each of its batches.

    ``extra`` names the metadata columns of the article table.
    """
    of_window: dict[int, Logits] = {}
    for batch, outputs in zip(ready.batches, logits, strict=True):
        of_window.update(zip(batch, outputs, strict=True))
    scored: list[ScoredArticle] = []
    first = 0
    for prepared in ready.articles:
        last = first + len(prepared.laid.windows)
        scored.append(checker.judge(prepared, [of_window[k] for k in range(first, last)]))
        first = last
    return ScoredChunk(
        index=ready.chunk.index,
        key=ready.chunk.key,
        entries=len(ready.chunk.entries),
        sentences=sentence_table(scored),
        articles=article_table(scored, extra),
        failures=ready.failures,
    )
