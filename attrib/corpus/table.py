"""Rows with one sentence each to articles, and rows that hold whole labelled articles.

The text of an article is rebuilt from its sentences in the order of their rows: a space between
two, or a blank line where the column ``paragraph`` changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from attrib.article import Article, Label, SourceKind
from attrib.corpus.annotation import ANNOTATOR, DataOptions, one_name
from attrib.corpus.files import Record
from attrib.corpus.jsonl import labelled_article
from attrib.corpus.names import Mark, UnknownNames
from attrib.corpus.values import LabelledArticle, LabelledSentence, with_gaps
from attrib.errors import DataError
from attrib.readers import fields
from attrib.readers.message import listed

SENTENCE = ("sentence", "text", "sentence_text")
LABEL = ("label", "labels", "class")
# An "id" may be the row's own: it stands last, and is looked at again when all is read.
ARTICLE = ("article_id", "doc_id", "document_id", "article", "doc", "document", "id")
KIND = ("source_kind", "source")
_PARAGRAPH = ("paragraph", "paragraph_id")


@dataclass(frozen=True, slots=True)
class _Row:
    """One sentence: its text and mark, where it stands, and the other columns."""

    where: str
    text: str
    mark: Mark | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The folded names of the columns that hold sentence, label and article id."""

    sentence: str
    label: str
    article: str


def read_rows(
    rows: Iterable[Record | DataError], options: DataOptions
) -> Iterator[LabelledArticle | DataError]:
    """Yield the articles of ``rows``, each annotator's for itself.

    The first row tells which of the two forms all have.
    """
    iterator = iter(rows)
    for first in iterator:
        if isinstance(first, DataError):
            yield first
            continue
        whole = isinstance(first.fields.get("sentences"), list | Mapping)
        form = _whole(chain([first], iterator)) if whole else _sentences(first, iterator, options)
        yield from form
        return


def _whole(rows: Iterable[Record | DataError]) -> Iterator[LabelledArticle | DataError]:
    for row in rows:
        try:
            yield row if isinstance(row, DataError) else labelled_article(_dense(row), row.where)
        except DataError as error:
            yield error


def _dense(row: Record) -> dict[str, Any]:
    """Return the record without the nulls by which tables fill up, its sentences as a list."""
    given = row.fields["sentences"]
    if isinstance(given, Mapping):  # columns, as datasets holds a list of objects
        given = [
            dict(zip(given, values, strict=True)) for values in zip(*given.values(), strict=True)
        ]
    sentences = [
        {key: value for key, value in sentence.items() if value is not None}
        if isinstance(sentence, Mapping)
        else sentence
        for sentence in given or []
    ]
    return {**row.fields, "sentences": sentences}


def _sentences(
    first: Record, rest: Iterable[Record | DataError], options: DataOptions
) -> Iterator[LabelledArticle | DataError]:
    try:
        columns = _columns(first, options)
    except DataError as error:
        yield error
        return
    groups: dict[tuple[str, str | None], list[_Row]] = defaultdict(list)
    unknown = UnknownNames()
    for item in chain([first], rest):
        try:
            if isinstance(item, DataError):
                raise item
            row = _row(item, columns, options, unknown)
        except DataError as error:
            yield error
            continue
        annotator = next((n for k in ANNOTATOR if (n := one_name(row.values.get(k)))), None)
        groups[_identity(row, columns.article), annotator].append(row)
    if columns.article == "id" and len(groups) > 1 and all(len(g) == 1 for g in groups.values()):
        yield DataError(
            f"{first.where}: expected sentences of one article to share an id, found another id "
            "on each row; name the article of each sentence in a column article_id"
        )
        return
    yield from _articles(groups)
    yield from unknown.problems()


