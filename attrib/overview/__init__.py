"""The report on a batch: what its tables say together, as ``summary.json`` and as pages.

Importing this package is light. Drawing needs pyarrow and matplotlib, of the extra
``attrib[batch]``. It knows the tables and nothing of how they were made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MOST_PAGES = 10_000

Watch = Callable[[int, int], None]


class DateUnit(StrEnum):
    """How long the periods of a trend are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a report is to show.

    group_by: Columns of the article table to compare by; None: outlet and topic, where there are
        values.
    by_date: The periods of the trend; None: what suits the dates, and no trend where there are
        none.
    pages: With more articles than this (None: 10,000), only those that the report's rankings name
        get a page of their own; with 0, none does.
    """

    group_by: tuple[str, ...] | None = None
    by_date: DateUnit | None = None
    pages: int | None = None


def draw(results: Path, options: ReportOptions | None = None, watch: Watch | None = None) -> None:
    """Draw ``report.html``, ``articles/`` and ``summary.json`` in the folder ``results``.

    They are written beside the old ones and renamed into place. ``watch`` is told after each
    article's page how many are written, and how many will be.

    Raises:
        InputError: if ``results`` holds no whole tables of a batch, or a column asked for is not
            there.
        BatchError: if the report cannot be written.
    """
    from attrib.overview.report import write_report

    write_report(results, options or ReportOptions(), watch or (lambda _written, _all: None))
