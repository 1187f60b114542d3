"""What a report says in words, and its figures as it writes them."""

from dataclasses import dataclass

from attrib.article import Label
from attrib.overview.values import Share, Trend
from attrib.writers.characters import one_line
from attrib.writers.looks import ATTRIBUTED, CONTESTED, UNATTRIBUTED, UNNAMED, Look
from attrib.writers.phrases import number

NONE = "(none)"
_LONGEST_NAME = 80

INTERVALS = (
    "Intervals (95 %) tell how far a share might move with another choice of articles of the same "
    "kind: sentences of one article are alike, so articles are counted, not sentences. They do not "
    "cover the model's errors."
)
RANKING = (
    "Ranked by the lower end of the 95 % Wilson interval of the share, so that a few sentences do "
    "not make a short article win."
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the four shares: its name in a tally, its look, a title, and how a sentence has it."""

    key: str
    look: Look
    title: str
    phrase: str

    @property
    def label(self) -> Label:
        """The label whose hue it has."""
        return self.look.label


MEASURES = (
    Measure("attributed", ATTRIBUTED, "Attributed", "attributed"),
    Measure("unattributed", UNATTRIBUTED, "Unattributed", "unattributed"),
    Measure("contested", CONTESTED, "Contested", "contested"),
    Measure("unnamed", UNNAMED, "From unnamed sources", "from unnamed sources"),
)


def called(value: str | None) -> str:
    """Return the name of a group on one line, cut where it is very long."""
    return cut(one_line(value or ""), _LONGEST_NAME) or NONE


def cut(text: str, longest: int) -> str:
    """Return ``text``, of at most ``longest`` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def shown(value: float | None) -> str:
    """Return a share with one decimal, or a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f}%"


def span(told: Share) -> str:
    """Return the interval of ``told``; nothing where it has none."""
    if told.low is None or told.high is None:
        return ""
    return f"{100 * told.low:.1f} to {100 * told.high:.1f}"


def share(told: Share) -> str:
    """Return a share and its interval."""
    return f"{shown(told.value)} ({span(told)})" if span(told) else shown(told.value)


def undated(trend: Trend) -> str:
    """Say what the trend does not show, and how ambiguous dates were read; or nothing."""
    parts = []
    if trend.undated:
        parts.append(f"{number(trend.undated, 'article')} without a date left out.")
    if trend.unread:
        examples = ", ".join(f"“{cut(one_line(text), 40)}”" for text in trend.examples)
        parts.append(
            f"{number(trend.unread, 'article')} left out whose date does not tell the "
            f"{trend.unit}{f', such as {examples}' if examples else ''}."
        )
    if trend.day_first:
        parts.append("Dates such as 05/01/2024 were read as 5 January.")
    return " ".join(parts)
