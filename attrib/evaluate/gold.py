"""The labels that a model is held against: read, and checked for what would falsify figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attrib.corpus import LabelledArticle
from attrib.corpus.formats import read_data
from attrib.errors import DataError


@dataclass(frozen=True, slots=True)
class Gold:
    """Labelled articles, each text once, and the files they are from."""

    sources: tuple[str, ...]
    articles: tuple[LabelledArticle, ...]


def read_gold(sources: Sequence[str]) -> Gold:
    """Read labelled articles to evaluate on.

    Raises:
        DataError: if a file breaks its format, if a text occurs twice, whether two annotators
            labelled it or one, if a text is none, or if nothing is labelled.
    """
    items = [item for source in sources for item in _read(source)]
    articles = [item for item in items if isinstance(item, LabelledArticle)]
    errors = [item for item in items if isinstance(item, DataError)]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise DataError(f"{errors[0]}{more}")
    if not any(sentence.label for labelled in articles for sentence in labelled.sentences):
        raise DataError(
            f"{', '.join(sources)}: expected labelled sentences, found none in "
            f"{len(articles)} article{'s' if len(articles) != 1 else ''}; label some of them"
        )
    _refuse_surrogates(articles)
    _refuse_repeats(articles)
    return Gold(tuple(sources), tuple(articles))


def _read(source: str) -> Iterable[LabelledArticle | DataError]:
    """Read one source; the only place here that knows the formats of labelled data."""
    return read_data(source)


def _refuse_surrogates(articles: Iterable[LabelledArticle]) -> None:
    for labelled in articles:
        try:
            labelled.article.text.encode()
        except UnicodeEncodeError as error:
            raise DataError(
                f"{labelled.article.source}: expected text, found half a surrogate pair at "
                f"character {error.start}; write the file anew with whole characters"
            ) from error


def _refuse_repeats(articles: Iterable[LabelledArticle]) -> None:
    """Refuse a text that would count twice, or be right and wrong at once."""
    first: dict[str, LabelledArticle] = {}
    repeats = []
    for labelled in articles:
        before = first.setdefault(labelled.article.text, labelled)
        if before is not labelled:
            repeats.append((before, labelled))
    if not repeats:
        return
    before, again = repeats[0]
    found = f"{len(repeats)} repeated (first: {_called(again)}, the text of {_called(before)})"
    annotators = {labelled.annotator for pair in repeats for labelled in pair} - {None}
    cure = "keep one annotator's labels" if len(annotators) > 1 else "keep it once"
    raise DataError(
        f"{again.article.source}: expected each article once, with one set of labels, "
        f"found {found}; {cure}"
    )


def _called(labelled: LabelledArticle) -> str:
    by = f" by {labelled.annotator}" if labelled.annotator else ""
    return f"{labelled.article.id}{by} in {labelled.article.source}"
