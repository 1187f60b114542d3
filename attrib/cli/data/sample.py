"""``attrib data sample``: unlabelled articles in, those worth labelling next out."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attrib.cli.exits import ExitCode
from attrib.cli.options import TextColumn
from attrib.cli.talk import say, wrote
from attrib.dataformats import ToolFormat
from attrib.errors import DataError, ModelError
from attrib.readers import Columns, InputFormat, ReadOptions, read_inputs
from attrib.sampling import Plan, Scorer, Strategy, Tally
from attrib.sampling import sample as pick
from attrib.writers.phrases import number

if TYPE_CHECKING:
    from attrib.article import Article, ModelIdentity, ScoredArticle
    from attrib.corpus import LabelledArticle

_STRATEGIES = (
    "uncertain: the model wavers over them; contested: it expects the most contested sentences; "
    "diverse: least like each other and those labelled already; random."
)


def sample(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files or folders of articles, as attrib score reads them; - is standard input.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Write the articles to this file.")],
    to: Annotated[
        ToolFormat, typer.Option(metavar="FORMAT", help=f"For which tool: {', '.join(ToolFormat)}.")
    ],
    count: Annotated[int, typer.Option(min=1, metavar="N", help="How many articles to pick.")],
    strategy: Annotated[
        Strategy, typer.Option(metavar="STRATEGY", help=_STRATEGIES)
    ] = Strategy.UNCERTAIN,
    model: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help='The model that judges and labels ahead: a folder, or "default".',
        ),
    ] = "default",
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABELLED",
            help="Leave out the articles of this labelled file and near copies; repeatable.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Settles draws and ties.")] = 0,
    input_format: Annotated[
        InputFormat | None,
        typer.Option(metavar="FORMAT", help=f"What the inputs are: {', '.join(InputFormat)}."),
    ] = None,
    text_column: TextColumn = None,
) -> None:
    """Pick the articles to label next, with the model's labels as a start.

    Exit codes: 0 done; 2 wrong usage, an unusable model, labelled data that cannot be read, or
    nothing to pick from; 3 done, but some inputs failed.
    """
    from attrib.checker import load

    try:
        labelled = _labelled(exclude or [])
        checker = load(model)
    except (DataError, ModelError) as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    options = ReadOptions(input_format, Columns(text=text_column))
    sampled = pick(
        read_inputs(inputs, sys.stdin.buffer, options),
        labelled,
        Plan(strategy, count, seed),
        _counting(checker.score_article),
    )
    if sys.stderr.isatty():
        typer.echo(err=True)
    for failed in sampled.errors:
        say("error", str(failed))
    if not sampled.chosen:
        say("error", "expected articles that are not labelled yet, found none; nothing was written")
        say("note", _summed_up(sampled.tally))
        raise typer.Exit(ExitCode.UNUSABLE)
    if len(sampled.chosen) < count:
        say("warning", f"{number(count, 'article')} asked for, {_fewer(sampled.tally)}")
    _write([_labelled_ahead(scored, to, checker.model) for scored in sampled.chosen], to, out)
    wrote(out, f"{number(len(sampled.chosen), 'article')} to label, picked as {strategy}")
    say("note", _summed_up(sampled.tally))
    raise typer.Exit(ExitCode.SOME_INPUTS_FAILED if sampled.errors else ExitCode.DONE)


def _labelled(files: Sequence[str]) -> "list[Article]":
    """Return the articles of labelled ``files``.

    Raises:
        DataError: if one cannot be read: its articles would be labelled twice.
    """
    from attrib.datacheck import read_set

    articles = []
    for where in files:
        read = read_set(where)
        if read.errors:
            raise DataError(f"--exclude {read.errors[0]}")
        articles += [labelled.article for labelled in read.articles]
    return articles


def _fewer(tally: Tally) -> str:
    """Say why fewer were picked than asked for."""
    if not tally.left:
        return f"{tally.chosen} left to pick"
    return (
        f"{tally.chosen} picked: most of the best are near copies of each other; ask for more with "
        "a larger --count"
    )


def _summed_up(tally: Tally) -> str:
    """Say what became of the articles that were found."""
    why = {"in --exclude": tally.labelled, "copies of others": tally.copies}
    told = ", ".join(f"{count:,} {reason}" for reason, count in why.items() if count)
    excluded = f"{sum(why.values()):,} excluded" + (f" ({told})" if told else "")
    unjudged = f", {tally.unjudged:,} not judged" if tally.unjudged else ""
    return (
        f"{number(tally.found, 'article')} found, {excluded}{unjudged}, {tally.chosen:,} chosen, "
        f"{tally.left:,} left"
    )


def _counting(score: Scorer) -> Scorer:
    """Return ``score``, telling on a terminal how many articles it has judged."""
    if not sys.stderr.isatty():
        return score
    seen = 0

    def counted(article: "Article") -> "ScoredArticle":
        nonlocal seen
        seen += 1
        typer.echo(f"\rattrib: {number(seen, 'article')} judged ", nl=False, err=True)
        return score(article)

    return counted


def _labelled_ahead(
    scored: "ScoredArticle", to: ToolFormat, model: "ModelIdentity"
) -> "LabelledArticle":
    """Return ``scored`` with its verdicts as labels, and the model as who gave them.

    Tools get the confidence too. Our own format does not: a training would take probabilities
    for a teacher's, and aim at them where a person has since corrected the label.
    """
    from attrib.classes import CLASSES, class_of
    from attrib.corpus import LabelledArticle, LabelledSentence

    sentences = []
    for verdict in scored.verdicts:
        shares = dict.fromkeys(CLASSES, 0.0)
        for label, share in verdict.probabilities.items():
            kind = verdict.source_kind if label is verdict.label else None
            shares[class_of(label, kind)] = share
        probabilities = None if to is ToolFormat.JSONL else tuple(shares.values())
        sentences.append(
            LabelledSentence(
                verdict.start,
                verdict.end,
                verdict.label,
                verdict.source_kind,
                probabilities=probabilities,
            )
        )
    annotator = f"attrib {model.name} {model.version}"
    return LabelledArticle(scored.article, tuple(sentences), annotator)


def _write(articles: "Sequence[LabelledArticle]", to: ToolFormat, out: Path) -> None:
    """Write the file whole or not at all."""
    from attrib.corpus.to_tools import write_tasks

    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        try:
            with partial.open("w", encoding="utf-8", newline="") as stream:
                write_tasks(articles, to, stream)
            partial.replace(out)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        say("error", f"{out}: cannot be written ({error.strerror}); choose another --out")
        raise typer.Exit(ExitCode.UNUSABLE) from error
