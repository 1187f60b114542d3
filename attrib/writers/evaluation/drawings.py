"""The figures of an evaluation, drawn by matplotlib for ``svg.inline``.

Colours are names that ``svg`` turns into the page's own, so that a figure follows its theme. A unit
is a point, which the page shows as a pixel or a little more. Imported by ``to_html`` only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes  # noqa: TID253
from matplotlib.figure import Figure  # noqa: TID253
from matplotlib.patches import Rectangle  # noqa: TID253
from matplotlib.text import Text  # noqa: TID253

from attrib.article import Label
from attrib.assessment import Bin, Difference, Interval
from attrib.writers.evaluation.svg import HUES, INK, LINE, QUIET
from attrib.writers.phrases import percent

_WIDTH, _POINTS = 340, 72
_SIZE, _SMALL = 11, 10
_ROW, _HEAD, _FOOT = 24, 20, 26
_LONGEST = 18
_FAINTEST, _STRONGEST = 0.04, 0.5  # of a cell, so that ink stays readable on it


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a figure of intervals."""

    name: str
    figure: Interval | Difference
    color: str = INK


def _axes(height: int, left: int, top: int, bottom: int, right: int = 12) -> tuple[Figure, Axes]:
    """Return a figure of ``height`` with axes inside the given margins, all in points."""
    figure = Figure(figsize=(_WIDTH / _POINTS, height / _POINTS))
    box = (left, bottom, _WIDTH - left - right, height - bottom - top)
    axes = figure.add_axes((box[0] / _WIDTH, box[1] / height, box[2] / _WIDTH, box[3] / height))
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=_SMALL, labelcolor=QUIET, pad=5)
    return figure, axes


def _text(
    axes: Axes, at: tuple[float, float], text: str, color: str = QUIET, align: str = "center"
) -> Text:
    """Write small text, never taken for a formula, its middle at the height of ``at``."""
    return axes.text(*at, text, color=color, size=_SMALL, ha=align, va="center", parse_math=False)


def intervals(
    rows: Sequence[Row], limits: tuple[float, float], reference: float | None, said: str = ""
) -> Figure:
    """Draw each figure as a dot on its interval; a dashed line at ``reference``, named ``said``."""
    height = _HEAD + _ROW * len(rows) + _FOOT
    figure, axes = _axes(height, left=118, top=_HEAD, bottom=_FOOT)
    axes.set_xlim(*limits)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(visible=True, axis="x", color=LINE, linewidth=0.8, clip_on=False)
    if reference is not None:
        axes.axvline(reference, color=QUIET, linewidth=1.2, dashes=(4, 3), clip_on=False)
        _text(axes, (reference, -0.62), said).set_verticalalignment("bottom")
    left = limits[0] - 0.04 * (limits[1] - limits[0])
    for place, row in enumerate(rows):
        span = (row.figure.low, row.figure.high)
        axes.plot(span, (place, place), color=row.color, linewidth=2.2, clip_on=False)
        axes.plot(row.figure.value, place, "o", color=row.color, markersize=6.5, clip_on=False)
        name = row.name if len(row.name) <= _LONGEST else f"{row.name[: _LONGEST - 1]}…"
        _text(axes, (left, place), name, INK, "right").set_fontsize(_SIZE)
    return figure


def confusion(counts: Sequence[Sequence[int]]) -> Figure:
    """Draw counts and shares of each gold label: the larger the share, the stronger the cell."""
    labels, side = list(Label), 62
    figure, axes = _axes(side * len(labels) + 46, left=88, top=42, bottom=4)
    axes.set_xlim(0, len(labels))
    axes.set_ylim(len(labels), 0)
    axes.set_xticks([])
    axes.set_yticks([])
    _text(axes, (len(labels) / 2, -0.48), "predicted")
    _text(axes, (-0.06, -0.17), "gold", align="right")
    for place, label in enumerate(labels):
        _text(axes, (place + 0.5, -0.17), label, INK)
        _text(axes, (-0.06, place + 0.5), label, INK, "right")
    for row, (label, cells) in enumerate(zip(labels, counts, strict=True)):
        for column, count in enumerate(cells):
            share = count / max(sum(cells), 1)
            strength = _FAINTEST + (_STRONGEST - _FAINTEST) * share
            cell = Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, linewidth=0, clip_on=False)
            cell.set(color=HUES[label], alpha=strength)
            axes.add_patch(cell)
            number = _text(axes, (column + 0.5, row + 0.42), f"{count:,}", INK)
            number.set(size=13, weight="bold" if row == column else "normal")
            _text(axes, (column + 0.5, row + 0.72), percent(share), INK)
    return figure


def calibration(bins: Sequence[Bin]) -> Figure:
    """Draw accuracy over mean confidence, a dot a bin, the larger the more sentences it has."""
    figure, axes = _axes(250, left=44, top=12, bottom=42)
    axes.set_xlim(0.3, 1)
    axes.set_ylim(0, 1)
    axes.grid(visible=True, color=LINE, linewidth=0.8, clip_on=False)
    axes.plot((0.3, 1), (0.3, 1), color=QUIET, linewidth=1.2, dashes=(4, 3), clip_on=False)
    _text(axes, (0.98, 0.06), "dashed: as sure as right", align="right")
    dots = [
        (b.confidence, b.accuracy, b.count)
        for b in bins
        if b.confidence is not None and b.accuracy is not None
    ]
    axes.plot([d[0] for d in dots], [d[1] for d in dots], color=INK, linewidth=1.2, clip_on=False)
    most = max(count for _, _, count in dots)
    for mean, right, count in dots:
        size = 4 + 9 * (count / most) ** 0.5
        axes.plot(mean, right, "o", color=INK, markersize=size, clip_on=False)
    axes.set_xlabel("mean confidence", color=QUIET, size=_SMALL, labelpad=6)
    axes.set_ylabel("accuracy", color=QUIET, size=_SMALL, labelpad=6)
    return figure
