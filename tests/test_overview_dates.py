"""Dates as archives write them, and the periods they fall into."""

from datetime import date

import pytest

from attrib.overview import DateUnit
from attrib.overview.dates import Dated, name, read, start, suited, votes_day_first


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024-03-05T23:30:00-08:00",
        "2024-03-05 23:30",
        "20240305",
        "20240305233000",
        "March 5, 2024",
        "5 Mar 2024",
        "Tue, 05 Mar 2024 23:30:00 +0000",
        "03/05/2024",
        "2024/03/05",
        "1709596800",
        "1709596800000",
        "  5.3.2024 ",
    ],
)
def test_a_day_is_read_in_every_spelling(text: str) -> None:
    assert read(text, day_first=text.strip() == "5.3.2024") == Dated(date(2024, 3, 5), DateUnit.DAY)


@pytest.mark.parametrize(
    ("text", "known", "day"),
    [
        ("March 2024", DateUnit.MONTH, date(2024, 3, 1)),
        ("2024-03", DateUnit.MONTH, date(2024, 3, 1)),
        ("2024", DateUnit.YEAR, date(2024, 1, 1)),
    ],
)
def test_what_is_not_told_is_not_made_up(text: str, known: DateUnit, day: date) -> None:
    assert read(text) == Dated(day, known)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "last spring",
        "May",
        "Monday",
        "5 March",
        "12:30",
        "0001-01-01",
        "2024-13-45",
        "123456",
        "9999-12-31",
        "9" * 40,
        "1e5",
        "\u0662\u0660\u0662\u0664" * 3,
        "nan",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read(text) is None


def test_order_of_day_and_month_is_told_by_those_that_can_be_read_one_way() -> None:
    assert [votes_day_first(text) for text in ("31/01/2024", "01/31/2024", "05/01/2024", "x")] == [
        1,
        -1,
        0,
        0,
    ]
    assert votes_day_first("5.1.2024") == 1
    assert read("05/01/2024", day_first=True) == Dated(date(2024, 1, 5), DateUnit.DAY)


def test_periods_and_their_names() -> None:
    day = date(2024, 12, 31)
    told = {unit: (start(day, unit), name(start(day, unit), unit)) for unit in DateUnit}
    assert told == {
        DateUnit.DAY: (date(2024, 12, 31), "2024-12-31"),
        DateUnit.WEEK: (date(2024, 12, 30), "2025-W01"),
        DateUnit.MONTH: (date(2024, 12, 1), "2024-12"),
        DateUnit.YEAR: (date(2024, 1, 1), "2024"),
    }


@pytest.mark.parametrize(
    ("days", "articles", "unit"),
    [
        (0, 1, DateUnit.DAY),
        (29, 1000, DateUnit.DAY),
        (365, 5000, DateUnit.WEEK),
        (3000, 5000, DateUnit.MONTH),
        (3000, 300, DateUnit.YEAR),
        (9000, 10**6, DateUnit.YEAR),
    ],
)
def test_periods_suit_the_number_of_articles(days: int, articles: int, unit: DateUnit) -> None:
    assert suited(days, articles) is unit
