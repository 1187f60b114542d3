"""HTML: the article of a page, and pages that have none or are out to do harm."""

import io

import pytest

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import InputFormat, ReadOptions, extraction, read_inputs

PARAGRAPHS = [
    f"The mayor said on Tuesday that plan {i} would go ahead, “despite the cost” & the café."
    for i in range(6)
]
HEAD = (
    "<title>Big story | The Post</title><meta property='og:site_name' content='The Post'>"
    "<meta property='article:published_time' content='2024-03-05T10:00:00Z'>"
    "<meta property='article:section' content='Politics'>"
)
NAVIGATION = "".join(f"<li><a href='/s{i}'>Section {i} of the site</a></li>" for i in range(40))


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def read(content: str | bytes) -> Article | InputError:
    raw = content if isinstance(content, bytes) else content.encode()
    (found,) = read_inputs(["-"], io.BytesIO(raw), ReadOptions(InputFormat.HTML))
    return found


def text_of(content: str | bytes) -> str:
    found = read(content)
    assert isinstance(found, Article), found
    return found.text


def test_the_article_is_the_main_text_of_the_page() -> None:
    paragraphs = "".join(f"<p>{p.replace('&', '&amp;')}</p>" for p in PARAGRAPHS)
    article = read(
        page(
            f"<nav><ul>{NAVIGATION}</ul></nav><article><h1>Big story</h1>{paragraphs}"
            "<ul><li>A point.</li><li>Another.</li></ul>"
            "<table><tr><td>Ann</td><td>12</td></tr></table></article>"
            "<div class='comments'><p>First! What a story this is, I say.</p></div>"
            "<footer><p>Copyright The Post. All rights reserved.</p></footer>",
            HEAD,
        )
    )
    assert isinstance(article, Article), article
    assert article.text.splitlines() == ["Big story", *PARAGRAPHS, "A point.", "Another."]
    assert (article.title, article.outlet) == ("Big story", "The Post")
    assert (article.date, article.topic) == ("2024-03-05", "Politics")
    assert article.lines == ((0, 1),)


def test_a_table_that_lays_out_the_page_holds_the_article() -> None:
    cells = f"<td><p>{PARAGRAPHS[0].replace('&', '&amp;')}</p><p>He said so.</p></td><td>Menu</td>"
    assert text_of(page(f"<table><tr>{cells}</tr></table>")).splitlines()[:2] == [
        PARAGRAPHS[0],
        "He said so.",
    ]


@pytest.mark.parametrize(
    "content", ["<p>Rain is expected.</p>", "Rain is expected.", page("<p>Rain is expected.</p>")]
)
def test_fragments_and_short_pages_are_read(content: str) -> None:
    assert text_of(content) == "Rain is expected."


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("cp1252", "<meta charset='iso-8859-1'>"),
        ("mac_roman", "<meta charset=macintosh>"),
        ("utf-8", "<meta charset='iso-8859-1'>"),
        ("utf-8", ""),
        ("utf-16", ""),
    ],
)
def test_the_declared_encoding_is_honoured(encoding: str, declaration: str) -> None:
    raw = page("<p>The café is “shut”, he said.</p>", declaration).encode(encoding)
    assert text_of(raw) == "The café is “shut”, he said."


def test_xhtml_with_an_encoding_declaration() -> None:
    raw = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + page("<p>The café is shut.</p>")
    assert text_of(raw.encode("latin-1")) == "The café is shut."


@pytest.mark.parametrize(
    "content",
    [
        page(""),
        page(f"<nav><ul>{NAVIGATION}</ul></nav>"),
        page(f"<div><ul>{NAVIGATION}</ul></div><footer>© 2024 The Post.</footer>", HEAD),
        page("<script>document.write('The mayor said so on Tuesday.')</script>"),
        page("<noscript>Please enable JavaScript to view this page.</noscript>"),
        page("<p>Please enable JavaScript to view this page.</p>"),
    ],
)
def test_a_page_without_an_article_is_an_error_with_a_cure(content: str) -> None:
    assert str(read(content)) == (
        "-: expected a page with an article, found no sentence of one; "
        "save the text of the article as a .txt file"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000,
        "<b>" * 100_000,
        "<ul><li>" * 100_000,
        "<table><tr><td>" * 20_000,
        "<!--" * 100_000,
        "<![CDATA[" * 1_000,
        f"<p x='{'a' * 1_000_000}'>",
        "<p " + " ".join(f"x{i}='<'" for i in range(5_000)) + ">",
        "&amp &foo; &#xZZ; &#99999999999; &#0; &" + "&amp" * 10_000,
        "<" * 10_000,
        "</" * 10_000 + "<p" * 10_000,
        "<iframe src='http://example.org'></iframe><img src='http://example.org/x'>",
        "<script type='application/ld+json'>" + '{"a":' * 10_000 + "</script>",
        "<svg><math><template><frameset>" * 100,
    ],
)
def test_hostile_markup_ends_in_the_text(body: str) -> None:
    assert text_of(page(f"<p>The mayor said so.</p>{body}")).startswith("The mayor said so.")


def test_markup_in_a_title_is_text() -> None:
    article = read(page("<p>He said so.</p>", "<title><script>alert(1)</script>\n x</title>"))
    assert isinstance(article, Article)
    assert article.title == "<script>alert(1)</script> x"


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_TIMEOUT", 0.5)
    found = read(page("<p>He said so.</p><p>" + "<a href='x'>word</a> " * 100_000))
    assert str(found) == (
        "-: expected a web page, found one that cannot be read (it took more than 0.5 seconds); "
        "save the text of the article as a .txt file"
    )


def test_a_large_page_is_read_in_a_process_of_its_own() -> None:
    article = read(page("<p>He said so.</p>" + "<p>Café.</p>" * 6_000, HEAD))
    assert isinstance(article, Article)
    assert article.text.startswith("He said so.\nCafé.\n")
    assert article.outlet == "The Post"


def test_a_failure_of_the_extractor_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def bare_extraction(self, *_args: object, **_options: object) -> None:
            raise RecursionError

    monkeypatch.setattr(extraction, "_trafilatura", Broken)
    assert "found one that cannot be read (RecursionError)" in str(read(page("<p>He said so.</p>")))

    def missing() -> None:
        raise ImportError("a part is missing.\nInstall it.")

    monkeypatch.setattr(extraction, "_trafilatura", missing)
    assert "(trafilatura does not load: a part is missing. Install it.);" in str(read(page("x")))


def test_nothing_is_logged_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    read(page(""))
    assert capfd.readouterr() == ("", "")
