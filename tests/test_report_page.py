"""The report in a browser: drawn from the disk, sorted, filtered, turned, printed, by keyboard."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import OVERFLOW, Watched
from overviews import LONG_WORD, SHOWN, invented, write_results

from attrib.overview import DateUnit, ReportOptions, draw

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARTICLES = 5000


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on 5,000 articles; only those that stand out have a page."""
    folder = write_results(tmp_path_factory.mktemp("many") / "results", invented(ARTICLES), 130)
    draw(folder, ReportOptions(by_date=DateUnit.MONTH, pages=100))
    return folder


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on 60 articles, each with its page."""
    folder = write_results(tmp_path_factory.mktemp("few") / "results", invented(60), 3)
    draw(folder)
    return folder


def column(page: "Page", table: str, number: int) -> list[str]:
    cells = page.locator(f"{table} tbody tr:visible > :nth-child({number})")
    return [text.split("\n")[0] for text in cells.all_inner_texts()]


def percents(texts: list[str]) -> list[float]:
    return [float(text.rstrip("%")) for text in texts]


def test_the_index_of_5000_articles_is_under_2_mb(results: Path) -> None:
    assert (results / "report.html").stat().st_size < 2_000_000


def test_all_articles_can_be_paged_sorted_and_filtered(results: Path, watched: Watched) -> None:
    page = watched.open(results / "report.html")
    rows = page.locator("#list tbody tr")
    assert rows.count() == 50
    assert page.inner_text("#page") == "Page 1 of 100"
    assert page.get_by_role("button", name="Previous").is_disabled()
    first = column(page, "#list", 1)
    page.get_by_role("button", name="Next").click()
    assert page.inner_text("#page") == "Page 2 of 100"
    assert not set(first) & set(column(page, "#list", 1))

    header = page.locator("#list th", has_text="Contested")
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "descending"
    assert page.inner_text("#page") == "Page 1 of 100", "a new order begins anew"
    shares = percents(column(page, "#list", 6))
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert percents(column(page, "#list", 6)) == [0.0] * 50

    page.fill("#find", "ORSK bay part 49")
    titles = page.locator("#list tbody td:first-child > :first-child").all_inner_texts()
    assert titles
    assert all("Orsk Bay" in title and "part" in title for title in titles)
    assert page.inner_text("#count").endswith("of 5,000 articles")
    page.fill("#find", "no such words")
    assert rows.count() == 0
    assert page.inner_text("#count") == "0 of 5,000 articles"
    page.fill("#find", "")
    page.locator("#filters select").nth(0).select_option("Wire North")
    page.locator("#filters select").nth(1).select_option("harbour")
    assert set(page.locator("#list tbody small").all_inner_texts()) == {"Wire North · harbour"}


def test_group_tables_can_be_sorted_filtered_and_unfolded(results: Path, watched: Watched) -> None:
    page = watched.open(results / "report.html")
    table = "#by-0-table"
    assert len(column(page, table, 1)) == 12
    page.locator("[data-more=by-0-table]").click()
    names = column(page, table, 1)
    assert len(names) == 31
    for number, kind in ((3, int), (6, float)):
        header = page.locator(f"{table} th").nth(number - 1)
        for order in ("descending", "ascending"):
            header.get_by_role("button").click()
            assert header.get_attribute("aria-sort") == order
            found = [
                kind(text.rstrip("%").replace(",", "")) for text in column(page, table, number)
            ]
            assert found == sorted(found, reverse=order == "descending")
    assert page.locator(f"{table} th[aria-sort]").count() == 1
    page.locator(f"{table} th").first.get_by_role("button").click()
    assert [name for name in column(page, table, 1) if name.startswith("Small")] == [
        f"Small Paper {number}" for number in range(26)
    ], "numbers in names by size"
    page.locator("[data-filters=by-0-table]").fill("paper 1")
    assert column(page, table, 1) == [
        f"Small Paper {number}" for number in range(26) if "1" in str(number)
    ]


def test_links_lead_to_the_article_and_to_the_sentence(results: Path, watched: Watched) -> None:
    page = watched.open(results / "report.html")
    link = page.locator(".ranking.quotes a").first
    claim, target = link.inner_text(), str(link.get_attribute("href"))
    link.click()
    page.wait_for_url(f"**/{target}")
    mark = page.locator("mark.active")
    assert mark.get_attribute("id") == target.partition("#")[2]
    assert claim in str(mark.text_content())
    assert mark.evaluate("e => e === document.activeElement")
    assert page.locator(".details h2").inner_text()
    # The styles were loaded from beside the page, too.
    assert page.locator(".columns").evaluate("e => getComputedStyle(e).display") == "grid"
    page.get_by_role("link", name="Report").click()
    page.wait_for_url("**/report.html")


def test_pages_lead_on_and_back_and_every_row_is_linked(few: Path, watched: Watched) -> None:
    page = watched.open(few / "report.html")
    assert page.locator("#list tbody a").count() == 50
    page.locator("#list tbody a").nth(2).click()
    page.wait_for_url("**/articles/000/000002.html")
    page.get_by_role("link", name="Next article").click()
    page.wait_for_url("**/articles/000/000003.html")
    page.get_by_role("link", name="Previous article").click()
    page.wait_for_url("**/articles/000/000002.html")
    page.keyboard.press("j")
    assert page.locator("mark.active").count() == 1


def test_hostile_titles_outlets_and_texts_are_text(few: Path, watched: Watched) -> None:
    page = watched.open(few / "report.html")
    assert page.locator("#list tbody a").nth(0).inner_text() == SHOWN
    page.locator("[data-more=by-0-table]").click()
    assert any(name.startswith(SHOWN[:70]) for name in column(page, "#by-0-table", 1))
    assert page.locator("img").count() == 0
    page.locator("#list tbody a").nth(0).click()
    page.wait_for_url("**/000000.html")
    assert page.locator("article h2").inner_text() == SHOWN
    assert SHOWN in str(page.locator("#s1").text_content())
    assert page.locator("img").count() == 0


@pytest.mark.parametrize(
    "path", ["report.html", "articles/000/000000.html", "articles/000/000001.html"]
)
def test_nothing_runs_out_of_a_narrow_window(few: Path, path: str, watched: Watched) -> None:
    page = watched.open(few / path, width=360)
    assert page.evaluate(OVERFLOW) <= 0
    if path == "report.html":
        assert LONG_WORD[:30] in page.inner_text("#list")
        boxes = page.locator(".scroll").all()
        assert any(box.evaluate("e => e.scrollWidth > e.clientWidth") for box in boxes)
        while (button := page.locator("[data-more]:visible").first).count():
            button.click()
        assert page.evaluate(OVERFLOW) <= 0


def test_by_keyboard(few: Path, watched: Watched) -> None:
    page = watched.open(few / "report.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    header = page.locator("#list th", has_text="Sentences")
    for _ in range(400):
        page.keyboard.press("Tab")
        if header.locator("button").evaluate("e => e === document.activeElement"):
            break
    outline = "e => getComputedStyle(e).outlineStyle + getComputedStyle(e).outlineWidth"
    assert header.locator("button").evaluate(outline) == "solid2px"
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    counts = [int(text) for text in column(page, "#list", 3)]
    assert counts == sorted(counts, reverse=True)
    assert header.locator("button").evaluate("e => e === document.activeElement"), "focus stays"


def test_dark_mode_has_other_colours(few: Path, watched: Watched) -> None:
    read = """() => [document.body, document.querySelector('figure svg [fill*="var"]'),
        document.querySelector('.bar rect')].map((e) => {
        const style = getComputedStyle(e);
        return style.backgroundColor + style.color + style.fill;
    })"""
    light, dark = (
        watched.open(few / "report.html", dark=dark).evaluate(read) for dark in (False, True)
    )
    assert all(one != other for one, other in zip(light, dark, strict=True))


def test_print_leaves_out_what_only_a_screen_can_do(results: Path, watched: Watched) -> None:
    page = watched.open(results / "report.html")
    page.emulate_media(media="print")
    for selector in ("input", "select", "[data-more]", "[data-turn]", "nav", ".skip"):
        assert page.locator(f"{selector}:visible").count() == 0, selector
    assert len(column(page, "#by-0-table", 1)) == 31, "printed whole"
    assert page.locator(".printed").is_visible()
    assert page.locator(".ranking li:visible").count() == page.locator(".ranking li").count()


def test_without_scripts_the_figures_and_rankings_stand(few: Path, browser: "Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((few / "report.html").as_uri())
    assert page.locator("figure svg:visible").count() >= 16
    assert page.locator(".ranking li:visible").count() == page.locator(".ranking li").count() > 0
    assert page.locator("button:visible, input:visible, #list:visible").count() == 0
    assert "needs JavaScript" in page.locator("#articles ~ noscript").inner_text()
    context.close()
