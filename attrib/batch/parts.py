"""Parts: the finished chunks of a batch, each a folder that appears at once and whole.

``parts/000012/`` holds the tables, the failures and the facts of a chunk. It is written under
another name, brought to the disk and renamed, so that a kill at any moment leaves it whole or not
there.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from attrib.batch.scoring import ScoredChunk
from attrib.batch.whole import UNFINISHED, settle
from attrib.errors import BatchError
from attrib.tables import ARTICLES_FILE, FAILURES_FILE, SENTENCES_FILE, Failure

_FACTS = "part.json"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is known of a part: the key and size of its chunk, and what came of it."""

    key: str
    entries: int
    articles: int
    sentences: int
    failures: int


class Parts:
    """The parts in the folder ``parts`` of a batch's results."""

    def __init__(self, folder: Path) -> None:
        """Take ``folder``, which need not be there yet, and clear what a kill left unfinished."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"*{UNFINISHED}"):
            shutil.rmtree(left)

    def facts(self, index: int) -> PartFacts | None:
        """Return the facts of a finished part, or None.

        Raises:
            BatchError: if the part is damaged.
        """
        path = self._place(index) / _FACTS
        try:
            return PartFacts(**json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise _damaged(path, error) from error

    def write(self, chunk: ScoredChunk) -> PartFacts:
        """Write a scored chunk; one that stood at its place is replaced.

        Raises:
            OSError: if there is no room, or no permission.
        """
        facts = PartFacts(
            key=chunk.key,
            entries=chunk.entries,
            articles=chunk.articles.num_rows,
            sentences=chunk.sentences.num_rows,
            failures=len(chunk.failures),
        )
        place = self._place(chunk.index)
        staged = place.with_suffix(UNFINISHED)
        staged.mkdir()
        try:
            parquet.write_table(chunk.sentences, staged / SENTENCES_FILE)
            parquet.write_table(chunk.articles, staged / ARTICLES_FILE)
            lines = "".join(f"{json.dumps(asdict(failure))}\n" for failure in chunk.failures)
            (staged / FAILURES_FILE).write_text(lines, encoding="utf-8")
            (staged / _FACTS).write_text(json.dumps(asdict(facts)), encoding="utf-8")
            for path in staged.iterdir():
                settle(path)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        if place.exists():
            shutil.rmtree(place)
        staged.rename(place)
        settle(self._folder)
        return facts

    def keep(self, count: int) -> None:
        """Remove the parts from number ``count`` on, which the inputs no longer have."""
        for path in self._folder.iterdir():
            if path.name.isdecimal() and int(path.name) >= count:
                shutil.rmtree(path)

    def tables(self, count: int) -> Iterator[tuple[pa.Table, pa.Table]]:
        """Yield the sentences and the articles of the parts 0 to ``count``, in order.

        Raises:
            BatchError: if a part is damaged.
        """
        for index in range(count):
            place = self._place(index)
            try:
                yield (
                    parquet.read_table(place / SENTENCES_FILE),
                    parquet.read_table(place / ARTICLES_FILE),
                )
            except (OSError, pa.ArrowException) as error:
                raise _damaged(place, error) from error

    def failures(self, count: int) -> Iterator[Failure]:
        """Yield the failures of the parts 0 to ``count``, in order.

        Raises:
            BatchError: if a part is damaged.
        """
        for index in range(count):
            path = self._place(index) / FAILURES_FILE
            try:
                lines = path.read_text(encoding="utf-8").splitlines()
                yield from (Failure(**json.loads(line)) for line in lines)
            except (OSError, ValueError, TypeError) as error:
                raise _damaged(path, error) from error

    def _place(self, index: int) -> Path:
        return self._folder / f"{index:06d}"


def _damaged(path: Path, error: Exception) -> BatchError:
    return BatchError(
        f"{path}: expected what a batch wrote, found {error}; remove this part's folder, and the "
        "same command scores it again"
    )
