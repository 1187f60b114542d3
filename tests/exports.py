"""What the tests of the readers of labelled data share: texts, and ways to read what is written."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrib.article import Article, Label
from attrib.corpus import LabelledArticle
from attrib.corpus.align import align
from attrib.corpus.annotation import Annotation, DataOptions, Span
from attrib.corpus.formats import read_data
from attrib.corpus.names import LabelNames, UnknownNames, label_names
from attrib.dataformats import DataFormat
from attrib.errors import DataError

DATA = Path(__file__).parent / "data"

DAM = "The dam is safe, Roe said. Dorn denied that. It rained all day. Nobody left."
FIRST, SECOND, THIRD, FOURTH = (0, 26), (27, 44), (45, 63), (64, 76)

Row = tuple[str, str | None, str | None]


def rows_of(labelled: LabelledArticle) -> list[Row]:
    """Each sentence's text, label and source kind."""
    text = labelled.article.text
    return [(text[s.start : s.end], s.label, s.source_kind) for s in labelled.sentences]


def labels_of(labelled: LabelledArticle) -> list[str | None]:
    """Each sentence's label, with ``?`` where the source is unnamed and ``!`` where it is named."""
    marks = {"named": "!", "unnamed": "?", None: ""}
    return [s.label and f"{s.label}{marks[s.source_kind]}" for s in labelled.sentences]


def read(
    where: Path | str, fmt: DataFormat | None = None, *pairs: str, column: str | None = None
) -> tuple[list[LabelledArticle], list[str], Counter[str]]:
    """The articles of ``where``, what was told of the rest, and what was skipped."""
    skipped: Counter[str] = Counter()
    options = DataOptions(label_names(pairs), column)
    items = list(read_data(str(where), fmt, options, skipped))
    articles = [item for item in items if isinstance(item, LabelledArticle)]
    return articles, [str(item) for item in items if isinstance(item, DataError)], skipped


def aligned(
    text: str, *spans: tuple[int, int, str] | Span, names: LabelNames | None = None
) -> tuple[LabelledArticle, list[str]]:
    """The article that ``spans`` on ``text`` make, and the problems."""
    given = tuple(span if isinstance(span, Span) else Span(*span) for span in spans)
    unknown = UnknownNames()
    annotation = Annotation(Article(text, id="a1", source="x.json: record 1"), given)
    labelled, problems = align(annotation, names or LabelNames(), unknown)
    return labelled, [str(p) for p in (*problems, *unknown.problems())]


OWN_NAMES = ["--from", "doccano", "--text-column", "story"] + [
    word
    for pair in ("Said=attributed", "Ours=unattributed", "Clash=contested")
    for word in ("--label", pair)
]


def write_own(path: Path, articles: Iterable[LabelledArticle]) -> Path:
    """An export whose labels have names of its own, the text under ``story``."""
    own = {Label.ATTRIBUTED: "Said", Label.UNATTRIBUTED: "Ours", Label.CONTESTED: "Clash"}
    return write_lines(
        path,
        *(
            {
                "id": labelled.article.id,
                "story": labelled.article.text,
                "label": [[s.start, s.end, own[s.label]] for s in labelled.sentences if s.label],
            }
            for labelled in articles
        ),
    )


def write_json(path: Path, value: Any) -> Path:
    """One JSON document, with its line ends as they are."""
    path.write_bytes(json.dumps(value, ensure_ascii=False).encode())
    return path


def write_lines(path: Path, *records: Any) -> Path:
    """JSON Lines."""
    path.write_bytes("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode())
    return path
