"""``attrib data``: labelled articles read from other tools, checked, split and sampled."""

import typer

from attrib.cli.data import check, convert, sample, split

app = typer.Typer(
    name="data",
    help="Labelled articles: read from other tools, check, split, sample.",
    no_args_is_help=True,
)
app.command("check")(check.check)
app.command("convert")(convert.convert)
app.command("split")(split.split)
app.command("sample")(sample.sample)
