"""The product of a command goes to stdout, whatever its encoding and whoever reads it."""

import os
import sys
from pathlib import Path

import typer

from attrib.cli.exits import ExitCode
from attrib.cli.talk import say, wrote


def show(text: str) -> None:
    """Write ``text`` and a line end to stdout in UTF-8; a reader that has seen enough is no error.

    Raises:
        typer.Exit: if stdout cannot be written; it was told.
    """
    _put(f"{text}\n")


def _put(text: str) -> None:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer goes nowhere, so that nothing fails at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return
        say("error", f"standard output cannot be written ({error.strerror}); make room for it")
        raise typer.Exit(ExitCode.UNUSABLE) from error


def deliver(text: str, output: Path | None) -> None:
    """Write ``text`` as it stands to the file ``output``, which is told, or to stdout.

    Raises:
        typer.Exit: if it cannot be written; it was told.
    """
    if output is None:
        _put(text)
        return
    try:
        output.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        say("error", f"{output}: cannot be written ({error.strerror}); choose another --output")
        raise typer.Exit(ExitCode.UNUSABLE) from error
    wrote(output)
