"""Dates as news archives write them, and the periods they fall into.

A date may lack its day or month; it is good for longer periods then. What is written with a time
keeps its own calendar day, whatever the time zone.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dateutil import parser

from attrib.overview import DateUnit

_YEARS = range(1600, 2200)  # others are placeholders or mistakes
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?![\d-])")
_SLASHED = re.compile(r"(\d\d?)([/.-])(\d\d?)\2\d{4}\b")
_EPOCH = {10: 1, 13: 1000}  # digits: ticks a second
_BASIC = (4, 8, 14)  # digits of a year, a day, a second
_MONTHS = 12
_LENGTHS = {DateUnit.DAY: 1, DateUnit.WEEK: 7, DateUnit.MONTH: 30.4}  # days
_PERIODS, _ARTICLES = 150, 20  # at most so many periods, and at least so many articles in each
# Two days that differ in year, month and day: what they fill in is not told by the text.
_FILLED = (datetime(2000, 1, 1), datetime(2004, 2, 2))


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, and the shortest period that is known of it: day, month or year."""

    day: date
    known: DateUnit


def votes_day_first(text: str) -> int:
    """Tell whether ``text`` can only be day, month, year (1) or month, day, year (-1), or both."""
    found = _SLASHED.match(text.strip())
    if not found:
        return 0
    if found[2] == ".":
        return 1
    return (int(found[1]) > _MONTHS) - (int(found[3]) > _MONTHS)


def read(text: str, day_first: bool = False) -> Dated | None:
    """Return the date in ``text``, or None where there is none that is sure."""
    text = text.strip()
    try:
        if _ISO.match(text):
            return _sensible(Dated(date.fromisoformat(text[:10]), DateUnit.DAY))
        if text.isdigit() and len(text) not in _BASIC:
            seconds = int(text) / _EPOCH[len(text)]
            return _sensible(Dated(datetime.fromtimestamp(seconds, UTC).date(), DateUnit.DAY))
        one, other = (parser.parse(text, default=d, dayfirst=day_first) for d in _FILLED)
    except (ValueError, OverflowError, KeyError, TypeError):
        return None
    if one.year != other.year:
        return None
    known = DateUnit.DAY
    if one.day != other.day:
        known = DateUnit.MONTH
    if one.month != other.month:
        known = DateUnit.YEAR
    return _sensible(Dated(one.date(), known))


def _sensible(dated: Dated) -> Dated | None:
    return dated if dated.day.year in _YEARS else None


def start(day: date, unit: DateUnit) -> date:
    """Return the first day of the period that ``day`` falls into; weeks begin on Monday."""
    match unit:
        case DateUnit.DAY:
            return day
        case DateUnit.WEEK:
            return day - timedelta(days=day.weekday())
        case DateUnit.MONTH:
            return day.replace(day=1)
        case DateUnit.YEAR:
            return day.replace(month=1, day=1)


def name(first: date, unit: DateUnit) -> str:
    """Return what to call the period that begins on ``first``: 2024-03-05, 2024-W10, 2024-03."""
    match unit:
        case DateUnit.DAY:
            return first.isoformat()
        case DateUnit.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02d}"
        case DateUnit.MONTH:
            return f"{first:%Y-%m}"
        case DateUnit.YEAR:
            return str(first.year)


def suited(days: int, articles: int) -> DateUnit:
    """Return the periods that suit ``articles`` whose dates lie ``days`` apart.

    They are the shortest of which there are not too many, and not too few articles in each.
    """
    most = min(_PERIODS, max(1, articles // _ARTICLES))
    return next((unit for unit, length in _LENGTHS.items() if days / length <= most), DateUnit.YEAR)
