"""The figures of an evaluation that no other page has, drawn by matplotlib as ``charts`` are."""

from collections.abc import Sequence

from matplotlib.figure import Figure  # noqa: TID253
from matplotlib.patches import Rectangle  # noqa: TID253

from attrib.article import Label
from attrib.assessment import Bin
from attrib.writers import charts
from attrib.writers.phrases import percent
from attrib.writers.svg import HUES, INK, LINE, QUIET

_FAINTEST, _STRONGEST = 0.04, 0.46  # of a cell; ink on it passes WCAG AA on each paper


def confusion(counts: Sequence[Sequence[int]]) -> Figure:
    """Draw counts and shares of each gold label: the larger the share, the stronger the cell."""
    labels, side = list(Label), 62
    figure, axes = charts.axes(side * len(labels) + 46, left=88, top=42, bottom=4)
    axes.set_xlim(0, len(labels))
    axes.set_ylim(len(labels), 0)
    axes.set_xticks([])
    axes.set_yticks([])
    charts.text(axes, (len(labels) / 2, -0.48), "predicted")
    charts.text(axes, (-0.06, -0.17), "gold", align="right")
    for place, label in enumerate(labels):
        charts.text(axes, (place + 0.5, -0.17), label, INK)
        charts.text(axes, (-0.06, place + 0.5), label, INK, "right")
    for row, (label, cells) in enumerate(zip(labels, counts, strict=True)):
        for column, count in enumerate(cells):
            share = count / max(sum(cells), 1)
            strength = _FAINTEST + (_STRONGEST - _FAINTEST) * share
            cell = Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, linewidth=0, clip_on=False)
            cell.set(color=HUES[label], alpha=strength)
            axes.add_patch(cell)
            number = charts.text(axes, (column + 0.5, row + 0.42), f"{count:,}", INK)
            number.set(size=13, weight="bold" if row == column else "normal")
            charts.text(axes, (column + 0.5, row + 0.72), percent(share), INK)
    return figure


def calibration(bins: Sequence[Bin]) -> Figure:
    """Draw accuracy over mean confidence, a dot a bin, the larger the more sentences it has."""
    figure, axes = charts.axes(250, left=44, top=12, bottom=42)
    axes.set_xlim(0.3, 1)
    axes.set_ylim(0, 1)
    axes.grid(visible=True, color=LINE, linewidth=0.8, clip_on=False)
    axes.plot((0.3, 1), (0.3, 1), color=QUIET, linewidth=1.2, dashes=(4, 3), clip_on=False)
    charts.text(axes, (0.98, 0.06), "dashed: as sure as right", align="right")
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
    axes.set_xlabel("mean confidence", color=QUIET, size=charts.SMALL, labelpad=6)
    axes.set_ylabel("accuracy", color=QUIET, size=charts.SMALL, labelpad=6)
    return figure
