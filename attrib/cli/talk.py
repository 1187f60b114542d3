"""Talk goes to stderr: errors, warnings, notes."""

import typer

from attrib.writers.characters import one_line


def say(kind: str, message: str) -> None:
    """Write one line of ``kind``: error, warning, policy or note."""
    typer.echo(f"attrib: {kind}: {one_line(message)}", err=True)
