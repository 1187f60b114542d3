"""What is wrong with a set of labelled articles as a whole, and between sets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from attrib.article import Label
from attrib.corpus import LabelledArticle, LabelledSentence
from attrib.corpus.formats import DataFormat, DataOptions, read_data
from attrib.datacheck import findings
from attrib.datacheck.counts import Counts
from attrib.datacheck.findings import Finding
from attrib.datacheck.sentences import stripped
from attrib.duplicates import near_copies, same_words
from attrib.errors import DataError

_FEW_ARTICLES = 30
_FEW_SENTENCES = 20

_Given = tuple[LabelledArticle, LabelledSentence]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """What was read of one file, and what could not be."""

    name: str
    articles: tuple[LabelledArticle, ...]
    errors: tuple[DataError, ...] = ()


def read_set(
    where: str, fmt: DataFormat | None = None, options: DataOptions | None = None
) -> LabelledSet:
    """Read all that can be read of ``where``, and keep what is wrong with the rest."""
    articles: list[LabelledArticle] = []
    errors: list[DataError] = []
    for item in read_data(where, fmt, options):
        if isinstance(item, DataError):
            errors.append(item)
        else:
            articles.append(item)
    return LabelledSet(where, tuple(articles), tuple(errors))


def lacking(name: str, counts: Counts) -> Iterator[Finding]:
    """Yield what the set ``name`` has too little of."""
    if counts.articles < _FEW_ARTICLES:
        yield Finding(findings.FEW_ARTICLES, name, f"{counts.articles}")
    for label in Label:
        if 0 < counts.labels[label] < _FEW_SENTENCES:
            yield Finding(findings.FEW_SENTENCES, name, f"{counts.labels[label]} {label}")


def conflicts(articles: Iterable[LabelledArticle]) -> Iterator[Finding]:
    """Yield the sentences that were labelled differently in copies of one article.

    Copies are articles with the same text to the character, labelled by several people or twice by
    one; sentences are compared where their text stands at the same place.
    """
    given: dict[tuple[str, int, int], list[_Given]] = defaultdict(list)
    for labelled in articles:
        text = labelled.article.text
        for sentence in labelled.sentences:
            if sentence.label is not None:
                given[text, *stripped(text, sentence)].append((labelled, sentence))
    for (_, start, end), labels in given.items():
        by_label = {str(s.label): labelled for labelled, s in labels}
        by_source = {str(s.source_kind): labelled for labelled, s in labels if s.source_kind}
        one = len(by_label) == 1
        kind, differing = (
            (findings.KIND_CONFLICT, by_source) if one else (findings.CONFLICT, by_label)
        )
        if len(differing) > 1:
            source = labels[-1][0].article.source
            found = "; ".join(f"{what}{_by(who, source)}" for what, who in differing.items())
            yield Finding(kind, f"{source}: characters {start} to {end}", found)


def _by(labelled: LabelledArticle, here: str) -> str:
    by = f" by {labelled.annotator}" if labelled.annotator else ""
    return by if labelled.article.source == here else f"{by} in {labelled.article.source}"


def copies(sets: Sequence[LabelledSet]) -> Iterator[Finding]:
    """Yield articles that stand more than once, whole or in good part, in one file or in two."""
    articles = [(number, labelled) for number, s in enumerate(sets) for labelled in s.articles]
    groups = same_words([labelled.article.text for _, labelled in articles])
    for group in groups:
        yield from _exact([articles[position] for position in group])
    heads = [articles[group[0]] for group in groups]
    for pair in near_copies(
        [labelled.article.text for _, labelled in heads],
        [labelled.article.outlet for _, labelled in heads],
    ):
        (number, first), (other, second) = heads[pair.first], heads[pair.second]
        share = f"{int(100 * pair.overlap)} % of the shorter one in both, with"
        kind = findings.NEAR_DUPLICATE if number == other else findings.LEAK
        yield Finding(kind, second.article.source, f"{share} {first.article.source}")


def _exact(group: Sequence[tuple[int, LabelledArticle]]) -> Iterator[Finding]:
    """Yield a leak for each further file that a text is in, and its doubles within a file."""
    head, first = group[0]
    files = {head}
    seen = {(head, first.annotator): first}
    for number, labelled in group[1:]:
        before = seen.setdefault((number, labelled.annotator), labelled)
        if before is not labelled:
            found = f"the same words as {before.article.source}"
            yield Finding(findings.DUPLICATE, labelled.article.source, found)
        elif number not in files:
            found = f"the same words as {first.article.source}"
            yield Finding(findings.LEAK, labelled.article.source, found)
        files.add(number)
