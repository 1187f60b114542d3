"""Limits a newsroom sets on an article, and which articles break them."""

from collections.abc import Iterator
from dataclasses import dataclass

from attrib.article import Label, Report, ScoredArticle


@dataclass(frozen=True, slots=True)
class Policy:
    """``max_unattributed`` is a share of an article's sentences in [0, 1]; ``fail_on`` are labels.

    An article breaks the policy if its unattributed share is above the limit, or if it has a
    sentence with one of the labels.
    """

    max_unattributed: float | None = None
    fail_on: frozenset[Label] = frozenset()

    def breaches(self, report: Report) -> Iterator[str]:
        """Yield one line for each limit that an article of ``report`` breaks."""
        for scored in report.articles:
            yield from self._breaches(scored)

    def _breaches(self, scored: ScoredArticle) -> Iterator[str]:
        share = scored.summary.share(Label.UNATTRIBUTED)
        if self.max_unattributed is not None and share > self.max_unattributed:
            yield (
                f"{scored.article.source}: {share:.1%} of its sentences are unattributed, "
                f"the policy allows {self.max_unattributed:.1%}"
            )
        for label in sorted(self.fail_on):
            found = [v for v in scored.verdicts if v.label is label]
            if found:
                yield (
                    f"{scored.article.source}: {len(found)} {label} "
                    f"sentence{'s' if len(found) > 1 else ''}, the policy allows none "
                    f"(first on line {scored.article.line_at(found[0].start)})"
                )
