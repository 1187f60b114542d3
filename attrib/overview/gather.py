"""Tables to an overview."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attrib.overview import DateUnit, ReportOptions, dates
from attrib.overview.articles import UNDATED, UNREAD, Articles, Codes, lines, read_articles
from attrib.overview.intervals import intervals, wilson
from attrib.overview.run import read_run
from attrib.overview.sentences import TOP, claims, read_sentences
from attrib.overview.values import (
    Distributions,
    Group,
    Grouping,
    Histogram,
    Overview,
    Period,
    Ranked,
    Share,
    Tally,
    Trend,
)
from attrib.tables import ARTICLES_FILE

MOST_GROUPS = 1000
_BINS = 20
_MOST = 0.9  # of the dates must tell a period that is chosen for them
_UNITS = tuple(DateUnit)
_RANKED = {
    "contested": "contested",
    "unnamed": "unnamed_source",
    "unattributed": "unattributed",
}
_SHARES = {"attributed": "attributed"} | _RANKED


def overview(results: Path, options: ReportOptions) -> tuple[Overview, Articles]:
    """Return what the tables in ``results`` say together, and the numbers it was made of.

    Raises:
        InputError: if they are no whole tables of a batch, or a column asked for is not there.
    """
    articles = read_articles(results, options.group_by)
    sentences = read_sentences(results, articles.sentences)
    total = int(articles.sentences.sum())
    made = Overview(
        run=read_run(results),
        totals=tallies(articles, np.zeros(len(articles.sentences), np.int32), 1)[0],
        mean_confidence=float((articles.mean_confidence * articles.sentences).sum() / total)
        if total
        else None,
        groupings=tuple(_grouping(articles, *item) for item in articles.groups.items()),
        trend=_trend(articles, options.by_date),
        distributions=Distributions(
            shares={name: _share_bins(articles, name) for name in _SHARES},
            lengths=_length_bins(articles.sentences),
            confidence=sentences.confidence,
        ),
        rankings=_rankings(results, articles),
        claims={label: claims(results, surest) for label, surest in sentences.surest.items()},
    )
    return made, articles


def tallies(articles: Articles, group: NDArray[np.int32], groups: int) -> list[Tally]:
    """Return the counts of each group; articles with a negative group number are in none."""
    inside = group >= 0
    members = np.bincount(group[inside], minlength=groups)
    totals = np.bincount(group[inside], articles.sentences[inside], groups)
    pairs = {
        name: (getattr(articles, column), articles.sentences) for name, column in _SHARES.items()
    }
    pairs["unnamed_of_attributed"] = (articles.unnamed_source, articles.attributed)
    shares = {name: _shares(*pair, group, groups) for name, pair in pairs.items()}
    return [
        Tally(
            articles=int(members[place]),
            sentences=int(totals[place]),
            **{name: found[place] for name, found in shares.items()},
        )
        for place in range(groups)
    ]


def _shares(
    counts: NDArray[np.int64], totals: NDArray[np.int64], group: NDArray[np.int32], groups: int
) -> list[Share]:
    inside = group >= 0
    count = np.bincount(group[inside], counts[inside], groups)
    total = np.bincount(group[inside], totals[inside], groups)
    low, high = intervals(counts, totals, group, groups)
    return [
        Share(
            int(count[place]),
            int(total[place]),
            float(count[place] / total[place]) if total[place] else None,
            None if np.isnan(low[place]) else float(low[place]),
            None if np.isnan(high[place]) else float(high[place]),
        )
        for place in range(groups)
    ]


def _grouping(articles: Articles, column: str, codes: Codes) -> Grouping:
    told = tallies(articles, codes.numbers, len(codes.values))
    groups = [Group(value, tally) for value, tally in zip(codes.values, told, strict=True)]
    groups.sort(key=lambda group: (-group.tally.sentences, group.value is None, group.value or ""))
    return Grouping(column, tuple(groups[:MOST_GROUPS]), max(0, len(groups) - MOST_GROUPS))


def _trend(articles: Articles, unit: DateUnit | None) -> Trend | None:
    days, known = articles.dates.days, articles.dates.known
    dated = days[days >= 0]
    if unit is None:
        if not len(dated):
            return None
        told = int(np.quantile(known[days >= 0], _MOST))
        unit = dates.suited(int(dated.max() - dated.min()), len(dated))
        unit = max(unit, _UNITS[told], key=_UNITS.index)
    good = (days >= 0) & (known <= _UNITS.index(unit))
    if unit is DateUnit.WEEK:
        good = (days >= 0) & (known == 0)
    starts = {
        int(day): dates.start(date.fromordinal(int(day)), unit).toordinal()
        for day in np.unique(days[good])
    }
    order = sorted(set(starts.values()))
    place = {start: number for number, start in enumerate(order)}
    group = np.full(len(days), -1, np.int32)
    group[good] = [place[starts[int(day)]] for day in days[good]]
    periods = tuple(
        Period(dates.name(date.fromordinal(start), unit), start, tally)
        for start, tally in zip(order, tallies(articles, group, len(order)), strict=True)
    )
    undated = int((days == UNDATED).sum())
    unread = int((days == UNREAD).sum() + ((days >= 0) & ~good).sum())
    return Trend(unit, periods, undated, unread, articles.dates.examples, articles.dates.day_first)


def _share_bins(articles: Articles, name: str) -> Histogram:
    there = articles.sentences > 0
    shares = getattr(articles, _SHARES[name])[there] / articles.sentences[there]
    # Shares are quotients of counts; on an edge by arithmetic they must not fall below it.
    counts, edges = np.histogram(np.round(shares, 9), np.round(np.linspace(0, 1, _BINS + 1), 9))
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)))


def _length_bins(sentences: NDArray[np.int64]) -> Histogram:
    """Count articles by length, in at most twenty bins of a round width, and the longest in one."""
    reach = int(np.quantile(sentences, 0.99)) if len(sentences) else 1
    steps = (step * 10**power for power in range(9) for step in (1, 2, 5))
    width = next(step for step in steps if step * _BINS > reach)
    edges = np.arange(0, reach + width + 1, width)
    counts = np.bincount(np.minimum(sentences // width, len(edges) - 1), minlength=len(edges))
    last = np.append(edges, edges[-1] + width)
    return Histogram(tuple(map(float, last)), tuple(map(int, counts)), open_end=True)


def _rankings(results: Path, articles: Articles) -> Mapping[str, tuple[Ranked, ...]]:
    chosen: dict[str, list[tuple[int, float]]] = {}
    for name, column in _RANKED.items():
        low = lower_bounds(getattr(articles, column), articles.sentences)
        order = np.lexsort((np.arange(len(low)), -low))[:TOP]
        chosen[name] = [(int(row), float(low[row])) for row in order if low[row] > 0]
    rows = {row for ranked in chosen.values() for row, _ in ranked}
    named = lines(results / ARTICLES_FILE, rows)
    return {
        name: tuple(
            Ranked(
                named[row],
                int(articles.sentences[row]),
                int(getattr(articles, _RANKED[name])[row]),
                low,
            )
            for row, low in ranked
        )
        for name, ranked in chosen.items()
    }


def lower_bounds(counts: NDArray[np.int64], sentences: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the lower end of Wilson's interval of each article's share; 0 where it has none."""
    some = np.maximum(sentences, 1)
    low, _ = wilson(counts / some, some.astype(np.float64))
    return np.where(counts > 0, low, 0.0)
