"""A page for each article, its sentences marked as ``attrib score --format html`` marks them.

Pages lie in folders of a thousand and share one style sheet and one script, which a page reached
from the disk may load from there and from nowhere else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Template
from numpy.typing import NDArray

from attrib.article import Article, Label, ScoredArticle, SourceKind, Verdict
from attrib.overview import Watch
from attrib.overview.articles import Row, all_rows, open_table, read_rows
from attrib.selection import Selection
from attrib.tables import ARTICLES_FILE, SENTENCES_FILE
from attrib.writers.looks import LOOKS
from attrib.writers.pages import environment
from attrib.writers.sections import section

FOLDER = "articles"
_SHELF = 1000
_ARTICLE = ["article_id", "source", "title", "outlet", "date", "sentences", "notices"]
_SENTENCE = ["paragraph", "start", "end", "text", "label", "confidence", "source_kind"]
_SENTENCE += [f"p_{label}" for label in Label]
_EVERY = Selection()


def place(row: int) -> str:
    """Return where the page of the article in ``row`` lies, from the folder of all pages."""
    return f"{row // _SHELF:03d}/{row:06d}.html"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles get a page: those in ``rows``, ascending, or all where None.

    ``firsts`` holds for each article the row of its first sentence, and at last that of none.
    """

    firsts: NDArray[np.int64]
    rows: Sequence[int] | None

    @property
    def total(self) -> int:
        """How many articles there are, with a page or without."""
        return len(self.firsts) - 1

    def __len__(self) -> int:
        """Return how many pages there are."""
        return self.total if self.rows is None else len(self.rows)

    def has(self, row: int) -> bool:
        """Say whether the article in ``row`` has a page."""
        return self.rows is None or row in self.rows

    def row(self, number: int) -> int:
        """Return the row of the article on page ``number``."""
        return number if self.rows is None else self.rows[number]


def write_pages(
    results: Path, folder: Path, wanted: Wanted, model: Mapping[str, str], watch: Watch
) -> None:
    """Write the pages ``wanted`` into ``folder``, and what they share."""
    made = environment(Path(__file__).parent)
    folder.mkdir(parents=True)
    for name, template in (("article.css", "article_page.css.j2"), ("article.js", "page.js")):
        shared = made.get_template(template).render(looks=LOOKS)
        (folder / name).write_text(shared, encoding="utf-8")
    parts: Any = made.get_template("article.html.j2").module
    fixed = {
        "legend": parts.legend(LOOKS),
        "details": parts.details(LOOKS),
        "help": parts.help(LOOKS),
        "foot": parts.foot(model),
    }
    page = made.get_template("article_page.html.j2")
    for number, scored in enumerate(_scored(results, wanted)):
        path = folder / place(wanted.row(number))
        if number == 0 or not path.parent.is_dir():
            path.parent.mkdir(exist_ok=True)
        path.write_text(_rendered(page, scored, number, wanted, fixed), encoding="utf-8")
        watch(number + 1, len(wanted))


def _rendered(
    page: Template, scored: ScoredArticle, number: int, wanted: Wanted, fixed: Mapping[str, Any]
) -> str:
    before = f"../{place(wanted.row(number - 1))}" if number else ""
    after = f"../{place(wanted.row(number + 1))}" if number + 1 < len(wanted) else ""
    return page.render(
        section=section(scored, _EVERY, "article", prefix=""),
        number=wanted.row(number) + 1,
        total=wanted.total,
        before=before,
        after=after,
        **fixed,
    )


def _scored(results: Path, wanted: Wanted) -> Iterator[ScoredArticle]:
    """Yield the articles ``wanted`` as they were scored, in order."""
    articles, sentences = results / ARTICLES_FILE, results / SENTENCES_FILE
    open_table(sentences, _SENTENCE).close()
    if wanted.rows is None:
        rows, parts = all_rows(articles, _ARTICLE), all_rows(sentences, _SENTENCE)
    else:
        rows = (row for _, row in read_rows(articles, wanted.rows, _ARTICLE))
        numbers = [
            n for row in wanted.rows for n in range(wanted.firsts[row], wanted.firsts[row + 1])
        ]
        parts = (row for _, row in read_rows(sentences, numbers, _SENTENCE))
    for row in rows:
        yield _article(row, list(islice(parts, row["sentences"])))


def _article(row: Row, sentences: Sequence[Row]) -> ScoredArticle:
    """Put an article together again from its sentences; what stood between them is white space."""
    text: list[str] = []
    verdicts: list[Verdict] = []
    position = 0
    for index, told in enumerate(sentences):
        if index:
            text.append(_between(sentences[index - 1], told))
            position += len(text[-1])
        end = position + len(told["text"])
        verdicts.append(_verdict(index, position, end, told))
        text.append(told["text"])
        position = end
    about = {name: row[name] for name in ("title", "outlet", "date")}
    article = Article("".join(text), row["article_id"] or "", row["source"] or "", **about)
    return ScoredArticle(article, tuple(verdicts), (row["notices"],) if row["notices"] else ())


def _between(before: Row, after: Row) -> str:
    """Return the white space between two sentences."""
    if before["paragraph"] != after["paragraph"]:
        return "\n\n"
    return " " if before["end"] < after["start"] else ""


def _verdict(index: int, start: int, end: int, told: Row) -> Verdict:
    return Verdict(
        index=index,
        start=start,
        end=end,
        text=told["text"],
        label=Label(told["label"]),
        confidence=told["confidence"],
        probabilities={label: told[f"p_{label}"] for label in Label},
        source_kind=SourceKind(told["source_kind"]) if told["source_kind"] else None,
    )
