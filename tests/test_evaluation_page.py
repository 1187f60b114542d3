"""The page of an evaluation in a browser: narrow, dark and on paper."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import OVERFLOW, Watched
from test_writers_evaluation import sample

from attrib.writers.evaluation import Format, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAPER = 642  # CSS pixels between margins of 2 cm on A4
TOPIC = "a_national_topic_with_a_long_name"
REACH = """() => [...document.querySelectorAll('main *')]
    .filter((e) => e.getBoundingClientRect().right
        > document.querySelector('main').getBoundingClientRect().right + 1)
    .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "against"])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "evaluation.html"
    with path.open("w", encoding="utf-8") as stream:
        write(sample(request.param, topic=TOPIC, title="w" * 300), Format.HTML, stream)
    return path


def style(page: "Page", selector: str, name: str) -> set[str]:
    read = "(found, name) => found.map((e) => getComputedStyle(e)[name])"
    found = page.locator(selector).evaluate_all(read, name)
    assert found, selector
    return set(found)


@pytest.mark.parametrize("width", [360, 560, 1200])
def test_nothing_runs_out_of_the_window(source: Path, width: int, watched: Watched) -> None:
    page = watched.open(source, width=width)
    assert page.evaluate(OVERFLOW) <= 0
    assert page.locator("figure svg:visible").count() == page.locator("figure").count() >= 4
    if width != 560:  # between the two a wide table scrolls in its own box
        assert page.evaluate(REACH) == []


def test_on_paper_nothing_is_cut_and_no_figure_leaves_its_table(
    source: Path, watched: Watched
) -> None:
    page = watched.open(source, width=PAPER, dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(REACH) == []
    assert page.evaluate(OVERFLOW) <= 0
    assert page.locator("nav:visible, .skip:visible").count() == 0
    assert style(page, ".block, .note, .mistakes li, tr", "breakInside") == {"avoid"}
    assert style(page, "h2, main h3, .note", "breakAfter") == {"avoid"}
    for figure in page.locator("figure").all():
        assert figure.evaluate("e => e.closest('.block').querySelectorAll('table').length") == 1
    # dark as the screen may be, ink is black on white
    assert style(page, "body", "color") == {"rgb(0, 0, 0)"}
    assert style(page, "body", "backgroundColor") == {"rgb(255, 255, 255)"}


def test_in_the_dark_text_and_figures_have_other_colours(source: Path, watched: Watched) -> None:
    read = """() => ['body', '.note', 'figure svg path[fill*="var"]'].map((selector) => {
        const style = getComputedStyle(document.querySelector(selector));
        return style.color + style.fill;
    })"""
    light, dark = (watched.open(source, dark=dark).evaluate(read) for dark in (False, True))
    assert all(one != other for one, other in zip(light, dark, strict=True))


def test_a_long_name_breaks_at_its_underscores(source: Path, watched: Watched) -> None:
    page = watched.open(source)
    cell = page.locator("th[scope=row]", has_text="a_national")
    assert TOPIC in str(cell.text_content())
    assert cell.locator("wbr").count() == TOPIC.count("_")
