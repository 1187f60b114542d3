"""``attrib report``: the report of a batch drawn again, without scoring."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from attrib.cli.exits import ExitCode
from attrib.cli.options import ByDate, GroupBy, Pages
from attrib.cli.stdout import show
from attrib.cli.talk import say
from attrib.errors import AttribError, BatchError
from attrib.overview import ReportOptions

_NEEDED = ("pyarrow", "matplotlib", "filelock")


def report(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="The folder that attrib batch wrote.")
    ],
    group_by: GroupBy = None,
    by_date: ByDate = None,
    pages: Pages = None,
) -> None:
    """Draw the report of a batch again: report.html, articles/ and summary.json.

    Exit codes: 0 done; 2 wrong usage, no results of a batch, or no such column.
    """
    try:
        check_installed("attrib report")
        redraw(results, ReportOptions(names(group_by), by_date, pages))
    except AttribError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    show(f"{results}: drawn; open report.html")


def names(given: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the column names in ``given``, some of which may be joined by commas; None of None."""
    if given is None:
        return None
    parts = (part.strip() for each in given for part in each.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def check_installed(command: str) -> None:
    """Say which install ``command`` needs where it is not there.

    Raises:
        BatchError: if it is not.
    """
    from importlib.util import find_spec

    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise BatchError(
            f"{command} needs {' and '.join(missing)}; install with: pip install 'attrib[batch]'"
        )


def redraw(results: Path, options: ReportOptions) -> None:
    """Draw the report in ``results``, with a bar for the pages if stderr is a terminal.

    Raises:
        AttribError: as ``attrib.overview.draw`` does.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from attrib.overview import draw

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("drawing pages", total=None)
        draw(results, options, lambda done, every: bar.update(task, completed=done, total=every))
