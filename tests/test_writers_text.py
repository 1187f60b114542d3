"""The formats that people read as text: terminal output and Markdown."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from reports import scored
from rich.cells import cell_len

from attrib.article import (
    Label,
    ModelIdentity,
    Report,
    ScoredArticle,
    Summary,
)
from attrib.selection import Selection
from attrib.writers import Format, phrases, write
from attrib.writers.characters import one_line, visible
from attrib.writers.looks import LOOKS, counts
from attrib.writers.paragraphs import paragraphs

ANYTHING = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)


def written(
    *articles: ScoredArticle,
    fmt: Format = Format.TEXT,
    labels: frozenset[Label] | None = None,
    least: float = 0.0,
    color: bool = False,
    width: int = 80,
) -> str:
    stream = io.StringIO()
    of = Report(ModelIdentity("invented", "0.1", "ab" * 32), articles)
    write(of, fmt, Selection(labels, least), stream, color=color, width=width)
    return stream.getvalue()


BRIDGE = scored(
    ("U", "The old bridge over the Tarn closed on Monday after a lorry hit it."),
    " ",
    ("A", "It will open again in May, the council said."),
    "\n\n",
    ("V", "Residents say nobody told them."),
    " ",
    ("C", "The council denies it."),
    source="drafts/bridge.txt",
    title="A bridge closes",
    outlet="The Tarn Echo",
    date="2024-05-06",
)


def test_text_sums_up_and_labels_in_words_and_signs() -> None:
    assert written(BRIDGE, width=89).splitlines() == [
        "A bridge closes",
        "The Tarn Echo · 2024-05-06 · drafts/bridge.txt",
        "4 sentences: 2 attributed (50%, 1 from unnamed sources), 1 unattributed (25%), 1",
        "contested (25%)",
        "━━━━━━━━━━╍╍╍╍╍╍╍╍╍╍──────────══════════",
        "",
        "• unattributed   90%  The old bridge over the Tarn closed on Monday after a lorry hit it.",
        "” attributed     90%  It will open again in May, the council said.",
        "",
        "? unnamed        90%  Residents say nobody told them.",
        "≠ CONTESTED      90%  The council denies it.",
        "",
        "” a named source   ? an unnamed source   • the outlet itself   ≠ sources clash",
    ]


def test_narrow_text_puts_the_sentence_below_its_label() -> None:
    lines = written(BRIDGE, width=40).splitlines()
    at = lines.index("• unattributed   90%")
    assert lines[at + 1 : at + 3] == [
        "  The old bridge over the Tarn closed on",
        "  Monday after a lorry hit it.",
    ]


@pytest.mark.parametrize("width", [1, 40, 63, 64, 80, 200])
@settings(max_examples=25, deadline=None)
@given(sentences=st.lists(st.tuples(st.sampled_from("AVUC"), ANYTHING), max_size=3), title=ANYTHING)
def test_no_text_breaks_out_of_its_line(
    width: int, sentences: list[tuple[str, str]], title: str
) -> None:
    parts = [part for sentence in sentences for part in (sentence, " ")]
    text = written(scored(*parts, title=title, notices=(title,)), width=width)
    text.encode("utf-8")
    assert all(cell_len(line) <= max(width, 20) for line in text.split("\n"))
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert visible(text) == text
    assert not re.search("[\x85\u2028\u2029\x0b\x0c\r\x1c-\x1f]", text)


def test_text_shows_markup_and_escapes_as_what_they_are() -> None:
    text = written(
        scored(("U", "\x1b[31mRed\x1b[0m [bold]b[/bold] \u202ecba\u202c :smile:\x9b1m."))
    )
    assert "␛[31mRed␛[0m [bold]b[/bold] �cba� :smile:�1m." in text


def test_wide_characters_wrap_by_cells() -> None:
    lines = written(scored(("A", "橋は月曜日に閉じた、" * 8)), width=64).splitlines()
    assert [cell_len(line) for line in lines if "橋" in line] == [64, 64, 64, 56]


def test_colour_is_escape_codes_around_the_same_text() -> None:
    plain, coloured = written(BRIDGE), written(BRIDGE, color=True)
    assert "\x1b" not in plain
    assert "\x1b[36m”" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_colour_is_what_the_caller_says(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, coloured = written(BRIDGE), written(BRIDGE, color=True)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        monkeypatch.setenv(name, "1")
    assert (written(BRIDGE), written(BRIDGE, color=True)) == (plain, coloured)


def test_text_says_plainly_what_the_filter_leaves() -> None:
    contested = frozenset({Label.CONTESTED})
    some = written(BRIDGE, labels=contested)
    assert "1 of 4 sentences shown: contested.\n" in some
    assert "The old bridge" not in some
    assert "2 attributed (50%" in some
    none = written(BRIDGE, labels=contested | {Label.UNATTRIBUTED}, least=0.95)
    nothing = "Nothing shown: none of the 4 sentences is unattributed or contested"
    assert f"{nothing} with a\nconfidence of at least 95%.\n" in none
    assert "sources clash" not in none, "there is nothing for a legend to explain"


def test_a_rule_stands_between_articles() -> None:
    text = written(BRIDGE, scored(("U", "Short."), source="b.txt"))
    assert f"\n\n{'─' * 80}\n\nb.txt\n1 sentence: 0 attributed" in text


def test_text_of_nothing() -> None:
    assert written() == "No articles.\n"
    assert written(scored(source="a.txt")) == "a.txt\nno sentences\n"


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        (Summary(1, 1, 0, 0, 1), "1 sentence: 1 attributed (100%, all from unnamed sources), 0"),
        (
            Summary(1000, 999, 1, 0, 0),
            "1,000 sentences: 999 attributed (>99%), 1 unattributed (<1%)",
        ),
    ],
)
def test_figures_in_words(summary: Summary, words: str) -> None:
    assert phrases.summed_up(summary).startswith(words)
    assert sum(count for _, count in counts(summary)) == summary.sentences


def test_looks_differ_without_colour() -> None:
    for trait in ("sign", "word", "line", "shortcut", "voucher"):
        assert len({getattr(look, trait) for look in LOOKS}) == len(LOOKS), trait


@given(
    st.lists(st.tuples(st.sampled_from("U"), ANYTHING) | st.sampled_from([" ", "\n", "\r\n \n"]))
)
def test_paragraphs_hold_the_article_in_order(told: list[tuple[str, str] | str]) -> None:
    article = scored(*told)
    pieces = [piece for paragraph in paragraphs(article) for piece in paragraph]
    said = [piece.verdict for piece in pieces if piece.verdict and piece.text.strip()]
    assert said == [v for v in article.verdicts if v.text.strip()]
    joined = "".join(piece.text for piece in pieces)
    assert "".join(joined.split()) == "".join(article.article.text.split())


def test_paragraphs_end_at_line_ends_and_in_wrapped_text_at_blank_lines() -> None:
    plain = scored(
        ("U", "One."), "\n", ("U", "Two."), " ", ("U", "Three."), "\u2028", ("U", "Four.")
    )
    assert [len([p for p in ps if p.verdict]) for ps in paragraphs(plain)] == [1, 2, 1]
    wrapped = scored(("U", "One\ngoes on."), "\n", ("U", "Two."), "\r\n\r\n", ("U", "Three."))
    assert [len([p for p in ps if p.verdict]) for ps in paragraphs(wrapped)] == [2, 1]


def cells(markdown: str) -> list[list[str]]:
    """The text of each table row's cells, as a reader of Markdown shows it."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    assert not re.search("<(a|img|code|em|strong|del|script)[ >]", html)
    rows = re.findall("<tr>(.*?)</tr>", html, re.DOTALL)
    plain = (re.findall("<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows)
    marks = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}
    return [[re.sub("|".join(marks), lambda m: marks[m[0]], cell) for cell in row] for row in plain]


def test_markdown_counts_and_lists() -> None:
    markdown = written(BRIDGE, fmt=Format.MARKDOWN, labels=frozenset({Label.CONTESTED}))
    assert markdown.startswith("# Who vouches for each sentence\n\n## A bridge closes\n")
    assert cells(markdown) == [
        ["", "label", "vouched for by", "sentences", "share"],
        ["”", "attributed, named", "a named source", "1", "25%"],
        ["?", "attributed, unnamed", "an unnamed source", "1", "25%"],
        ["•", "unattributed", "the outlet itself", "1", "25%"],
        ["≠", "contested", "sources clash", "1", "25%"],
        ["", "label", "confidence", "sentence"],
        ["≠", "contested", "90%", "The council denies it."],
    ]


HOSTILE = [
    "a | b \\| c \\\\| d",
    "`code` ``more`` ~~gone~~ *em* __strong__",
    "<script>alert(1)</script> <b onclick=x>&amp; &#60; a@b.example",
    "[link](http://a.example) ![image](x) [ref] https://b.example www.c.example <d:e>",
    "- # 1. > :smile: $x$ \\",
    "two\nlines\r\n\n| --- |\t end",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_keeps_markup_as_text(text: str) -> None:
    article = scored(("U", text), title=text, outlet=text, notices=(text,))
    markdown = written(article, fmt=Format.MARKDOWN)
    assert cells(markdown)[-1][-1] == one_line(text)
    assert not re.search(r"https?:/|www\.", markdown), "bare addresses become links on GitHub"


@settings(max_examples=100, deadline=None)
@given(st.text("ab \\|`*_[]<>&!#~:$\n@-", min_size=1, max_size=12).filter(str.strip))
def test_markdown_keeps_any_text(text: str) -> None:
    article = scored(("U", text), title=text)
    assert cells(written(article, fmt=Format.MARKDOWN))[-1][-1] == one_line(text)
