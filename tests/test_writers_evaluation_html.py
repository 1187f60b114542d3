"""The page of an evaluation: self-contained, safe, and readable without its figures."""

import hashlib
import io
import re
from base64 import b64encode
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from test_writers_evaluation import sample

from attrib.writers.evaluation import Format, write

HOSTILE = (
    "\"><script>alert('x')</script><img src=x onerror=alert(1)> \u202e $\\frac{$ {{ 7*7 }} &amp;"
)
VOID = {"meta", "br", "hr", "img", "path", "use", "rect"}


class Page(HTMLParser):
    """All elements of a page, and the text of each kind; fails where the nesting is broken."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        assert len(dict(attrs)) == len(attrs), "no attribute twice"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, "elements are closed in the order they were opened"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "against"])
def source(request: pytest.FixtureRequest) -> str:
    stream = io.StringIO()
    found = sample(request.param, title=HOSTILE, topic=HOSTILE, outlet=HOSTILE)
    write(found, Format.HTML, stream)
    return stream.getvalue()


def test_the_page_asks_nothing_of_any_network(source: str) -> None:
    page = Page(source)
    named = [
        v for _, a, _ in page.elements for k, v in a.items() if k in ("src", "href", "xlink:href")
    ]
    assert named
    assert all(v is not None and v.startswith("#") for v in named)
    assert all(place.startswith("#") for place in re.findall(r"url\(([^)]*)\)", source))
    assert "http:" not in source
    assert "https:" not in source
    assert "@import" not in source


def test_hostile_words_show_as_text(source: str) -> None:
    page = Page(source)
    assert {"script", "img"} & {tag for tag, _, _ in page.elements} == set()
    assert not [a for _, a, _ in page.elements if any(name.startswith("on") for name in a)]
    shown = HOSTILE.replace("\u202e", "\ufffd")
    assert any(shown in text for text in page.texts)
    assert "\u202e" not in source
    # In a figure, shortened: and neither markup nor a formula.
    ends = shown[:10].rstrip(), shown[-7:].lstrip()
    assert any(text.startswith(ends[0]) and text.endswith("…" + ends[1]) for text in page.texts)


def test_the_policy_allows_the_page_s_own_style_and_nothing_else(source: str) -> None:
    (policy,) = [a["content"] for a in Page(source).all("meta") if a.get("http-equiv") is not None]
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL)
    assert style is not None
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "style=" not in source
    assert source.count("<style") == 1


def test_ids_are_unique_and_every_reference_finds_one(source: str) -> None:
    page = Page(source)
    ids = [a["id"] for _, a, _ in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = [
        name
        for _, a, _ in page.elements
        for value in (a.get("aria-labelledby"), (a.get("href") or "").removeprefix("#"))
        for name in (value or "").split()
    ]
    assert wanted
    assert set(wanted) <= set(ids)


def test_each_figure_has_words_of_its_own_and_a_table(source: str) -> None:
    page = Page(source)
    drawings = page.all("svg")
    assert len(drawings) == len(page.all("figure")) == len(page.all("table")) >= 7
    inside = [(tag, parents[-1]) for tag, _, parents in page.elements if tag in ("title", "desc")]
    assert inside.count(("title", "svg")) == inside.count(("desc", "svg")) == len(drawings)
    assert all(a["role"] == "img" and a["viewbox"] for a in drawings)
    assert all(a["scope"] in ("row", "col") for a in page.all("th"))


def test_figures_have_the_page_s_colours_and_text_as_text(source: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", source, re.DOTALL)
    for drawing in drawings:
        assert "<text" in drawing
        colors = set(re.findall(r'(?:fill|stroke)="([^"]*)"', drawing))
        assert colors <= {"none"} | {f"var(--{name})" for name in _variables(source)}
    assert "font-family" not in "".join(drawings)


def _variables(source: str) -> set[str]:
    return set(re.findall(r"--([a-z]+):", source))


def test_the_page_can_be_used_without_a_pointer(source: str) -> None:
    page = Page(source)
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    regions = [a for a in page.all("div") if a.get("role") == "region"]
    assert all(a["tabindex"] == "0" and a["aria-labelledby"] for a in regions)
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_evaluation_gives_the_same_page() -> None:
    pages = []
    for _ in range(2):
        stream = io.StringIO()
        write(sample(), Format.HTML, stream)
        pages.append(stream.getvalue())
    assert pages[0] == pages[1]
