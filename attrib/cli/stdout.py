"""The product of a command goes to stdout, whatever its encoding and whoever reads it."""

import os
import sys

import typer

from attrib.cli.exits import ExitCode
from attrib.cli.talk import say


def show(text: str) -> None:
    """Write ``text`` and a line end to stdout in UTF-8; a reader that has seen enough is no error.

    Raises:
        typer.Exit: if stdout cannot be written; it was told.
    """
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer goes nowhere, so that nothing fails at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return
        say("error", f"standard output cannot be written ({error.strerror}); make room for it")
        raise typer.Exit(ExitCode.UNUSABLE) from error
