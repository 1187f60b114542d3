"""Articles with verdicts, built by hand for the tests of the writers."""

from typing import Any

from attrib.article import Article, Label, ScoredArticle, SourceKind, Verdict

# The guideline's codes.
KINDS: dict[str, tuple[Label, SourceKind | None]] = {
    "A": (Label.ATTRIBUTED, SourceKind.NAMED),
    "V": (Label.ATTRIBUTED, SourceKind.UNNAMED),
    "U": (Label.UNATTRIBUTED, None),
    "C": (Label.CONTESTED, None),
}


def scored(
    *told: tuple[str, str] | str, notices: tuple[str, ...] = (), **about: Any
) -> ScoredArticle:
    """Return an article of sentences (kind, text); bare strings stand between them.

    Every label has probability 0.9, and the others share the rest.
    """
    text = ""
    verdicts: list[Verdict] = []
    for part in told:
        if isinstance(part, str):
            text += part
            continue
        label, source = KINDS[part[0]]
        shares = {other: 0.9 if other is label else 0.05 for other in Label}
        end = len(text) + len(part[1])
        verdicts.append(Verdict(len(verdicts), len(text), end, part[1], label, 0.9, shares, source))
        text += part[1]
    return ScoredArticle(Article(text, **about), tuple(verdicts), notices)
