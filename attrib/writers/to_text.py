"""A report for a person at a terminal, drawn with rich."""

import io
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console
from rich.text import Text

from attrib.article import Report, ScoredArticle, Summary
from attrib.selection import Selection
from attrib.writers import phrases
from attrib.writers.characters import one_line
from attrib.writers.looks import CONTESTED, LOOKS, Look, counts, look_of
from attrib.writers.paragraphs import Piece, paragraphs

_NARROWEST, _WIDEST = 20, 120  # longer lines are hard to read
_ROOMY = 64  # from here on, sign, word and confidence stand in columns beside the sentence
_WORD = max(len(look.word) for look in LOOKS)
_BAR = 40


def write(report: Report, selection: Selection, stream: TextIO, color: bool, width: int) -> None:
    """Write each article's summary, bar and kept sentences, and a legend; lines fit ``width``."""
    width = min(max(width, _NARROWEST), _WIDEST)
    drawn = io.StringIO()  # rich would end the program at a closed pipe
    console = Console(
        file=drawn,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,  # the sixteen colours of the reader's own theme
        no_color=not color,
        legacy_windows=False,
        _environ={},  # the caller has decided
    )
    for line in _report(console, report, selection):
        line.rstrip()
        console.print(line, soft_wrap=True, highlight=False)
    stream.write(drawn.getvalue())


def _report(console: Console, report: Report, selection: Selection) -> Iterator[Text]:
    for position, scored in enumerate(report.articles):
        if position:
            yield from [Text(), Text("─" * console.width, "dim"), Text()]
        yield from _head(console, scored, selection)
        yield from _body(console, scored, selection)
    if not report.articles:
        yield Text("No articles.")
    elif any(map(selection.keeps, (v for scored in report.articles for v in scored.verdicts))):
        yield from [Text(), *_legend(console)]


def _head(console: Console, scored: ScoredArticle, selection: Selection) -> Iterator[Text]:
    yield from _wrapped(console, Text(phrases.heading(scored.article), "bold"))
    if origin := phrases.origin(scored.article):
        yield from _wrapped(console, Text(" · ".join(origin), "dim"))
    summary = scored.summary
    yield from _wrapped(console, Text(phrases.summed_up(summary)))
    if summary.sentences:
        yield _bar(summary, min(_BAR, console.width))
    if kept := phrases.kept(scored, selection, "shown"):
        yield from _wrapped(console, Text(kept, "italic"))


def _bar(summary: Summary, cells: int) -> Text:
    """Draw the shares; every kind that occurs has a cell, and cells left over go to the largest."""
    present = [(look, count) for look, count in counts(summary) if count]
    widths = [max(1, int(cells * count / summary.sentences)) for _, count in present]
    largest = max(range(len(present)), key=lambda i: present[i][1])
    widths[largest] += cells - sum(widths)
    parts = zip(present, widths, strict=True)
    return Text.assemble(*((look.line * wide, look.style) for (look, _), wide in parts))


def _body(console: Console, scored: ScoredArticle, selection: Selection) -> Iterator[Text]:
    for paragraph in paragraphs(scored):
        kept = [p for p in paragraph if p.verdict is not None and selection.keeps(p.verdict)]
        if kept:
            yield Text()
        for piece in kept:
            yield from _sentence(console, piece)


def _sentence(console: Console, piece: Piece) -> Iterator[Text]:
    assert piece.verdict is not None
    look = look_of(piece.verdict)
    percent = phrases.percent(piece.verdict.confidence)
    head = Text.assemble((f"{look.sign} {_word(look):<{_WORD}}", look.style), "  ")
    head.append(f"{percent:>4}", "dim")
    body = Text(one_line(piece.text), "bold" if look is CONTESTED else "")
    if console.width >= _ROOMY:
        head.append("  ")
        yield from _hanging(console, head, body)
    else:
        yield head
        yield from _hanging(console, Text("  "), body)


def _word(look: Look) -> str:
    return look.word.upper() if look is CONTESTED else look.word


def _legend(console: Console) -> Iterator[Text]:
    entries = [
        Text.assemble((look.sign, look.style), (f" {look.voucher}", "dim")) for look in LOOKS
    ]
    line = Text()
    for entry in entries:
        if line and line.cell_len + 3 + entry.cell_len > console.width:
            yield from _wrapped(console, line)
            line = Text()
        line = Text("   ").join([line, entry]) if line else entry
    yield from _wrapped(console, line)


def _hanging(console: Console, head: Text, body: Text) -> Iterator[Text]:
    """Yield ``body`` wrapped beside ``head``, its further lines indented to the first."""
    indent = head.cell_len
    for number, line in enumerate(body.wrap(console, console.width - indent, overflow="fold")):
        yield Text.assemble(" " * indent if number else head, line)


def _wrapped(console: Console, text: Text) -> Iterator[Text]:
    return _hanging(console, Text(), text)
