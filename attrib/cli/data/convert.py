"""``attrib data convert``: labelled data of other tools in, our JSON Lines out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attrib.cli.data.reading import LabelNames, SourceFormat, data_options
from attrib.cli.exits import ExitCode
from attrib.cli.options import TextColumn
from attrib.cli.talk import say, wrote
from attrib.dataformats import DataFormat
from attrib.errors import DataError
from attrib.writers.phrases import number

if TYPE_CHECKING:
    from attrib.corpus import LabelledArticle
    from attrib.corpus.formats import DataOptions

_SHOWN = 20


class Annotators(StrEnum):
    """What becomes of an article that several people labelled."""

    KEEP = "keep"
    MAJORITY = "majority"


@dataclass(slots=True)
class _Tally:
    """What a conversion met, counted as it goes by."""

    articles: int = 0
    problems: int = 0
    ties: int = 0
    sentences: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)


def convert(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files or folders of labelled data; with --from datasets also owner/name[:split].",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="The JSON Lines file to write, packed if it ends in .gz."),
    ],
    source_format: SourceFormat = None,
    label: LabelNames = None,
    text_column: TextColumn = None,
    annotators: Annotated[
        Annotators,
        typer.Option(
            metavar="keep|majority",
            help="Keep each annotator's labels of an article, or let most of them decide.",
        ),
    ] = Annotators.KEEP,
) -> None:
    """Turn labelled data of other tools into labelled articles, one a line.

    Exit codes: 0 done; 2 wrong usage, or nothing could be read; 3 done, but some of it is wrong:
    each problem is named on standard error, and what it touched is left out or unlabelled.
    """
    from attrib.corpus.jsonl import save_labelled
    from attrib.corpus.merge import majority

    options = data_options(label, text_column)
    tally = _Tally()
    articles = _read(inputs, source_format, options, tally)
    if annotators is Annotators.MAJORITY:
        articles = _settled(majority(articles), tally)
    try:
        save_labelled(out, _counted(articles, tally))
    except OSError as error:
        say("error", f"{out}: cannot be written ({error.strerror}); choose another --out")
        raise typer.Exit(ExitCode.UNUSABLE) from error
    _sum_up(tally, out)
    if not tally.articles:
        raise typer.Exit(ExitCode.UNUSABLE)
    raise typer.Exit(ExitCode.SOME_INPUTS_FAILED if tally.problems else ExitCode.DONE)


def _read(
    inputs: Iterable[str], source_format: DataFormat | None, options: "DataOptions", tally: _Tally
) -> "Iterator[LabelledArticle]":
    """Yield the articles of ``inputs`` and tell what is wrong, the first problems of each."""
    from attrib.corpus.formats import read_data

    for given in inputs:
        problems = 0
        for item in read_data(given, source_format, options, tally.skipped):
            if not isinstance(item, DataError):
                yield item
                continue
            problems += 1
            if problems <= _SHOWN:
                say("error", str(item))
        if problems > _SHOWN:
            say("error", f"{given}: {problems - _SHOWN} more problems")
        tally.problems += problems


def _settled(
    merged: "Iterable[LabelledArticle | DataError]", tally: _Tally
) -> "Iterator[LabelledArticle]":
    """Yield the merged articles; ties are part of the work, and no failure."""
    for item in merged:
        if isinstance(item, DataError):
            tally.ties += 1
            if tally.ties <= _SHOWN:
                say("warning", str(item))
        else:
            yield item
    if tally.ties > _SHOWN:
        say("warning", f"{tally.ties - _SHOWN} more ties")


def _counted(articles: "Iterable[LabelledArticle]", tally: _Tally) -> "Iterator[LabelledArticle]":
    from attrib.article import SourceKind

    for labelled in articles:
        tally.articles += 1
        for sentence in labelled.sentences:
            tally.sentences[sentence.label or "unlabelled"] += 1
            tally.sentences["unnamed"] += sentence.source_kind is SourceKind.UNNAMED
        yield labelled


def _sum_up(tally: _Tally, out: Path) -> None:
    if not tally.articles:
        say("error", f"expected labelled articles, found none; {out} is not written")
    else:
        count = tally.sentences
        wrote(
            out,
            f"{number(tally.articles, 'article')}; sentences: {count['attributed']:,} attributed "
            f"({count['unnamed']:,} unnamed), {count['unattributed']:,} unattributed, "
            f"{count['contested']:,} contested, {count['unlabelled']:,} unlabelled",
        )
    if tally.skipped:
        kinds = ", ".join(f"{kind} ({count:,})" for kind, count in tally.skipped.items())
        say("note", f"skipped: {kinds}")
    if tally.ties:
        say("note", f"{number(tally.ties, 'tie')}, left unlabelled")
    if tally.problems:
        told = number(tally.problems, "problem")
        say("note", f"{told}; what is named there is left out or unlabelled; exit code 3")
