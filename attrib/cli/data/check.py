"""``attrib data check``: what is in labelled data, and what is wrong with it."""

from enum import StrEnum
from typing import Annotated

import typer

from attrib.cli.data.reading import LabelNames, SourceFormat, data_options
from attrib.cli.exits import ExitCode
from attrib.cli.options import TextColumn
from attrib.cli.stdout import show
from attrib.cli.talk import say
from attrib.errors import ModelError


class CheckFormat(StrEnum):
    """How the report is shown."""

    TEXT = "text"
    JSON = "json"


def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Labelled articles, in any format that attrib data convert reads. Give the files "
            "for training, dev and test together to find what stands in two of them.",
        ),
    ],
    model: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help='The model whose windows may cut sentences: a folder, or "default".',
        ),
    ] = "default",
    fmt: Annotated[
        CheckFormat, typer.Option("--format", "-f", metavar="FORMAT", help="text or json.")
    ] = CheckFormat.TEXT,
    source_format: SourceFormat = None,
    label: LabelNames = None,
    text_column: TextColumn = None,
) -> None:
    """Look over labelled articles before training on them.

    Counts, agreement between annotators, and findings: an error makes training unsafe, a warning
    is worth a look, a note is to know.

    Exit codes: 0 safe to train on; 2 not safe, wrong usage, or an unusable model.
    """
    from pathlib import Path

    from attrib import datacheck
    from attrib.datacheck import to_json, to_text
    from attrib.modelfolder import RELEASED, open_folder, released

    options = data_options(label, text_column)
    try:
        cut = datacheck.cutter(open_folder(released() if model == RELEASED else Path(model)))
    except ModelError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    sets = [datacheck.read_set(where, source_format, options) for where in files]
    report = datacheck.check(sets, cut)
    as_json = fmt is CheckFormat.JSON
    show(to_json.text(report) if as_json else "\n".join(to_text.lines(report)))
    raise typer.Exit(ExitCode.DONE if report.safe else ExitCode.UNUSABLE)
