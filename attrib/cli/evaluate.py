"""``attrib evaluate``: a model held against labelled articles."""

import io
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attrib.cli.exits import ExitCode
from attrib.cli.options import Model
from attrib.cli.quiet import quieten
from attrib.cli.stdout import deliver
from attrib.cli.talk import say
from attrib.errors import AttribError, ModelError
from attrib.floors import FIGURES, Floors
from attrib.writers.evaluation import Format

if TYPE_CHECKING:
    from attrib.assessment import Assessment
    from attrib.evaluate import Candidate, Gold

_FORMATS = f"How to show the result: {', '.join(Format)}."


def _floors(given: list[str]) -> Floors:
    least: dict[str, float] = {}
    for pair in given:
        name, equals, value = (part.strip() for part in pair.partition("="))
        if name not in FIGURES:
            raise typer.BadParameter(
                f"expected one of {', '.join(FIGURES)}, found {name!r}", param_hint="--fail-under"
            )
        try:
            least[name] = float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
        except ValueError:
            least[name] = -1.0
        if not (equals and 0 <= least[name] <= 1):
            raise typer.BadParameter(
                f"expected a share such as {name}=0.80 or {name}=80%, found {pair!r}",
                param_hint="--fail-under",
            )
    return Floors(least)


def evaluate(
    data: Annotated[
        list[str], typer.Argument(metavar="DATA", help="Labelled articles, not trained on.")
    ],
    model: Model = "default",
    against: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Another model to compare with on the same articles."),
    ] = None,
    fmt: Annotated[
        Format, typer.Option("--format", "-f", metavar="FORMAT", help=_FORMATS)
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to the terminal.")
    ] = None,
    mistakes: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Show so many of the mistakes of which the model is sure."
        ),
    ] = 20,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Exit with 1 if a figure is lower, e.g. macro_f1=0.80; may be given several "
            f"times. Figures: {', '.join(FIGURES)}.",
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(metavar="DEVICE", help="Run the weights in torch there, e.g. cuda."),
    ] = None,
) -> None:
    """Tell how good a model's labels are, and whether it is better than another.

    Exit codes: 0 done; 1 a figure is below --fail-under; 2 wrong usage, or nothing to evaluate.
    """
    floors = _floors(fail_under or [])
    try:
        assessment = _assess(data, [model, *([against] if against else [])], device, mistakes, fmt)
        _show(assessment, fmt, output)
        breaches = list(floors.breaches(assessment.evaluation))
    except AttribError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    for breach in breaches:
        say("policy", breach)
    raise typer.Exit(ExitCode.POLICY_BREACHED if breaches else ExitCode.DONE)


def _assess(
    data: list[str], models: list[str], device: str | None, mistakes: int, fmt: Format
) -> "Assessment":
    try:
        from attrib.evaluate import assess, read_gold

        if fmt is Format.HTML:
            from attrib.writers.evaluation import to_html  # noqa: F401 - better now than at the end
    except ModuleNotFoundError as error:
        needed = (error.name or "").partition(".")[0]
        raise AttribError(
            f"attrib evaluate needs {needed}; install it with: pip install 'attrib[train]'"
        ) from error
    gold = read_gold(data)
    candidates = [_judged(model, device, gold) for model in models]
    return assess(gold, *candidates, worst=mistakes)


def _judged(model: str, device: str | None, gold: "Gold") -> "Candidate":
    """Let a model judge all articles, with a bar if stderr is a terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import track

    from attrib import checker as checkers
    from attrib.evaluate import Candidate, judge, labeller

    if device is not None:
        quieten()
    try:
        checker = checkers.load(model, device=device)
        articles = track(
            gold.articles,
            escape(checker.model.name),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        return Candidate(checker.model, judge(labeller(checker), articles))
    except (RuntimeError, AssertionError) as error:  # what torch raises
        if device is None:
            raise
        raise ModelError(
            f"device {device!r}: expected one that torch can run on, found "
            f"{(str(error).splitlines() or [type(error).__name__])[0]}; leave --device out to run "
            "on the processor"
        ) from error


def _show(assessment: "Assessment", fmt: Format, output: Path | None) -> None:
    from attrib.writers.evaluation import write
    from attrib.writers.evaluation.phrases import caution

    drawn = io.StringIO()
    color = output is None and sys.stdout.isatty()
    write(assessment, fmt, drawn, color, shutil.get_terminal_size((100, 24)).columns)
    deliver(drawn.getvalue(), output)
    told = caution(assessment.evaluation)
    if told and (output is not None or fmt is Format.JSON):  # elsewhere it has just been read
        say("warning", told)
