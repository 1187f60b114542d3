"""Figures and filters in words, the same in every format that a person reads."""

from attrib.article import Article, Label, ScoredArticle, Summary
from attrib.selection import Selection
from attrib.writers.characters import one_line

_HALF_PERCENT = 0.005


def percent(share: float) -> str:
    """Return ``share`` in [0, 1] as a percentage; only none is "0%" and only all is "100%"."""
    if 0 < share < _HALF_PERCENT:
        return "<1%"
    if 1 - _HALF_PERCENT <= share < 1:
        return ">99%"
    return f"{share:.0%}"


def number(count: int, noun: str) -> str:
    """Return ``count`` and ``noun``, in the plural where it has to be."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def heading(article: Article) -> str:
    """Return what to call ``article``: its title, or where it came from."""
    return one_line(article.title or "") or one_line(article.source)


def origin(article: Article) -> list[str]:
    """Return outlet, date and source, as far as they are known and not the heading already."""
    known = (one_line(part or "") for part in (article.outlet, article.date, article.source))
    return [part for part in known if part and part != heading(article)]


def summed_up(summary: Summary) -> str:
    """Return the counts of an article as one sentence without a full stop."""
    total = summary.sentences
    if not total:
        return "no sentences"
    parts = [
        (summary.attributed, "attributed"),
        (summary.unattributed, "unattributed"),
        (summary.contested, "contested"),
    ]
    shares = [f"{count:,} {word} ({percent(count / total)})" for count, word in parts]
    if summary.unnamed_source:
        every = summary.unnamed_source == summary.attributed
        few = "all" if every else f"{summary.unnamed_source:,}"
        shares[0] = f"{shares[0][:-1]}, {few} from unnamed sources)"
    return f"{number(total, 'sentence')}: {', '.join(shares)}"


def kept(scored: ScoredArticle, selection: Selection, verb: str) -> str:
    """Say how many sentences ``selection`` lets be ``verb``; nothing where it asks for nothing."""
    total = len(scored.verdicts)
    if not total or (selection.labels is None and selection.min_confidence <= 0):
        return ""
    wish = _wish(selection)
    count = sum(map(selection.keeps, scored.verdicts))
    if not count:
        return f"Nothing {verb}: none of the {number(total, 'sentence')} is {wish}."
    return f"{count:,} of {number(total, 'sentence')} {verb}: {wish}."


def _wish(selection: Selection) -> str:
    if selection.labels is None:
        words = "labelled"
    else:
        words = " or ".join(label for label in Label if label in selection.labels) or "asked for"
    if selection.min_confidence > 0:
        words += f" with a confidence of at least {100 * selection.min_confidence:.4g}%"
    return words
