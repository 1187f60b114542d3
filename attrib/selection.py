"""Which verdicts a reader wants to see."""

from dataclasses import dataclass

from attrib.article import Label, Verdict


@dataclass(frozen=True, slots=True)
class Selection:
    """Verdicts with one of ``labels`` and a confidence of at least ``min_confidence`` in [0, 1].

    ``labels`` is None where the user did not say: then a writer shows what its format is for.
    """

    labels: frozenset[Label] | None = None
    min_confidence: float = 0.0

    def keeps(self, verdict: Verdict) -> bool:
        """Return whether ``verdict`` is to be shown."""
        wanted = self.labels is None or verdict.label in self.labels
        return wanted and verdict.confidence >= self.min_confidence