def _columns(row: Record, options: DataOptions) -> _Columns:
    values = _folded(row.fields)
    own = () if options.text_column is None else (_fold(options.text_column),)
    found = {
        what: next((name for name in names if name in values), None)
        for what, names in {
            "text": own or SENTENCE,
            "label": LABEL,
            "article_id": ARTICLE,
        }.items()
    }
    missing = [what for what, name in found.items() if name is None]
    if missing:
        cure = f"rename the columns that hold the {' and the '.join(missing)}"
        if "text" in missing:
            cure += ", or name that of the text with attrib data convert --text-column NAME"
        raise DataError(
            f"{row.where}: expected one sentence a row with columns text, label and "
            f"article_id, found no {' and no '.join(missing)} in {listed(map(str, row.fields))}; "
            f"{cure}"
        )
    return _Columns(*(name or "" for name in found.values()))


def _row(record: Record, columns: _Columns, options: DataOptions, unknown: UnknownNames) -> _Row:
    values = _folded(record.fields)
    text = values.get(columns.sentence)
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{record.where}: expected a sentence, found {text!r:.40}; the row is out")
    name = one_name(values.get(columns.label))
    mark = None
    if name is not None and not options.names.knows(name):
        unknown.add(name, record.where)
    elif name is not None:
        mark = _with_kind(options.names.mark(name), values)
    if _identity_or_none(values, columns.article) is None:
        raise DataError(f"{record.where}: expected the article's id, found none; the row is out")
    return _Row(record.where, fields.well_formed(text.strip()), mark, values)


def _with_kind(mark: Mark | None, values: Mapping[str, Any]) -> Mark | None:
    """Return ``mark`` with the source kind of a column for it; other sources are outlets."""
    if mark != Mark(Label.ATTRIBUTED):
        return mark
    told = {str(values.get(key)).strip().casefold() for key in KIND}
    return Mark(mark.label, next((kind for kind in SourceKind if kind.value in told), None))


def _identity(row: _Row, column: str) -> str:
    return _identity_or_none(row.values, column) or ""


def _identity_or_none(values: Mapping[str, Any], column: str) -> str | None:
    value = values.get(column)
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    return one_name(whole)


def _articles(
    groups: Mapping[tuple[str, str | None], list[_Row]],
) -> Iterator[LabelledArticle | DataError]:
    texts: dict[str, str] = {}
    for (identity, annotator), rows in groups.items():
        text, sentences = _rebuilt(rows)
        if not any(map(str.isalpha, text)):
            yield DataError(f"{rows[0].where}: expected words in article {identity}, found none")
            continue
        if texts.setdefault(identity, text) != text:
            yield DataError(
                f"{rows[0].where}: article {identity}: expected the same sentences from each "
                f"annotator, found others from {annotator}; give a row with an empty label to "
                "each sentence left out"
            )
        values = rows[0].values
        article = Article(
            text=text,
            id=identity,
            source=rows[0].where,
            title=fields.first_of(values, fields.TITLE),
            outlet=fields.first_of(values, _outlets(values)),
            date=fields.first_of(values, fields.DATE),
            topic=fields.first_of(values, fields.TOPIC),
        )
        yield LabelledArticle(article, tuple(with_gaps(text, sentences)), annotator)


def _outlets(values: Mapping[str, Any]) -> list[str]:
    """Return the columns for the outlet, without a ``source`` that tells the source kind."""
    kinds = {kind.value for kind in SourceKind} | {"", "none"}
    return [n for n in fields.OUTLET if str(values.get(n) or "").strip().casefold() not in kinds]


def _rebuilt(rows: Iterable[_Row]) -> tuple[str, list[LabelledSentence]]:
    pieces: list[str] = []
    sentences: list[LabelledSentence] = []
    position, paragraph = 0, None
    for row in rows:
        here = next((row.values[key] for key in _PARAGRAPH if key in row.values), None)
        if pieces:
            pieces.append(" " if here == paragraph else "\n\n")
            position += len(pieces[-1])
        end = position + len(row.text)
        if row.mark is not None:
            sentences.append(LabelledSentence(position, end, row.mark.label, row.mark.source_kind))
        pieces.append(row.text)
        position, paragraph = end, here
    return "".join(pieces), sentences


def _folded(record: Mapping[str, Any]) -> dict[str, Any]:
    return {_fold(str(name)): value for name, value in record.items()}


def _fold(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
