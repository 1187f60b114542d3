"""What is wrong within one labelled article."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from attrib.article import Label
from attrib.corpus import LabelledArticle, LabelledSentence, spans
from attrib.datacheck import findings
from attrib.datacheck.findings import Finding
from attrib.modelfolder import ModelFolder, load_tokenizer
from attrib.sentences import split
from attrib.windows import lay

Cutter = Callable[[LabelledArticle], Sequence[int]]
"""Labelled article to the indices of its sentences that a window cannot hold."""

_LONG = 1_000


def cutter(folder: ModelFolder) -> Cutter:
    """Return what finds the sentences that the windows of the model in ``folder`` cut.

    Raises:
        ModelError: if the folder's tokenizer is damaged.
    """
    tokenizer = load_tokenizer(folder)
    layout = folder.manifest.layout
    return lambda labelled: lay(labelled.article.text, spans(labelled), tokenizer, layout).cut


def in_article(labelled: LabelledArticle, cut: Cutter) -> Iterator[Finding]:
    """Yield what is wrong with the sentences of ``labelled``, one by one."""
    article = labelled.article
    given = [s for s in labelled.sentences if s.label is not None]
    if not given:
        yield Finding(findings.UNLABELLED_ARTICLE, article.source, "no label in it")
    try:
        article.text.encode()
    except UnicodeEncodeError as error:
        found = f"half a surrogate pair at character {error.start}"
        yield Finding(findings.BROKEN_TEXT, article.source, found)
        return
    too_long = set(cut(labelled))
    for index, sentence in enumerate(labelled.sentences):
        if sentence.label is None:
            continue
        where = f"{article.source}: characters {sentence.start} to {sentence.end}"
        text = article.text[sentence.start : sentence.end]
        if index in too_long:
            yield Finding(findings.CUT, where, f"{len(text):,} characters")
        elif len(text) > _LONG:
            yield Finding(findings.LONG, where, f"{len(text):,} characters")
        if not any(character.isalpha() for character in text):
            yield Finding(findings.NO_LETTERS, where, f"{sentence.label}: {text!r:.40}")


def cut_finer(labelled: LabelledArticle) -> int:
    """Count the labelled sentences inside which the sentence splitter would cut."""
    text = labelled.article.text
    starts = [sentence.start for sentence in split(text)]
    given = [stripped(text, s) for s in labelled.sentences if s.label is not None]
    return sum(bisect_left(starts, end) > bisect_right(starts, start) for start, end in given)


def stripped(text: str, sentence: LabelledSentence) -> tuple[int, int]:
    """Return the offsets of ``sentence`` without the white space at its ends."""
    content = text[sentence.start : sentence.end]
    start = sentence.start + len(content) - len(content.lstrip())
    return start, start + len(content.strip())


def one_label(labelled: LabelledArticle) -> bool:
    """Say whether all of several labelled sentences bear the same label."""
    given = [s.label for s in labelled.sentences if s.label is not None]
    return len(given) > 1 and len(set(given)) == 1


def conflicts_unsaid(labelled: LabelledArticle) -> int:
    """Count the contested sentences that do not say what they clash with."""
    return sum(s.label is Label.CONTESTED and not s.conflicts_with for s in labelled.sentences)
