"""All articles as the data of the page's table: compact JSON that no title can break out of."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attrib.overview.article_pages import Wanted
from attrib.overview.articles import COUNTS, Articles, line, read_rows
from attrib.overview.gather import lower_bounds
from attrib.overview.phrases import called, cut
from attrib.tables import ARTICLES_FILE
from attrib.writers.characters import json_text, one_line

_MOST = 20_000  # articles; more would never fit
_TITLE, _DATE = 140, 40
_SPARE = 300  # bytes of what surrounds the rows
_COLUMNS = ["article_id", "title", "source", "outlet", "date"]


@dataclass(frozen=True, slots=True)
class Table:
    """The data of the table, safe inside a script element, and how many articles it holds."""

    json: str
    rows: int


def table(results: Path, articles: Articles, wanted: Wanted, budget: int) -> Table:
    """Return the rows of all articles, or, where that takes over ``budget`` bytes, of some.

    Those with the highest lower bound of their contested share are kept.
    """
    bounds = lower_bounds(articles.contested, articles.sentences)
    order = np.lexsort((np.arange(len(bounds)), -bounds))[:_MOST]
    told = {
        number: line(number, row)
        for number, row in read_rows(results / ARTICLES_FILE, order, _COLUMNS)
    }
    columns = list(articles.groups.values())
    places: list[dict[int, int]] = [{} for _ in columns]
    values: list[list[str]] = [[] for _ in columns]
    kept: dict[int, str] = {}
    size = _SPARE
    for row in map(int, order):
        groups = []
        for codes, seen, names in zip(columns, places, values, strict=True):
            code = int(codes.numbers[row])
            if code not in seen:
                seen[code] = len(names)
                names.append(called(codes.values[code]))
                size += len(_safe(names[-1]).encode()) + 1
            groups.append(seen[code])
        about = told[row]
        title = one_line(about.title or "") or one_line(about.source or about.id)
        entry = _safe(
            [
                row,
                cut(title, _TITLE),
                cut(one_line(about.date or ""), _DATE),
                *(int(getattr(articles, name)[row]) for name in COUNTS),
                *groups,
            ]
        )
        size += len(entry.encode()) + 1
        if size > budget:
            break
        kept[row] = entry
    head = _safe(
        {
            "groups": [called(name) for name in articles.groups],
            "values": values,
            "pages": True if wanted.rows is None else list(wanted.rows),
        }
    )
    rows = ",".join(kept[row] for row in sorted(kept))
    return Table(f'{head[:-1]},"rows":[{rows}]}}', len(kept))


def _safe(value: object) -> str:
    """Return ``value`` as JSON in which nothing can end the script element around it."""
    return json_text(value, compact=True).replace("<", "\\u003c")
