"""What a report says: counts and shares of a batch, by group and by period, and what stands out.

All are frozen. Shares lie in [0, 1]; texts are as they were read, not yet safe to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from attrib.article import Label
from attrib.overview import DateUnit
from attrib.tables import Failure


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``total`` sentences, with its 95 % interval over articles.

    ``value`` is None of no sentence; ``low`` and ``high`` are None with fewer than two articles.
    """

    count: int
    total: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of some articles.

    ``attributed``, ``unattributed``, ``contested`` and ``unnamed`` are shares of all sentences;
    ``unnamed_of_attributed`` is the share of the attributed ones whose source is unnamed.
    """

    articles: int
    sentences: int
    attributed: Share
    unattributed: Share
    contested: Share
    unnamed: Share
    unnamed_of_attributed: Share


@dataclass(frozen=True, slots=True)
class Group:
    """The articles with one value of a column; ``value`` is None where there was none."""

    value: str | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Grouping:
    """All groups by one column, those with most sentences first.

    ``left_out`` counts the smallest groups, of which nothing is told.
    """

    column: str
    groups: tuple[Group, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Period:
    """The articles of one period; ``name`` is such as 2024, 2024-03, 2024-W10 or 2024-03-05.

    ``start`` is the proleptic Gregorian ordinal of its first day.
    """

    name: str
    start: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Trend:
    """Shares over time, in order; periods without articles are left out.

    ``undated`` counts articles without a date, ``unread`` those whose date could not be read or
    does not tell the period; ``examples`` are a few of these. ``day_first`` tells that dates such
    as 05/01/2024 were read as 5 January.
    """

    unit: DateUnit
    periods: tuple[Period, ...]
    undated: int
    unread: int
    examples: tuple[str, ...]
    day_first: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many there are between each two ``edges``; an edge belongs to the bin above it.

    The last bin holds its upper edge too, or, where ``open_end``, everything above.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Distributions:
    """Articles by their shares and lengths in sentences; sentences by label and confidence."""

    shares: Mapping[str, Histogram]
    lengths: Histogram
    confidence: Mapping[Label, Histogram]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """What names an article: its row in the article table, and what is known of it."""

    row: int
    id: str
    title: str | None
    source: str | None
    outlet: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article in a ranking: ``count`` of its ``sentences``, and what it was ranked by.

    ``low`` is the lower end of the 95 % Wilson interval of ``count / sentences``, so that a short
    article with a high share does not win over a long one.
    """

    article: ArticleLine
    sentences: int
    count: int
    low: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that the model is sure of; ``index`` counts from 0 in its article."""

    article: ArticleLine
    index: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Run:
    """What scored and when it was done, as far as it is told, and what failed.

    ``failures`` are the first ones of ``failed``.
    """

    model: Mapping[str, str]
    finished: str | None
    failed: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that a report says.

    ``rankings`` maps contested, unnamed and unattributed to articles; ``claims`` unattributed and
    contested to sentences.
    """

    run: Run
    totals: Tally
    mean_confidence: float | None
    groupings: tuple[Grouping, ...]
    trend: Trend | None
    distributions: Distributions
    rankings: Mapping[str, tuple[Ranked, ...]]
    claims: Mapping[Label, tuple[Claim, ...]]
