"""What the figures of all pages share, drawn by matplotlib for ``svg.inline``.

Colours are names that ``svg`` turns into the page's own, so that a figure follows its theme. A unit
is a point, which the page shows as a pixel or a little more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from matplotlib.axes import Axes  # noqa: TID253
from matplotlib.figure import Figure  # noqa: TID253
from matplotlib.text import Text  # noqa: TID253

from attrib.writers.svg import INK, LINE, QUIET

WIDTH = 340
SIZE, SMALL = 11, 10
HEAD, FOOT = 20, 26
_POINTS = 72
ROW = 24
_LONGEST = 18


class Estimate(Protocol):
    """A figure with the ends of its interval, None where it has none."""

    @property
    def value(self) -> float | None: ...  # noqa: D102
    @property
    def low(self) -> float | None: ...  # noqa: D102
    @property
    def high(self) -> float | None: ...  # noqa: D102


EstimateT_co = TypeVar("EstimateT_co", bound=Estimate, covariant=True)


@dataclass(frozen=True, slots=True)
class Row(Generic[EstimateT_co]):
    """One line of a figure of intervals."""

    name: str
    figure: EstimateT_co
    color: str = INK


def axes(  # noqa: PLR0913, PLR0917 - a size and four margins
    height: int, left: int, top: int, bottom: int, right: int = 12, width: int = WIDTH
) -> tuple[Figure, Axes]:
    """Return a figure of ``width`` and ``height`` with axes inside the margins, in points."""
    figure = Figure(figsize=(width / _POINTS, height / _POINTS))
    box = (left, bottom, width - left - right, height - bottom - top)
    made = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height))
    figure.patch.set_visible(False)
    made.patch.set_visible(False)
    for spine in made.spines.values():
        spine.set_visible(False)
    made.tick_params(length=0, labelsize=SMALL, labelcolor=QUIET, pad=5)
    return figure, made


def text(
    on: Axes, at: tuple[float, float], words: str, color: str = QUIET, align: str = "center"
) -> Text:
    """Write small text, never taken for a formula, its middle at the height of ``at``."""
    return on.text(*at, words, color=color, size=SMALL, ha=align, va="center", parse_math=False)


def intervals(  # noqa: PLR0913, PLR0917 - what is drawn, and how its axis is
    rows: Sequence[Row[Estimate]],
    limits: tuple[float, float],
    reference: float | None,
    said: str = "",
    tick: Callable[[float], str] | None = None,
    line: int = ROW,
) -> Figure:
    """Draw each figure as a dot on its interval; a dashed line at ``reference``, named ``said``.

    An interval that runs past the axis is cut there. ``tick`` says how a number on the axis is
    written; ``line`` is the height of a row.
    """
    height = HEAD + line * len(rows) + FOOT
    figure, on = axes(height, left=118, top=HEAD, bottom=FOOT)
    on.set_xlim(*limits)
    on.set_ylim(len(rows) - 0.5, -0.5)
    on.set_yticks([])
    if tick is not None:
        on.xaxis.set_major_formatter(lambda value, _: tick(value))
    on.grid(visible=True, axis="x", color=LINE, linewidth=0.8, clip_on=False)
    if reference is not None:
        on.axvline(reference, color=QUIET, linewidth=1.2, dashes=(4, 3), clip_on=False)
        text(on, (reference, -0.62), said).set_verticalalignment("bottom")
    left = limits[0] - 0.04 * (limits[1] - limits[0])
    for place, row in enumerate(rows):
        estimate = row.figure
        if estimate.low is not None and estimate.high is not None:
            span = (max(estimate.low, limits[0]), min(estimate.high, limits[1]))
            on.plot(span, (place, place), color=row.color, linewidth=2.2, clip_on=False)
        if estimate.value is not None:
            on.plot(estimate.value, place, "o", color=row.color, markersize=6.5, clip_on=False)
        text(on, (left, place), _short(row.name), INK, "right").set_fontsize(SIZE)
    return figure


def _short(name: str) -> str:
    """Return ``name``, a long one without its middle: names that begin alike end differently."""
    return name if len(name) <= _LONGEST else f"{name[:10].rstrip()}…{name[-7:].lstrip()}"
