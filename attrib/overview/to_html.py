"""An overview as one self-contained page, by ``report.html.j2`` and ``report.js`` beside this file.

Figures, group tables and rankings are plain markup, which the script only sorts and filters; the
table of all articles is drawn by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from attrib.article import Label, Summary
from attrib.overview import figures, phrases
from attrib.overview.article_pages import FOLDER, Wanted, place
from attrib.overview.articles import Articles
from attrib.overview.figures import Picture
from attrib.overview.phrases import MEASURES, called, cut
from attrib.overview.table import table
from attrib.overview.values import ArticleLine, Claim, Grouping, Overview, Ranked, Tally, Trend
from attrib.writers.characters import one_line
from attrib.writers.looks import LOOKS
from attrib.writers.pages import environment
from attrib.writers.phrases import number, percent, summed_up
from attrib.writers.sections import Segment, segments

MOST_BYTES = 1_950_000
_TABLE_BYTES = 1_200_000
_LEAST_TABLE = 100_000
_ROWS = 400  # of all group tables together
_TITLE, _CLAIM = 200, 600

_RANKINGS = {
    "contested": "Most contested articles",
    "unnamed": "Most from unnamed sources",
    "unattributed": "Most unattributed articles",
}
_CLAIMS = {
    Label.UNATTRIBUTED: "Surest unattributed sentences",
    Label.CONTESTED: "Surest contested sentences",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of shares; each cell is a share and its interval."""

    name: str
    articles: str
    sentences: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Figures and the table that says the same."""

    id: str
    title: str
    noun: str
    notes: tuple[str, ...]
    pictures: tuple[Picture, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a ranking; without ``href`` the article has no page."""

    text: str
    href: str
    key: str
    about: str
    told: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles or sentences that stand out."""

    title: str
    items: tuple[Item, ...]
    quotes: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What the page begins with; ``segments`` and ``summed_up`` make the bar."""

    id: str
    title: str
    made: str
    segments: tuple[Segment, ...]
    summed_up: str
    facts: tuple[tuple[str, str, str], ...]


def page(results: Path, overview: Overview, articles: Articles, wanted: Wanted) -> str:
    """Return the page; its table of all articles takes what room the rest leaves."""
    template = environment(Path(__file__).parent).get_template("report.html.j2")
    told = {
        "head": _head(overview),
        "groups": list(_groups(overview)),
        "trend": _trend(overview.trend) if overview.trend else None,
        "rankings": list(_rankings(overview, wanted)),
        "distributions": list(figures.distributed(overview.distributions)),
        "measures": MEASURES,
        "intervals": phrases.INTERVALS,
        "ranked_by": phrases.RANKING,
        "pages": _pages(wanted),
        "run": overview.run,
        "failures": [
            tuple(map(one_line, (failure.input, failure.where, failure.why)))
            for failure in overview.run.failures
        ],
        "looks": LOOKS,
        "total": overview.totals.articles,
    }
    room = MOST_BYTES - len(template.render(data=Markup("{}"), listed=0, **told).encode())
    data = table(results, articles, wanted, max(_LEAST_TABLE, min(_TABLE_BYTES, room)))
    return template.render(data=Markup(data.json), listed=data.rows, **told)  # noqa: S704 - escaped


def _head(overview: Overview) -> Head:
    totals, run = overview.totals, overview.run
    counts = Summary(
        totals.sentences,
        totals.attributed.count,
        totals.unattributed.count,
        totals.contested.count,
        totals.unnamed.count,
    )
    made = (
        [f"Model {one_line(run.model['name'])} {one_line(run.model['version'])}"]
        if run.model
        else []
    )
    made += [f"scored {one_line(run.finished)[:10]}"] if run.finished else []
    facts = [
        (measure.title, phrases.shown(share.value), phrases.span(share))
        for measure in MEASURES
        for share in [getattr(totals, measure.key)]
    ]
    facts.append(
        (
            "Unnamed, of the attributed",
            phrases.shown(totals.unnamed_of_attributed.value),
            phrases.span(totals.unnamed_of_attributed),
        )
    )
    return Head(
        id="all",
        title=f"{number(totals.articles, 'article')}, {number(totals.sentences, 'sentence')}",
        made=", ".join(made),
        segments=tuple(segments(counts)),
        summed_up=summed_up(counts),
        facts=tuple(facts),
    )


