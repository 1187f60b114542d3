"""Attribution relations (source, cue, content) to sentence labels, by a stated rule.

A sentence is *attributed* when at least half of its characters, white space aside, lie in the
source, cue or content of relations; otherwise it is *unattributed*. Of the relations that share in
it, the one that covers most of it decides the kind, on a tie the one with the longest content: its
source is *unnamed* when it has none, or when it is an indefinite description (``is_indefinite``);
otherwise *named*, pronouns included, since they point to somebody. *Contested* cannot be told from
relations. Sentences that lie for at least half in spans of no relation stay unlabelled.

The JSON Lines form: ``text`` and ``attributions``, a list of objects with ``source``, ``cue`` and
``content``, each a list of ``[start, end]`` in characters, half-open.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attrib.article import Label, SourceKind
from attrib.corpus.annotation import ANNOTATOR, DataOptions, article_of, one_name
from attrib.corpus.coverage import Interval, covered, joined, solid_before
from attrib.corpus.files import Record, json_records
from attrib.corpus.values import LabelledArticle, LabelledSentence, with_gaps
from attrib.errors import DataError
from attrib.sentences import split

ROLES = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Relation:
    """Who (``source``) says (``cue``) what (``content``); each may have several parts, or none."""

    source: tuple[Interval, ...] = ()
    cue: tuple[Interval, ...] = ()
    content: tuple[Interval, ...] = ()

    @property
    def parts(self) -> list[Interval]:
        """All of it, in order."""
        return joined((*self.source, *self.cue, *self.content))


def by_relations(
    text: str, relations: Sequence[Relation], doubtful: Sequence[Interval] = ()
) -> list[LabelledSentence]:
    """Return the sentences of ``text`` with their labels, by the rule above.

    ``doubtful`` are stretches that nothing is known of: what lies in them stays unlabelled, and is
    left out here.
    """
    solid = solid_before(text)
    parts = [(relation, relation.parts) for relation in relations]
    inside = joined(part for _, several in parts for part in several)
    unknown = joined(doubtful)
    labelled = []
    for sentence in split(text):
        start, end = sentence.start, sentence.end
        weight = solid[end] - solid[start]
        if 2 * covered(solid, inside, start, end) >= weight:
            most = max(
                parts,
                key=lambda pair: (
                    covered(solid, pair[1], start, end),
                    sum(right - left for left, right in pair[0].content),
                ),
            )[0]
            labelled.append(LabelledSentence(start, end, Label.ATTRIBUTED, _kind(text, most)))
        elif 2 * covered(solid, unknown, start, end) < weight:
            labelled.append(LabelledSentence(start, end, Label.UNATTRIBUTED))
    return labelled


def _kind(text: str, relation: Relation) -> SourceKind:
    source = " ".join(text[start:end] for start, end in relation.source)
    return SourceKind.UNNAMED if is_indefinite(source) else SourceKind.NAMED


# Heads of descriptions that name nobody, after the guideline's settled cases. Bodies (police,
# prosecutors, the ministry) and pronouns are not among them.
_HEADS = {
    *("source", "official", "aide", "adviser", "advisor", "insider", "staffer", "operative"),
    *("critic", "analyst", "expert", "observer", "strategist", "economist", "scholar"),
    *("supporter", "opponent", "ally", "rival", "voter", "resident", "witness", "bystander"),
    *("people", "person", "someone", "somebody", "everyone", "everybody", "others", "another"),
    *("some", "many", "most", "several", "few", "those"),
}
_PLURALS = {"allies": "ally", "witnesses": "witness"}
_QUANTIFIERS = {"some", "many", "most", "several", "few", "various", "other", "numerous"}
_QUALIFIERS = {"unnamed", "unidentified", "anonymous"}
_REST = re.compile(
    r"[,;:(]|\b(?:of|in|at|from|with|for|on|to|by|inside|within|near|who|whose|that|which|"
    r"close|familiar|including|briefed|speaking)\b"
)
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


def is_indefinite(source: str) -> bool:
    """Tell whether ``source`` describes people whom a reader could not identify.

    It does when it is empty; when its first or second word is a qualifier such as *unnamed*, or its
    first a quantifier such as *several*; or when its head, the last word ahead of any comma,
    preposition or clause, is one of a short list, as *official* is in *a senior official at the
    ministry*, and not in *Jane Roe, an official*.
    """
    words = _WORD.findall(source.casefold())
    if not words:
        return True
    ahead = _WORD.findall(_REST.split(source.casefold(), maxsplit=1)[0]) or words
    head = ahead[-1]
    singular = _PLURALS.get(head, head.removesuffix("s"))
    return (
        bool({head, singular} & _HEADS)
        or words[0] in _QUANTIFIERS
        or bool(_QUALIFIERS & set(words[:2]))
    )


def read_attributions(path: Path, options: DataOptions) -> Iterator[LabelledArticle | DataError]:
    """Yield the articles of the JSON Lines form above; broken relations are told and left out."""
    for record in json_records(path):
        if isinstance(record, DataError):
            yield record
            continue
        try:
            yield from _article(record, options)
        except DataError as error:
            yield error


def _article(record: Record, options: DataOptions) -> Iterator[LabelledArticle | DataError]:
    fields = record.fields
    article = article_of(fields, record.where, options)
    where = f"{article.source}: article {article.id}"
    rows = fields.get("attributions")
    if not isinstance(rows, list):
        raise DataError(f'{where}: expected a list under "attributions", found {rows!r:.40}')
    relations = []
    for number, row in enumerate(rows):
        try:
            relations.append(_relation(row, len(article.text)))
        except ValueError as error:
            yield DataError(f"{where}: attribution {number}: {error}; it is left out")
    labelled = by_relations(article.text, relations)
    annotator = next((n for key in ANNOTATOR if (n := one_name(fields.get(key)))), None)
    yield LabelledArticle(article, tuple(with_gaps(article.text, labelled)), annotator)


def _relation(row: Any, length: int) -> Relation:
    parts = []
    for role in ROLES:
        spans = row.get(role, []) if isinstance(row, dict) else None
        if not isinstance(spans, list) or not all(_is_interval(s, length) for s in spans):
            raise ValueError(
                f"expected {role} as a list of [start, end] within the {length} characters of the "
                f"text, found {spans!r:.60}"
            )
        parts.append(tuple((start, end) for start, end in spans))
    return Relation(*parts)


def _is_interval(value: Any, length: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == len(("start", "end"))
        and all(isinstance(offset, int) for offset in value)
        and 0 <= value[0] < value[1] <= length
    )
