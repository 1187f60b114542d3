"""What a reader of the verdicts should know about a text before trusting them.

Rules of thumb on purpose: they warn, and never change a verdict. A language identifier would bring
a model of its own to the start of every run; the share of common English words tells enough.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from attrib.article import Sentence
from attrib.sentences import paragraphs

_WORD = re.compile(r"[^\W\d_]+")
# Function words: 35 to 50 in a hundred words of English news, under 10 in other languages.
# fmt: off
_ENGLISH = frozenset(
    (
        "the", "of", "and", "to", "in", "a", "that", "is", "was", "for", "on", "with", "as",
        "it", "he", "his", "at", "by", "be", "from", "had", "have", "has", "not", "are", "were",
        "said", "but", "they", "this", "which", "she", "her", "an", "or", "their", "its", "who",
        "will", "would", "been", "after", "than", "when", "we", "you", "i", "about", "more",
        "one", "there",
    )
)
# fmt: on
_SAMPLE_CHARACTERS = 20_000
_MIN_WORDS = 12
_MIN_ENGLISH_SHARE = 0.2
_MANY_CHARACTERS = 2_000


def screen(text: str, sentences: Sequence[Sentence], cut: Sequence[int]) -> Iterator[str]:
    """Yield one line for each thing about ``text`` that may make verdicts unsound.

    ``cut`` holds the indices of sentences of which the model saw only the two ends.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if _right_to_left(sample):
        yield "the text runs from right to left; the model reads English: do not rely on the labels"
    elif not _english(sample):
        yield "the text does not look English; the model reads English: do not rely on the labels"
    if len(sentences) == 1 and len(text) > _MANY_CHARACTERS:
        yield (
            f"no sentence end in {len(text):,} characters, so all of it got one label; "
            "give the text with its punctuation or line breaks"
        )
    elif cut:
        yield (
            f"{len(cut)} sentence{'s' if len(cut) > 1 else ''} too long for the model, which read "
            f"only beginning and end (first: sentence {cut[0]}); check its punctuation"
        )
    unpaired = unpaired_quotes(text)
    if unpaired:
        yield (
            f"{len(unpaired)} quotation mark{'s' if len(unpaired) > 1 else ''} without a partner "
            f"(first at character {unpaired[0]}); check where the quotation ends"
        )


def _english(sample: str) -> bool:
    words = [word.lower() for word in _WORD.findall(sample)]
    if len(words) < _MIN_WORDS:
        return True
    return sum(word in _ENGLISH for word in words) >= _MIN_ENGLISH_SHARE * len(words)


def _right_to_left(sample: str) -> bool:
    letters = {c: n for c, n in Counter(sample).items() if c.isalpha()}
    leftward = (n for c, n in letters.items() if unicodedata.bidirectional(c) in ("R", "AL"))
    return 2 * sum(leftward) > sum(letters.values())


def unpaired_quotes(text: str) -> list[int]:
    """Return the offsets of double quotation marks that open or close nothing.

    A quotation of several paragraphs opens each of them anew and closes in the last, as is the
    custom in print; that is in order.
    """
    unpaired = []
    opened: int | None = None
    for start, end in paragraphs(text):
        content = text[start:end]
        if opened is not None and content.strip():
            if content.lstrip()[0] not in '“"':
                unpaired.append(opened)
            opened = None
        for mark in re.finditer('[“”"]', content):
            at, straight = start + mark.start(), mark.group() == '"'
            if straight and opened is None and text[at - 1 : at].isdigit():
                continue  # inches or seconds
            if mark.group() == "“" or (straight and opened is None):
                if opened is not None:
                    unpaired.append(opened)
                opened = at
            elif opened is None:
                unpaired.append(at)
            else:
                opened = None
    if opened is not None:
        unpaired.append(opened)
    return unpaired
