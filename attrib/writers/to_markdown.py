"""A report as GitHub-flavoured Markdown, for a pull request or a job summary."""

import re
from collections.abc import Iterator
from typing import TextIO

from attrib.article import Report, ScoredArticle
from attrib.selection import Selection
from attrib.writers import phrases
from attrib.writers.characters import one_line
from attrib.writers.looks import counts, look_of

# A colon or full stop is markup only where it could start a link (https:, www.) or an emoji code.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$@^=]|:(?=\S)|(?<=www)\.", re.IGNORECASE)


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write a heading, a summary and two tables for each article."""
    stream.write("\n".join(_lines(report, selection)) + "\n")


def _lines(report: Report, selection: Selection) -> Iterator[str]:
    yield "# Who vouches for each sentence"
    for scored in report.articles:
        yield from _article(scored, selection)
    model = report.model
    identity = f"{model.name} {model.version}, SHA-256 {model.sha256}"
    yield from ["", f"Labelled by the model {escaped(identity)}."]


def _article(scored: ScoredArticle, selection: Selection) -> Iterator[str]:
    yield from ["", f"## {escaped(phrases.heading(scored.article))}", ""]
    if origin := phrases.origin(scored.article):
        yield from [escaped(" · ".join(origin)), ""]
    yield escaped(phrases.summed_up(scored.summary)) + "."
    for note in [*scored.notices, phrases.kept(scored, selection, "shown")]:
        if note:
            yield from ["", escaped(note)]
    if not scored.verdicts:
        return
    yield from [
        "",
        "| | label | vouched for by | sentences | share |",
        "| --- | --- | --- | ---: | ---: |",
    ]
    for look, count in counts(scored.summary):
        share = phrases.percent(count / scored.summary.sentences)
        yield row(look.sign, look.phrase, look.voucher, f"{count:,}", share)
    kept = [v for v in scored.verdicts if selection.keeps(v)]
    if kept:
        yield from ["", "| | label | confidence | sentence |", "| --- | --- | ---: | --- |"]
    for verdict in kept:
        look, confidence = look_of(verdict), phrases.percent(verdict.confidence)
        yield row(look.sign, look.word, confidence, verdict.text)


def row(*cells: str) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(map(escaped, cells))} |"


def escaped(text: str) -> str:
    """Return ``text`` on one line, with everything that Markdown would read as markup escaped."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))
