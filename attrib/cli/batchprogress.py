"""How a batch goes, on stderr: a bar on a terminal, a line now and then in a log."""

import sys
import time
from typing import Self

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from attrib.batch.settings import Progress as Told

_LINE_EVERY = 60.0  # seconds


class BatchProgress:
    """Shows articles done, articles a second, the time left, and how many failed."""

    def __init__(self) -> None:
        """Show a bar if stderr is a terminal."""
        self._bar = Progress(
            TextColumn("scoring"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failed]}"),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None
        self._began = self._line_at = time.monotonic()

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave what was shown."""
        self._bar.stop()

    def tell(self, told: Told) -> None:
        """Show how far it is."""
        now = time.monotonic()
        if self._task is None:
            self._began = self._line_at = now
            self._task = self._bar.add_task(
                "scoring", total=told.total, completed=told.done, pace="", failed=""
            )
            if told.before:
                self._line(f"{told.before:,} of {told.total:,} articles were done before")
            return
        pace = (told.done - told.before) / max(now - self._began, 0.001)
        shown = f"{pace:.1f} a second"
        failed = f"{told.failures:,} failed" if told.failures else ""
        self._bar.update(self._task, completed=told.done, pace=shown, failed=failed)
        if self._bar.disable and (now - self._line_at >= _LINE_EVERY or told.done == told.total):
            self._line_at = now
            left = (told.total - told.done) / pace if pace else 0.0
            self._line(
                f"{told.done:,} of {told.total:,} articles, {shown}, {_span(left)} left"
                + (f", {failed}" if failed else "")
            )

    def _line(self, line: str) -> None:
        if self._bar.disable:
            typer.echo(f"attrib: {line}", err=True)
        else:
            self._bar.console.print(line, highlight=False)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
