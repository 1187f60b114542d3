"""The figures of a report, each with its title and the words that say the same.

Four measures have a figure each, for their scales differ: contested sentences are few.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from markupsafe import Markup
from matplotlib.axes import Axes  # noqa: TID253
from matplotlib.figure import Figure  # noqa: TID253

from attrib.overview import DateUnit, dates
from attrib.overview.phrases import MEASURES, Measure, called, share, shown
from attrib.overview.values import (
    Distributions,
    Grouping,
    Histogram,
    Period,
    Share,
    Tally,
    Trend,
)
from attrib.writers.charts import Estimate, Row, axes, intervals
from attrib.writers.phrases import number
from attrib.writers.svg import HUES, LINE, QUIET, inline

ROWS = 25
POINTS = 400
_ROW = 17
_DOTS = 60
_ROOM = 1.06
_USUAL = 0.75
_SMALL = 220
_SPOKEN = 12
_NICE = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its title, ready for the page."""

    title: str
    svg: Markup


def grouped(grouping: Grouping, place: int, totals: Tally) -> Iterator[Picture]:
    """Yield for each measure the largest groups with their intervals, and the share of all.

    ``place`` tells apart the groupings of one page.
    """
    groups = grouping.groups[:ROWS]
    for measure in MEASURES:
        rows = [
            Row(called(group.value), getattr(group.tally, measure.key), HUES[measure.label])
            for group in groups
        ]
        every: Share = getattr(totals, measure.key)
        limits = (0.0, _limit([row.figure for row in rows], every))
        said = f"all: {shown(every.value)}"
        figure = intervals(rows, limits, every.value, said, percent_tick, _ROW)
        words = "; ".join(
            f"{row.name} {share(getattr(group.tally, measure.key))}"
            for row, group in zip(rows, groups[:_SPOKEN], strict=False)
        )
        yield _picture(figure, f"g{place}-{measure.key}", measure.title, words)


def over_time(trend: Trend) -> Iterator[Picture]:
    """Yield for each measure its share over time with a band of intervals."""
    periods = trend.periods[-POINTS:]
    for measure in MEASURES:
        shares: list[Share] = [getattr(period.tally, measure.key) for period in periods]
        figure, on = axes(200, left=40, top=10, bottom=28, right=14)
        on.set_ylim(0, _reach([s.value for s in shares]))
        on.yaxis.set_major_formatter(lambda value, _: percent_tick(value))
        on.grid(visible=True, axis="y", color=LINE, linewidth=0.8, clip_on=False)
        for run in _unbroken(periods, trend.unit):
            _line(on, run, measure, dotted=len(periods) <= _DOTS or len(run) == 1)
        _date_ticks(on, periods, trend.unit)
        first, last = periods[0], periods[-1]
        words = (
            f"From {share(getattr(first.tally, measure.key))} in {first.name} to "
            f"{share(getattr(last.tally, measure.key))} in {last.name}."
        )
        yield _picture(figure, f"t-{measure.key}", measure.title, words)


def distributed(found: Distributions) -> Iterator[Picture]:
    """Yield how articles spread over shares and lengths, and sentences over confidence."""
    for measure in MEASURES:
        bins = found.shares[measure.key]
        yield _picture(
            _bars(bins, HUES[measure.label], percent_tick),
            f"d-{measure.key}",
            f"Articles: share {measure.phrase}",
            _spread(bins, percent_tick, "article"),
        )
    yield _picture(
        _bars(found.lengths, QUIET, _whole),
        "d-length",
        "Articles: number of sentences",
        _spread(found.lengths, _whole, "article"),
    )
    for label, bins in found.confidence.items():
        yield _picture(
            _bars(_trimmed(bins), HUES[label], percent_tick),
            f"d-sure-{label}",
            f"Sentences {label}: confidence",
            _spread(bins, percent_tick, "sentence"),
        )


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def percent_tick(value: float) -> str:
    """Return a share on an axis as a whole percentage, or with a decimal where it has one."""
    return f"{100 * value:.3g}%"


def _picture(figure: Figure, key: str, title: str, words: str) -> Picture:
    return Picture(title, Markup(inline(figure, key, title, words)))  # noqa: S704 - escaped as XML


def _reach(values: Sequence[float | None]) -> float:
    """Return a round upper end of an axis of shares."""
    most = max((value for value in values if value is not None), default=0.0) * _ROOM
    return next((end for end in _NICE if end >= most), 1.0)


