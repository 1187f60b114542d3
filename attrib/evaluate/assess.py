"""All that is told of a model on labelled articles."""

from dataclasses import dataclass

from attrib.article import ModelIdentity
from attrib.assessment import Assessment
from attrib.corpus import fingerprint
from attrib.evaluate.comparison import compare
from attrib.evaluate.figures import evaluate
from attrib.evaluate.gold import Gold
from attrib.evaluate.judged import Judged
from attrib.evaluate.mistakes import mistakes
from attrib.evaluate.slices import slices


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model and what it says of the gold articles."""

    model: ModelIdentity
    judged: Judged


def assess(
    gold: Gold, candidate: Candidate, against: Candidate | None = None, *, worst: int = 20
) -> Assessment:
    """Return figures, slices and ``worst`` sure mistakes of ``candidate``, beside another if given.

    Both candidates judged all articles of ``gold``.
    """
    judged = candidate.judged
    wrong = tuple(mistakes(judged, gold.articles))
    return Assessment(
        model=candidate.model,
        sources=gold.sources,
        data_sha256=fingerprint(gold.articles),
        evaluation=evaluate(judged),
        slices=tuple(slices(judged, gold.articles)),
        sure_mistakes=len(wrong),
        mistakes=wrong[:worst],
        against=compare(judged, against.judged, against.model) if against else None,
    )