def _groups(overview: Overview) -> Iterator[Block]:
    most = max(figures.ROWS, _ROWS // max(1, len(overview.groupings)))
    for place_, grouping in enumerate(overview.groupings):
        yield Block(
            id=f"by-{place_}",
            title=f"By {called(grouping.column)}",
            noun=called(grouping.column),
            notes=tuple(_notes(grouping, most)),
            pictures=tuple(figures.grouped(grouping, place_, overview.totals)),
            lines=tuple(_line(called(g.value), g.tally) for g in grouping.groups[:most]),
        )


def _notes(grouping: Grouping, most: int) -> Iterator[str]:
    count = len(grouping.groups) + grouping.left_out
    if count > figures.ROWS:
        yield f"The figures show the {figures.ROWS} with most sentences, of {count:,}."
    if count > most:
        yield (
            f"The table shows the {most} with most sentences; summary.json has "
            f"{'all' if not grouping.left_out else f'{len(grouping.groups):,}'}."
        )


def _line(name: str, tally: Tally) -> Line:
    shares = [getattr(tally, measure.key) for measure in MEASURES] + [tally.unnamed_of_attributed]
    return Line(
        name,
        f"{tally.articles:,}",
        f"{tally.sentences:,}",
        tuple((phrases.shown(share.value), phrases.span(share)) for share in shares),
    )


def _trend(trend: Trend) -> Block:
    notes = [phrases.undated(trend)]
    if len(trend.periods) > figures.POINTS:
        notes.append(f"Shown are the last {figures.POINTS}; summary.json has all.")
    return Block(
        id="trend",
        title=f"By {trend.unit}",
        noun=trend.unit.value,
        notes=tuple(filter(None, notes)),
        pictures=tuple(figures.over_time(trend)) if trend.periods else (),
        lines=tuple(_line(p.name, p.tally) for p in trend.periods[-figures.POINTS :]),
    )


def _rankings(overview: Overview, wanted: Wanted) -> Iterator[Ranking]:
    for name, ranked in overview.rankings.items():
        key = "attributed" if name == "unnamed" else name
        items = tuple(_article(one, key, wanted) for one in ranked)
        yield Ranking(_RANKINGS[name], items, quotes=False)
    for label, claims in overview.claims.items():
        items = tuple(_claim(claim, label, wanted) for claim in claims)
        yield Ranking(_CLAIMS[label], items, quotes=True)


def _article(ranked: Ranked, key: str, wanted: Wanted) -> Item:
    share = percent(ranked.count / ranked.sentences)
    return Item(
        text=_title(ranked.article),
        href=_href(ranked.article, wanted),
        key=key,
        about=_about(ranked.article),
        told=f"{share} of {number(ranked.sentences, 'sentence')}",
    )


def _claim(claim: Claim, label: Label, wanted: Wanted) -> Item:
    href = _href(claim.article, wanted)
    return Item(
        text=cut(one_line(claim.text), _CLAIM),
        href=f"{href}#s{claim.index + 1}" if href else "",
        key=label.value,
        about=" · ".join(filter(None, [_title(claim.article), _about(claim.article)])),
        told=f"{100 * claim.confidence:.1f}% sure",
    )


def _title(line: ArticleLine) -> str:
    return cut(one_line(line.title or "") or one_line(line.source or line.id), _TITLE)


def _about(line: ArticleLine) -> str:
    return " · ".join(cut(one_line(part), _TITLE) for part in (line.outlet, line.date) if part)


def _href(line: ArticleLine, wanted: Wanted) -> str:
    return f"{FOLDER}/{place(line.row)}" if wanted.has(line.row) else ""


def _pages(wanted: Wanted) -> str:
    """Say which articles have a page, where not all do."""
    if wanted.rows is None:
        return ""
    if not wanted.rows:
        return "This report was drawn without a page for each article."
    return f"Only the {number(len(wanted.rows), 'article')} named above have a page of their own."
