"""brat stand-off: a ``.txt`` and an ``.ann`` beside it for each article.

Spans of source, cue and content, linked by events or relations, become labels by the rule of
``attrib.corpus.attributions``; spans of any other name are labels themselves, by that of ``align``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from attrib.article import Article
from attrib.corpus.annotation import Annotation, DataOptions, Span, article_of
from attrib.corpus.attributions import ROLES, Relation, by_relations
from attrib.corpus.coverage import Interval
from attrib.corpus.files import read_text
from attrib.corpus.offsets import located
from attrib.corpus.values import LabelledArticle, with_gaps
from attrib.errors import DataError

ENDING = ".ann"
# PolNeAR's name for what is no part of the article.
_DISCARD = "discard"
_TEXT_BOUND = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?")
_EVENT = re.compile(r"(E\S+)\t(\S+:\S+(?: \S+:\S+)*) *")
_RELATION = re.compile(r"(R\S+)\t\S+ (\S+:\S+) (\S+:\S+)\s*")
# Attributes, modifications, normalisations, equivalences and notes say nothing of labels.
_OTHER = ("A", "M", "N", "*", "#")


@dataclass(slots=True)
class _Document:
    """What an ``.ann`` says: parts of spans by id, what links them, and what is wrong in it."""

    spans: dict[str, list[Span]] = field(default_factory=dict)
    events: dict[str, list[str]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    problems: list[DataError] = field(default_factory=list)

    def role(self, name: str) -> str:
        """Return the type of a span in lower case."""
        return self.spans[name][0].name.casefold()


def read_brat(path: Path) -> Iterator[Annotation | LabelledArticle | DataError]:
    """Yield the articles of a folder, at any depth, or of one ``.ann`` file.

    An article that lies in several folders was labelled by several people: the folder is the
    annotator.
    """
    files = sorted(path.rglob(f"*{ENDING}")) if path.is_dir() else [path]
    times = Counter(file.stem for file in files)
    for file in files:
        shared = times[file.stem] > 1
        annotator = file.parent.relative_to(path).as_posix() if shared else None
        try:
            yield from _read(file, None if annotator == "." else annotator)
        except DataError as error:
            yield error


def _read(file: Path, annotator: str | None) -> Iterator[Annotation | LabelledArticle | DataError]:
    document = _parse(read_text(file), file)
    yield from document.problems
    beside = file.with_suffix(".txt")
    if not beside.exists():
        raise DataError(
            f"{file}: expected its text beside it, found no {beside.name}; put it there"
        )
    record = {"text": read_text(beside)}
    article = article_of(record, str(file), DataOptions(), file.stem)
    if not document.spans:
        raise DataError(
            f"{file}: expected annotations, found none, which may mean that nobody has read the "
            "article yet; take the file away"
        )
    if not any(document.role(name) in ROLES for name in document.spans):
        spans = [part for parts in document.spans.values() for part in parts]
        yield Annotation(article, tuple(spans), annotator)
        return
    yield from _attributed(article, document, annotator)


def _parse(text: str, file: Path) -> _Document:
    document = _Document()
    for number, line in enumerate(text.split("\n"), 1):
        entry = line.rstrip("\r")
        if bound := _TEXT_BOUND.fullmatch(entry):
            document.spans[bound[1]] = _parts(bound[2], bound[3], bound[4])
        elif event := _EVENT.fullmatch(entry):
            document.events[event[1]] = [part.partition(":")[2] for part in event[2].split()]
        elif relation := _RELATION.fullmatch(entry):
            first, second = (relation[i].partition(":")[2] for i in (2, 3))
            document.links.append((first, second))
        elif entry.strip() and not entry.startswith(_OTHER):
            document.problems.append(
                DataError(
                    f"{file}:{number}: expected a line of brat stand-off, such as T1, a tab, "
                    f"Content 0 12, a tab and the words; found {entry!r:.60}; mend the line"
                )
            )
    return document


def _parts(name: str, offsets: str, text: str | None) -> list[Span]:
    """Return the parts of a span, each with its share of the words, which a space joins."""
    places = [(int(start), int(end)) for start, end in map(str.split, offsets.split(";"))]
    if len(places) == 1:
        return [Span(*places[0], name, text)]
    lengths = [end - start for start, end in places]
    whole = text if text is not None and len(text) == sum(lengths) + len(lengths) - 1 else None
    spans, position = [], 0
    for (start, end), length in zip(places, lengths, strict=True):
        words = None if whole is None else whole[position : position + length]
        spans.append(Span(start, end, name, words))
        position += length + 1
    return spans


def _attributed(
    article: Article, document: _Document, annotator: str | None
) -> Iterator[LabelledArticle | DataError]:
    where = f"{article.source}: article {article.id}"
    flat = [Span(p.start, p.end, n, p.text) for n, parts in document.spans.items() for p in parts]
    found, problems = located(article.text, flat)
    places: dict[str, list[Interval]] = defaultdict(list)
    for span in found:
        places[span.name].append((span.start, span.end))
    yield from (DataError(f"{where}: {problem}") for problem in problems)
    groups = list(_groups(document))
    linked = {name for group in groups for name in group}
    loose = [n for n in document.spans if document.role(n) in ROLES and n not in linked]
    if loose:
        yield DataError(
            f"{where}: expected every source, cue and content in a relation, found "
            f"{', '.join(loose[:12])} in none; their sentences stay unlabelled: link them"
        )
    doubtful = [*loose, *(n for n in document.spans if document.role(n) == _DISCARD)]
    labelled = by_relations(
        article.text,
        [_relation(group, document, places) for group in groups],
        [place for name in doubtful for place in places[name]],
    )
    yield LabelledArticle(article, tuple(with_gaps(article.text, labelled)), annotator)


def _relation(
    group: Iterable[str], document: _Document, places: dict[str, list[Interval]]
) -> Relation:
    by_role = {
        role: tuple(p for n in group if document.role(n) == role for p in places[n])
        for role in ROLES
    }
    return Relation(**by_role)


def _groups(document: _Document) -> Iterator[list[str]]:
    """Yield the spans of each relation: those of an event, or a cue and what is linked to it.

    What is linked to no cue at either end is one relation a connected set.
    """
    for names in document.events.values():
        yield _known(document, names)
    near: dict[str, list[str]] = defaultdict(list)
    for link in document.links:
        pair = _known(document, link)
        for name, other in (pair, pair[::-1]) if len(pair) == len(link) else ():
            near[name].append(other)
    seen: set[str] = set()
    for cue in [name for name in near if document.role(name) == "cue"]:
        group = [cue, *near[cue]]
        roles = {document.role(name) for name in group}
        # A source may be linked to the content only, and not to the cue.
        group += [
            far
            for name in near[cue]
            for far in near[name]
            if far not in group and document.role(far) not in roles
        ]
        seen.update(group)
        yield group
    for name in near:
        if name not in seen:
            group = _reached(name, near, seen)
            seen.update(group)
            yield group


def _reached(name: str, near: dict[str, list[str]], but: set[str]) -> list[str]:
    group = [name]
    for member in group:
        group.extend(other for other in near[member] if other not in group and other not in but)
    return group


def _known(document: _Document, names: Iterable[str]) -> list[str]:
    """Return the spans that ``names`` stand for: an event stands for its trigger, its first."""
    triggers = (document.events[n][0] if n in document.events else n for n in names)
    return [name for name in triggers if name in document.spans]
