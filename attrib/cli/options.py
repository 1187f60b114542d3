"""Options that several commands share."""

import sys
from typing import Annotated

import typer

from attrib.overview import DateUnit
from attrib.readers import Columns, InputFormat

Model = Annotated[
    str,
    typer.Option(
        metavar="MODEL", help='A model folder, or "default" for the one that comes with attrib.'
    ),
]
_FORMATS = f"What the inputs are, if the file ending does not tell: {', '.join(InputFormat)}."
_TEXT = "The field or column that holds the text, in records and tables."
_META = "Carry this field or column along; repeatable."


def _further(names: list[str] | None) -> list[str] | None:
    try:
        Columns(extra=tuple(names or ()))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return names


InFormat = Annotated[
    InputFormat | None, typer.Option("--input-format", metavar="FORMAT", help=_FORMATS)
]
TextColumn = Annotated[str | None, typer.Option(metavar="NAME", help=_TEXT)]
IdColumn = Annotated[str | None, typer.Option(metavar="NAME", help="The one with its id.")]
TitleColumn = Annotated[str | None, typer.Option(metavar="NAME", help="The one with its title.")]
OutletColumn = Annotated[str | None, typer.Option(metavar="NAME", help="The one with its outlet.")]
TopicColumn = Annotated[str | None, typer.Option(metavar="NAME", help="The one with its topic.")]
DateColumn = Annotated[str | None, typer.Option(metavar="NAME", help="The one with its date.")]
Meta = Annotated[
    list[str] | None, typer.Option("--meta", metavar="NAME", callback=_further, help=_META)
]
_GROUP_BY = "Compare by these columns of articles.parquet; outlet and topic by default."
_BY_DATE = f"The periods of the trend: {', '.join(DateUnit)}; by default what suits the dates."
_PAGES = (
    "Draw a page for each article (all), for none, or for all of at most N; with more, for those "
    "that stand out. 10000 by default."
)


def _pages(given: str) -> int:
    limits = {"all": sys.maxsize, "none": 0}
    if given not in limits and not given.isdecimal():
        raise typer.BadParameter(f"expected all, none or a number, found {given!r}")
    return limits[given] if given in limits else int(given)


GroupBy = Annotated[
    list[str] | None, typer.Option("--group-by", metavar="COLUMN,…", help=_GROUP_BY)
]
ByDate = Annotated[DateUnit | None, typer.Option("--by-date", metavar="PERIOD", help=_BY_DATE)]
Pages = Annotated[
    int | None, typer.Option("--pages", metavar="all|none|N", parser=_pages, help=_PAGES)
]
