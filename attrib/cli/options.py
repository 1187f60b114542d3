"""Options that several commands share."""

from typing import Annotated

import typer

Model = Annotated[
    str,
    typer.Option(
        metavar="MODEL", help='A model folder, or "default" for the one that comes with attrib.'
    ),
]
TextColumn = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The field or column that holds the text (JSON Lines, CSV)."),
]
