"""``attrib batch``: many articles in, tables and a report page out."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attrib.batch.settings import BatchSettings, Cluster, Engine, TableFormat
from attrib.cli.exits import ExitCode
from attrib.cli.options import (
    ByDate,
    DateColumn,
    GroupBy,
    IdColumn,
    InFormat,
    Meta,
    Model,
    OutletColumn,
    Pages,
    TextColumn,
    TitleColumn,
    TopicColumn,
)
from attrib.cli.report import check_installed, names, redraw
from attrib.cli.stdout import show
from attrib.cli.talk import say
from attrib.errors import AttribError, BatchError
from attrib.overview import ReportOptions
from attrib.readers import Columns, ReadOptions
from attrib.writers.phrases import number

if TYPE_CHECKING:
    from attrib.batch.merge import Merged


def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files, folders, patterns, archives, tables, or datasets (owner/name on the hub).",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="The folder for the results; given again, an interrupted batch goes on.",
        ),
    ],
    group_by: GroupBy = None,
    by_date: ByDate = None,
    also: Annotated[
        list[TableFormat] | None, typer.Option(help="Write the tables in this form, too.")
    ] = None,
    pages: Pages = None,
    model: Model = "default",
    device: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Run the weights in torch on it, e.g. cuda."),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Score again what failed or has changed.")
    ] = False,
    engine: Annotated[Engine, typer.Option(help="What does the work.")] = Engine.LOCAL,
    ray_address: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A running Ray cluster; without it one starts here."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Workers on Ray, one core each; all cores by default.")
    ] = None,
    input_format: InFormat = None,
    text_column: TextColumn = None,
    id_column: IdColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    topic_column: TopicColumn = None,
    date_column: DateColumn = None,
    meta: Meta = None,
) -> None:
    """Score many articles into tables and a report page; killed, the same command goes on.

    Exit codes: 0 done; 2 wrong usage, or nothing could be read; 3 done, but some inputs failed; 130
    interrupted.
    """
    if "-" in inputs:
        raise typer.BadParameter("expected files, found -: a batch reads its inputs twice")
    if engine is not Engine.RAY and (ray_address or workers):
        raise typer.BadParameter("--ray-address and --workers are for --engine ray")
    groups = names(group_by)
    settings = BatchSettings(
        inputs=tuple(inputs),
        options=ReadOptions(
            input_format,
            _columns(
                Columns(
                    text_column, id_column, title_column, outlet_column, topic_column, date_column
                ),
                [*(meta or ()), *(groups or ())],
            ),
        ),
        model=model,
        device=device,
        cluster=Cluster(ray_address, workers) if engine is Engine.RAY else None,
        retry=retry,
        also=tuple(also or ()),
    )
    try:
        check_installed("attrib batch")
        merged = _score(settings, out)
        if not merged.articles:
            raise BatchError(
                f"{out}: expected articles, found none that could be read; see failures.jsonl there"
            )
        redraw(out, ReportOptions(groups, by_date, pages))
    except AttribError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    except KeyboardInterrupt as error:
        say("note", "stopped; the same command goes on where it stopped")
        raise typer.Exit(ExitCode.STOPPED) from error
    _tell(merged, out)
    raise typer.Exit(ExitCode.SOME_INPUTS_FAILED if merged.failures else ExitCode.DONE)


def _columns(columns: Columns, wanted: list[str]) -> Columns:
    """Add further columns to carry along: those asked for, and those to group by."""
    from attrib.tables import articles_schema

    there = articles_schema(()).names
    extra = dict.fromkeys(name for name in wanted if name not in there)
    try:
        return replace(columns, extra=tuple(extra))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _score(settings: BatchSettings, out: Path) -> "Merged":
    from attrib.batch.run import run
    from attrib.cli.batchprogress import BatchProgress

    with BatchProgress() as shown:
        return run(settings, out, shown.tell)


def _tell(merged: "Merged", out: Path) -> None:
    counted = f"{number(merged.articles, 'article')}, {number(merged.sentences, 'sentence')}"
    show(f"{out}: {counted}; open report.html")
    if merged.failures:
        failed = number(merged.failures, "input")
        say("error", f"{failed} could not be scored; see {out / 'failures.jsonl'}")
