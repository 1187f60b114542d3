"""``attrib score``: articles in, labelled sentences out."""

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from attrib.article import Label, Report, ScoredArticle
from attrib.cli.exits import ExitCode
from attrib.cli.options import InFormat, Model, TextColumn
from attrib.cli.stdout import deliver
from attrib.cli.talk import say
from attrib.errors import InputError, ModelError
from attrib.policy import Policy
from attrib.readers import Columns, ReadOptions, read_inputs
from attrib.selection import Selection
from attrib.writers import Format, write

_FORMATS = f"How to show the result: {', '.join(Format)}."


def _labels(value: str | None) -> frozenset[Label] | None:
    if value is None:
        return None
    try:
        return frozenset(Label(part.strip().lower()) for part in value.split(","))
    except ValueError as error:
        raise typer.BadParameter(
            f"expected {', '.join(Label)}, separated by commas; found {value!r}"
        ) from error


def _share(value: str) -> float:
    try:
        number = float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise typer.BadParameter(f"expected a share such as 40% or 0.4; found {value!r}")
    return number


def score(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files, folders, patterns or archives: text, Markdown, HTML, JSON Lines, CSV, "
            "Parquet; - reads standard input.",
        ),
    ],
    fmt: Annotated[
        Format, typer.Option("--format", "-f", metavar="FORMAT", help=_FORMATS)
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to the terminal.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="LABELS",
            help="Show these only: attributed, unattributed, contested, separated by commas.",
        ),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Show sentences of at least this confidence.")
    ] = 0.0,
    max_unattributed: Annotated[
        float | None,
        typer.Option(
            parser=_share,
            metavar="SHARE",
            help="Exit with 1 if more of an article's sentences are unattributed, e.g. 40%.",
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="LABELS", help="Exit with 1 if an article has a sentence so labelled."
        ),
    ] = None,
    model: Model = "default",
    input_format: InFormat = None,
    text_column: TextColumn = None,
) -> None:
    """Label each sentence of some articles.

    Exit codes: 0 done; 1 a limit you set is broken (--max-unattributed, --fail-on);
    2 wrong usage, or nothing could be read; 3 done, but some inputs failed.
    """
    selection = Selection(_labels(only), min_confidence)
    policy = Policy(max_unattributed, _labels(fail_on) or frozenset())
    report, failed = _score(inputs, ReadOptions(input_format, Columns(text=text_column)), model)
    if not report.articles:
        raise typer.Exit(ExitCode.UNUSABLE)
    _show(report, fmt, selection, output)
    raise typer.Exit(_outcome(report, policy, failed))


def _score(inputs: list[str], options: ReadOptions, model: str) -> tuple[Report, int]:
    """Score what can be read, tell of the rest on stderr, and count it."""
    from attrib.checker import load

    try:
        checker = load(model)
    except ModelError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    scored: list[ScoredArticle] = []
    failed = 0
    for item in read_inputs(inputs, sys.stdin.buffer, options):
        try:
            if isinstance(item, InputError):
                raise item
            scored.append(checker.score_article(item))
        except InputError as error:
            failed += 1
            say("error", str(error))
            continue
        for notice in scored[-1].notices:
            say("warning", f"{item.source}: {notice}")
    return Report(checker.model, tuple(scored)), failed


def _show(report: Report, fmt: Format, selection: Selection, output: Path | None) -> None:
    drawn = io.StringIO(newline="")
    color = output is None and sys.stdout.isatty()
    write(report, fmt, selection, drawn, color=color, width=_width())
    deliver(drawn.getvalue(), output)


def _outcome(report: Report, policy: Policy, failed: int) -> ExitCode:
    breaches = list(policy.breaches(report))
    for breach in breaches:
        say("policy", breach)
    if failed:
        say("error", f"{failed} of {failed + len(report.articles)} inputs could not be scored")
    if breaches:
        return ExitCode.POLICY_BREACHED
    return ExitCode.SOME_INPUTS_FAILED if failed else ExitCode.DONE


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns
