"""An assessment for a person at a terminal, drawn with rich."""

import io
import re
from collections.abc import Iterator
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from attrib.assessment import Assessment, Mistake
from attrib.writers.characters import one_line
from attrib.writers.evaluation import phrases, tables
from attrib.writers.evaluation.tables import Table
from attrib.writers.looks import LOOKS

_NARROWEST, _WIDEST = 30, 120  # longer lines are hard to read
_STYLES = {f"{look.sign} {look.word}": look.style for look in LOOKS}
_TRAILING = re.compile(r" +((?:\x1b\[0m)?)$", re.MULTILINE)


def write(assessment: Assessment, stream: TextIO, color: bool, width: int) -> None:
    """Write the tables and the worst mistakes; lines fit ``width`` where a word does."""
    drawn = io.StringIO()  # rich would end the program at a closed pipe
    console = Console(
        file=drawn,
        width=min(max(width, _NARROWEST), _WIDEST),
        force_terminal=color,
        color_system="standard" if color else None,  # the sixteen colours of the reader's own theme
        no_color=not color,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        _environ={},  # the caller has decided
    )
    for part in _parts(assessment, console.width):
        console.print(part)
    stream.write(_TRAILING.sub(r"\1", drawn.getvalue()))


def _parts(assessment: Assessment, width: int) -> Iterator[RenderableType]:
    evaluation = assessment.evaluation
    if caution := phrases.caution(evaluation):
        yield from [Text(caution, "bold yellow"), Text()]
    yield Text(phrases.heading(assessment), "bold")
    yield Text(phrases.basis(evaluation))
    yield Text(phrases.INTERVALS, "dim")
    yield from _table(tables.figures(evaluation), width)
    if assessment.against is not None:
        yield from _table(tables.differences(assessment, assessment.against), width)
        yield from [Text(), Text(phrases.conclusion(assessment), "bold")]
        yield Text(phrases.agreement(assessment))
    for table in (tables.labels, tables.confusion, tables.calibration):
        yield from _table(table(evaluation), width)
    yield from [Text(), Text(phrases.SLICED, "dim")]
    for sliced, _ in tables.slices(assessment):
        yield from _table(sliced, width)
    if unshown := phrases.unshown(tables.unshown(assessment)):
        yield from [Text(), Text(unshown, "dim")]
    yield from [Text(), Text(phrases.SUREST, "bold"), Text(phrases.mistaken(assessment), "dim")]
    for number, mistake in enumerate(assessment.mistakes, 1):
        yield from _mistake(number, mistake)


def _table(table: Table, width: int) -> Iterator[RenderableType]:
    yield from [Text(), Text(table.title, "bold")]
    if table.note:
        yield Text(table.note, "dim")
    for gap, heads in ((2, table.head), (1, _broken(table.head))):
        widths = [max(map(cell_len, column)) for column in _columns(table, heads)]
        if sum(widths) + gap * (len(widths) - 1) <= width:
            yield _grid(table, heads, gap)
            return
    for number, (name, *others) in enumerate(table.rows):
        faint = "dim" if number in table.faint else ""
        yield Text(name, _STYLES.get(name, faint))
        told = [f"{head} {cell}" for head, cell in zip(table.head[1:], others, strict=True)]
        for line in _packed(told, width - 2):
            yield Padding(Text(line, faint), (0, 0, 0, 2))


def _packed(parts: list[str], width: int) -> Iterator[str]:
    """Yield lines of as many ``parts`` as fit."""
    line, *rest = parts
    for part in rest:
        if cell_len(f"{line}, {part},") > width:
            yield f"{line},"
            line = part
        else:
            line = f"{line}, {part}"
    yield line


def _broken(heads: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(head.replace(" ", "\n") for head in heads)


def _columns(table: Table, heads: tuple[str, ...]) -> Iterator[list[str]]:
    """Yield all lines of each column."""
    for place, head in enumerate(heads):
        yield [*head.split("\n"), *(cells[place] for cells in table.rows)]


def _grid(table: Table, heads: tuple[str, ...], gap: int) -> Grid:
    grid = Grid(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="dim")
    for place, head in enumerate(heads):
        grid.add_column(Text(head), justify="right" if place else "left", no_wrap=True)
    for number, (name, *others) in enumerate(table.rows):
        faint = "dim" if number in table.faint else None
        grid.add_row(Text(name, _STYLES.get(name, "")), *map(Text, others), style=faint)
    return grid


def _mistake(number: int, mistake: Mistake) -> Iterator[RenderableType]:
    yield Text()
    yield Text.assemble((f"{number}. ", "dim"), phrases.error(mistake))
    lines: list[RenderableType] = [
        Text(phrases.place(mistake), "dim"),
        Text(phrases.shares(mistake), "dim"),
        _context(mistake),
    ]
    for line in lines:
        yield Padding(line, (0, 0, 0, 3))


def _context(mistake: Mistake) -> Grid:
    """Return the sentence between its neighbours, marked at the margin."""
    grid = Grid.grid(padding=(0, 1, 0, 0))
    if mistake.before:
        grid.add_row("", Text(one_line(mistake.before), "dim"))
    grid.add_row(">", Text(one_line(mistake.text), "bold"))
    if mistake.after:
        grid.add_row("", Text(one_line(mistake.after), "dim"))
    return grid
