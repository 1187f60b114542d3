"""An assessment as one self-contained page, by ``evaluation.html.j2`` beside this file.

Each figure has a table beside it that says the same. The page has no script.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from markupsafe import Markup
from matplotlib.figure import Figure  # noqa: TID253

from attrib.assessment import Assessment, Comparison, Interval, Mistake
from attrib.writers.characters import one_line
from attrib.writers.charts import Row, intervals
from attrib.writers.evaluation import drawings, phrases, tables
from attrib.writers.evaluation.tables import Table
from attrib.writers.looks import LOOKS, Look
from attrib.writers.pages import environment
from attrib.writers.svg import HUES, INK, QUIET, inline

_BY_SIGNED = {f"{look.sign} {look.word}": look for look in LOOKS}
_MARGIN, _STEP = 0.02, 0.1


@dataclass(frozen=True, slots=True)
class _Section:
    """A table and the figure that shows the same; ``lines`` stand ahead of both."""

    table: Table
    picture: Markup | None = None
    lines: tuple[str, ...] = ()

    @property
    def stacks(self) -> bool:
        """Whether the rows hold intervals, too wide for a narrow screen side by side."""
        return any("(" in cell for cells in self.table.rows for cell in cells[1:])

    def look(self, name: str) -> Look | None:
        """Return the look of the label that a row is about."""
        return _BY_SIGNED.get(name)


@dataclass(frozen=True, slots=True)
class _Mistake:
    """A mistake as it is shown; texts are on one line and safe to show."""

    error: str
    place: str
    shares: str
    before: str
    text: str
    after: str
    key: str


def write(assessment: Assessment, stream: TextIO) -> None:
    """Write the page."""
    page = environment(Path(__file__).parent).get_template("evaluation.html.j2")
    model = assessment.model
    stream.write(
        page.render(
            heading=phrases.heading(assessment),
            caution=phrases.caution(assessment.evaluation),
            basis=phrases.basis(assessment.evaluation),
            intervals=phrases.INTERVALS,
            figures=tables.figures(assessment.evaluation),
            against=_against(assessment),
            sections=list(_sections(assessment)),
            sliced=phrases.SLICED,
            slices=list(_slices(assessment)),
            unshown=phrases.unshown(tables.unshown(assessment)),
            surest=phrases.SUREST,
            mistaken=phrases.mistaken(assessment),
            mistakes=[_mistake(mistake) for mistake in assessment.mistakes],
            models=[model, *([assessment.against.model] if assessment.against else [])],
            sources=[one_line(source) for source in assessment.sources],
            data=assessment.data_sha256,
            looks=LOOKS,
        )
    )


def _against(assessment: Assessment) -> _Section | None:
    against = assessment.against
    if against is None:
        return None
    table = tables.differences(assessment, against)
    lines = (phrases.conclusion(assessment), phrases.agreement(assessment))
    return _Section(table, _differences(table, against), lines)


def _differences(table: Table, against: Comparison) -> Markup:
    each = (against.accuracy, against.macro_f1, against.contested_f1)
    gaps = [(cells[0], gap) for cells, gap in zip(table.rows, each, strict=True) if gap]
    reach = max(abs(edge) for _, gap in gaps for edge in (gap.low, gap.high, gap.value))
    reach = max(reach * 1.1, _MARGIN)
    rows = [Row(name, gap) for name, gap in gaps]
    figure = intervals(rows, (-reach, reach), 0.0, "no difference")
    said = "; ".join(f"{name} {phrases.shown_gap(gap)}" for name, gap in gaps)
    return _picture(figure, table, said)


def _sections(assessment: Assessment) -> Iterator[_Section]:
    evaluation = assessment.evaluation
    table = tables.labels(evaluation)
    rows = [
        Row("accuracy", evaluation.accuracy),
        Row("macro-F1", evaluation.macro_f1),
        *(
            Row(f"F1, {label}", f1, hue)
            for label, hue in HUES.items()
            if (f1 := getattr(evaluation, f"{label}_f1"))
        ),
    ]
    figure = intervals(rows, _limits(rows), None)
    yield _Section(table, _picture(figure, table, _said(rows)))
    table = tables.confusion(evaluation)
    yield _Section(table, _picture(drawings.confusion(evaluation.confusion), table, table.note))
    table = tables.calibration(evaluation)
    yield _Section(table, _picture(drawings.calibration(evaluation.calibration), table, table.note))


def _slices(assessment: Assessment) -> Iterator[_Section]:
    every = assessment.evaluation.macro_f1.value
    for table, slices in tables.slices(assessment):
        rows = [
            Row(one_line(part.value), part.macro_f1, QUIET if part.few else INK) for part in slices
        ]
        limits = _limits(rows, every)
        figure = intervals(rows, limits, every, f"macro-F1 of all: {every:.3f}")
        yield _Section(table, _picture(figure, table, f"Macro-F1: {_said(rows)}"))


def _picture(figure: Figure, table: Table, said: str) -> Markup:
    return Markup(inline(figure, table.key, table.title, said))  # noqa: S704 - escaped as XML


def _said(rows: Sequence[Row[Interval]]) -> str:
    return "; ".join(
        f"{row.name} {row.figure.value:.3f} ({row.figure.low:.3f} to {row.figure.high:.3f})"
        for row in rows
    )


def _limits(rows: Sequence[Row[Interval]], *others: float) -> tuple[float, float]:
    """Return an axis from a tenth below the lowest value to 1."""
    lowest = min([row.figure.low for row in rows] + [row.figure.value for row in rows])
    lowest = min(lowest, *others) if others else lowest
    return max(0.0, int((lowest - _MARGIN) / _STEP) * _STEP), 1.0


def _mistake(mistake: Mistake) -> _Mistake:
    return _Mistake(
        error=phrases.error(mistake),
        place=phrases.place(mistake),
        shares=phrases.shares(mistake),
        before=one_line(mistake.before or ""),
        text=one_line(mistake.text),
        after=one_line(mistake.after or ""),
        key=mistake.predicted.value,
    )
