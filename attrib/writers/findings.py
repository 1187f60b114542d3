"""What a code-review tool is to be told: rules, and the sentences that fall under them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from attrib.article import Article, Report, Verdict
from attrib.selection import Selection
from attrib.writers.looks import ATTRIBUTED, CONTESTED, UNATTRIBUTED, UNNAMED, Look, look_of
from attrib.writers.phrases import percent

_RECORD = re.compile(r"(.+):\d+", re.DOTALL)


class Severity(Enum):
    """How much a finding matters: what GitHub calls it, and what SARIF does."""

    WARNING = ("warning", "warning")
    NOTE = ("notice", "note")

    def __init__(self, github: str, sarif: str) -> None:
        self.github = github
        self.sarif = sarif


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding; ``by_default`` says whether those who asked for no label see it."""

    id: str
    look: Look
    severity: Severity
    title: str
    help: str
    by_default: bool = True


RULES: tuple[Rule, ...] = (
    Rule(
        id="attrib/contested",
        look=CONTESTED,
        severity=Severity.WARNING,
        title="Contested",
        help=(
            "The article presents this sentence as disputed: sources give rival accounts or "
            "figures, someone denies or rebuts the claim here or in a nearby sentence, or the "
            "outlet itself says that the claim is wrong or disputed. Check that both sides are "
            "given, and that it is clear who says what."
        ),
    ),
    Rule(
        id="attrib/unattributed",
        look=UNATTRIBUTED,
        severity=Severity.NOTE,
        title="Unattributed",
        help=(
            "The main claim is asserted in the outlet's own voice. If it turned out to be false, "
            "the outlet would be to blame. Check that the outlet knows it first-hand or that it "
            "needs no source; otherwise, name the source."
        ),
    ),
    Rule(
        id="attrib/unnamed-source",
        look=UNNAMED,
        severity=Severity.NOTE,
        title="Unnamed source",
        help=(
            "The main claim is ascribed to a source that a reader cannot identify: unnamed people, "
            "an unspecified group such as critics or analysts, or hearsay such as reportedly and "
            "allegedly. Check that there is a reason for not naming the source."
        ),
    ),
    Rule(
        id="attrib/attributed",
        look=ATTRIBUTED,
        severity=Severity.NOTE,
        title="Attributed",
        help=(
            "The main claim is ascribed to an identifiable source: a named person, an institution, "
            "a described document or another outlet. Shown only where attributed sentences are "
            "asked for."
        ),
        by_default=False,
    ),
)
_RULE_OF = {rule.look: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that falls under ``rule``, on ``line`` to ``end_line`` of the file ``path``."""

    rule: Rule
    verdict: Verdict
    path: str
    line: int
    end_line: int

    @property
    def message(self) -> str:
        """What the finding says, without the sentence it is about."""
        return f"{self.rule.title} ({percent(self.verdict.confidence)}). {self.rule.look.meaning}"


def findings(report: Report, selection: Selection) -> Iterator[Finding]:
    """Yield the kept sentences in order; where no label was asked for, those worth a look."""
    for scored in report.articles:
        article, path = scored.article, _path(scored.article)
        for verdict in scored.verdicts:
            rule = _RULE_OF[look_of(verdict)]
            if selection.keeps(verdict) and (rule.by_default or selection.labels is not None):
                first = article.line_at(verdict.start)
                last = article.line_at(max(verdict.start, verdict.end - 1))
                yield Finding(rule, verdict, path, first, max(first, last))


def _path(article: Article) -> str:
    """Return the file that ``article`` came from: its source without the line of a record."""
    record = _RECORD.fullmatch(article.source)
    return record[1] if record else article.source