def _limit(estimates: Sequence[Estimate], every: Share) -> float:
    """Return an upper end that holds all shares, but not the intervals of the least sure groups."""
    highs = sorted(each.high for each in estimates if each.high is not None)
    usual = highs[int(_USUAL * (len(highs) - 1))] if highs else None
    return _reach([usual, every.value, *(each.value for each in estimates)])


def _unbroken(periods: Sequence[Period], unit: DateUnit) -> Iterator[list[Period]]:
    """Yield stretches of periods that follow one another."""
    held: list[Period] = []
    for period in periods:
        if held and _after(held[-1].start, unit) != period.start:
            yield held
            held = []
        held.append(period)
    if held:
        yield held


def _after(start: int, unit: DateUnit) -> int:
    """Return the first day of the next period; no period is longer than 366 days."""
    days = {DateUnit.DAY: 1, DateUnit.WEEK: 7, DateUnit.MONTH: 31, DateUnit.YEAR: 366}[unit]
    return dates.start(date.fromordinal(start + days), unit).toordinal()


def _line(on: Axes, run: Sequence[Period], measure: Measure, *, dotted: bool) -> None:
    color = HUES[measure.label]
    days = [period.start for period in run]
    shares: list[Share] = [getattr(period.tally, measure.key) for period in run]
    values = [0.0 if s.value is None else s.value for s in shares]
    lows = [value if s.low is None else s.low for s, value in zip(shares, values, strict=True)]
    highs = [value if s.high is None else s.high for s, value in zip(shares, values, strict=True)]
    if len(run) == 1:
        on.plot((days[0], days[0]), (lows[0], highs[0]), color=color, linewidth=2.2)
    else:
        on.fill_between(days, lows, highs, color=color, alpha=0.18, linewidth=0)
    on.plot(
        days,
        values,
        color=color,
        linewidth=1.8,
        marker="o" if dotted else "",
        markersize=3.5,
        clip_on=False,
    )


def _date_ticks(on: Axes, periods: Sequence[Period], unit: DateUnit) -> None:
    """Name a few periods below the axis: where they are many, whole years."""
    first, last = periods[0].start, periods[-1].start
    pad = max(1.0, 0.02 * (last - first))
    on.set_xlim(first - pad, last + pad)
    named = {period.start: period.name for period in periods}
    years = {
        date(year, 1, 1).toordinal(): str(year)
        for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
    }
    years = {day: name for day, name in years.items() if first <= day <= last}
    if unit is not DateUnit.YEAR and len(years) > 2:  # noqa: PLR2004
        named = years
    step = -(-len(named) // 5)
    days = sorted(named)[::step]
    on.set_xticks(days, [named[day] for day in days])


def _trimmed(bins: Histogram) -> Histogram:
    """Return ``bins`` from the first that holds something."""
    empty = next((place for place, count in enumerate(bins.counts) if count), 0)
    return Histogram(bins.edges[empty:], bins.counts[empty:], bins.open_end)


def _bars(bins: Histogram, color: str, tick: Callable[[float], str]) -> Figure:
    """Draw a bar a bin; the last tick of an open end says so."""
    figure, on = axes(120, left=38, top=10, bottom=24, right=16, width=_SMALL)
    widths = [high - low for low, high in pairwise(bins.edges)]
    gap = 0.08 * widths[0]
    on.bar(
        [edge + gap / 2 for edge in bins.edges[:-1]],
        bins.counts,
        [width - gap for width in widths],
        align="edge",
        color=color,
        linewidth=0,
    )
    on.set_xlim(bins.edges[0], bins.edges[-1])
    on.set_ylim(0, max(1, *bins.counts) * _ROOM)
    on.locator_params(axis="y", nbins=3, integer=True)
    on.locator_params(axis="x", nbins=5)
    on.yaxis.set_major_formatter(lambda value, _: _whole(value))
    on.xaxis.set_major_formatter(lambda value, _: tick(value))
    on.grid(visible=True, axis="y", color=LINE, linewidth=0.8, clip_on=False)
    on.set_axisbelow(True)
    if bins.open_end:
        on.set_xticks([*bins.edges[:-2:4], bins.edges[-2]])
        on.set_xticklabels([*map(tick, bins.edges[:-2:4]), f"{tick(bins.edges[-2])}+"])
    return figure


def _spread(bins: Histogram, tick: Callable[[float], str], noun: str) -> str:
    """Say where most are."""
    most = max(bins.counts)
    place = bins.counts.index(most)
    return (
        f"{number(sum(bins.counts), noun)}; most, {most:,}, lie between "
        f"{tick(bins.edges[place])} and {tick(bins.edges[place + 1])}."
    )
