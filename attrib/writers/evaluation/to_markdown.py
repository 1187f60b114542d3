"""An assessment as GitHub-flavoured Markdown, for a pull request or a model's card."""

from collections.abc import Iterator
from typing import TextIO

from attrib.assessment import Assessment, Mistake
from attrib.writers.evaluation import phrases, tables
from attrib.writers.evaluation.tables import Table
from attrib.writers.to_markdown import escaped, row


def write(assessment: Assessment, stream: TextIO) -> None:
    """Write a heading, one table a section, and the worst mistakes."""
    stream.write("\n".join(_lines(assessment)) + "\n")


def _lines(assessment: Assessment) -> Iterator[str]:
    evaluation = assessment.evaluation
    yield f"# {escaped(phrases.heading(assessment))}"
    if caution := phrases.caution(evaluation):
        yield from ["", f"**{escaped(caution)}**"]
    yield from ["", escaped(f"{phrases.basis(evaluation)} {phrases.INTERVALS}")]
    yield from _table(tables.figures(evaluation))
    if assessment.against is not None:
        yield from _table(tables.differences(assessment, assessment.against))
        yield from ["", f"**{escaped(phrases.conclusion(assessment))}**"]
        yield from ["", escaped(phrases.agreement(assessment))]
    for table in (tables.labels, tables.confusion, tables.calibration):
        yield from _table(table(evaluation))
    yield from ["", escaped(phrases.SLICED)]
    for sliced, _ in tables.slices(assessment):
        yield from _table(sliced)
    if unshown := phrases.unshown(tables.unshown(assessment)):
        yield from ["", escaped(unshown)]
    yield from ["", f"## {phrases.SUREST}", "", escaped(phrases.mistaken(assessment))]
    for number, mistake in enumerate(assessment.mistakes, 1):
        yield from _mistake(number, mistake)
    model = assessment.model
    yield from ["", escaped(f"Model {phrases.called(model)}, SHA-256 {model.sha256}.")]
    data = f"{', '.join(assessment.sources)}, SHA-256 {assessment.data_sha256}"
    yield from ["", escaped(f"Data {data}.")]


def _table(table: Table) -> Iterator[str]:
    yield from ["", f"## {escaped(table.title)}", ""]
    if table.note:
        yield from [escaped(table.note), ""]
    yield row(*table.head)
    yield f"| --- |{' ---: |' * (len(table.head) - 1)}"
    for cells in table.rows:
        yield row(*cells)


def _mistake(number: int, mistake: Mistake) -> Iterator[str]:
    mark = f"{number}. "
    indent = " " * len(mark)
    yield from ["", f"{mark}{escaped(phrases.error(mistake))}"]
    yield f"{indent}({escaped(phrases.place(mistake))}; {escaped(phrases.shares(mistake))})"
    before, after = escaped(mistake.before or ""), escaped(mistake.after or "")
    yield from ["", f"{indent}> {f'{before} **{escaped(mistake.text)}** {after}'.strip()}"]
