"""The command line: one file a command, heavy imports inside the command bodies."""

from typing import Annotated

import typer

from attrib.cli import batch, data, evaluate, model, report, score, train

app = typer.Typer(
    name="attrib",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("score")(score.score)
app.command("batch")(batch.batch)
app.command("report")(report.report)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.add_typer(data.app)
app.add_typer(model.app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"attrib {version('attrib')}")
        raise typer.Exit


@app.callback()
def attrib(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Read news and say, sentence by sentence, who vouches for it.

    A sentence is attributed to a source, unattributed (the outlet's own word), or contested.
    """


def main() -> None:
    """Run the command line."""
    app()
