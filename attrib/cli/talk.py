"""Talk goes to stderr: errors, warnings, notes, and what was written."""

from pathlib import Path

import typer

from attrib.writers.characters import one_line


def say(kind: str, message: str) -> None:
    """Write one line of ``kind``: error, warning, policy or note."""
    typer.echo(f"attrib: {kind}: {one_line(message)}", err=True)


def wrote(place: Path, what: str = "") -> None:
    """Say that the file or folder ``place`` was written, and ``what`` is in it."""
    typer.echo(f"attrib: wrote {one_line(f'{place}: {what}' if what else str(place))}", err=True)
