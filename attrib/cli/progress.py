"""How a training goes, on stderr: a bar on a terminal, plain lines in a log."""

import sys
from typing import TYPE_CHECKING, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from attrib.finetune import Progress as Told

_LINES = 20


class TrainingProgress:
    """Shows what a training tells: steps with the time left, the loss, dev figures an epoch."""

    def __init__(self) -> None:
        """Show a bar if stderr is a terminal."""
        self._bar = Progress(
            TextColumn("training"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[loss]}"),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("training", total=None, loss="")

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave what was shown."""
        self._bar.stop()

    def tell(self, told: "Told") -> None:
        """Show one thing that happened."""
        loss = f"loss {told.loss:.3f}" if told.loss is not None else ""
        self._bar.update(self._task, completed=told.step, total=told.steps)
        if loss:
            self._bar.update(self._task, loss=loss)
        if told.dev:
            contested = told.dev.get("f1_contested")
            self._line(
                f"epoch {told.epoch:g}: dev loss {told.dev['loss']:.3f}, "
                f"macro-F1 {told.dev['macro_f1']:.3f}, "
                f"contested {'–' if contested is None else f'{contested:.3f}'}"
            )
        elif loss and self._bar.disable and told.step % max(1, told.steps // _LINES) == 0:
            self._line(f"step {told.step} of {told.steps}: {loss}")

    def _line(self, line: str) -> None:
        if self._bar.disable:
            typer.echo(f"attrib: {line}", err=True)
        else:
            self._bar.console.print(line, highlight=False)
