"""Markdown: what a reader of the rendered page would see, and on which source line it stands."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers.markdown import read_markdown
from attrib.readers.options import Columns
from attrib.readers.origin import Origin

STORY = """\
---
title: "Mayor: no"  # working title
date: 2024-03-05
source: The Post
tags: [a, b]
---

# The *mayor* said no

The mayor **said** no
to [the plan](http://example.org "t") on ![alt](p.png) Monday.
A hard\\
break &amp; `code`.

- One
  item
- Two

> Quoted
> words

| Name | Votes |
| --- | --- |
| Ann | 12 |

<div>raw</div>

<!-- comment -->

```
code
```

    more code

***
Under\u00ad<b>lined</b>
---
"""


def read(text: str) -> Article:
    return read_markdown(text, Origin("x.md", "x"), Columns())


def line_of(article: Article, words: str) -> int:
    return article.line_at(article.text.index(words))


def test_blocks_become_paragraphs_without_markup() -> None:
    assert read(STORY).text.split("\n\n") == [
        "The mayor said no",
        "The mayor said no to the plan on  Monday. A hard\nbreak & code.",
        "One item",
        "Two",
        "Quoted words",
        "Name",
        "Votes",
        "Ann",
        "12",
        "Under\u00adlined",
    ]


def test_rendered_words_are_mapped_to_their_source_lines() -> None:
    article = read(STORY)
    lines = STORY.splitlines()
    for words in ("to the plan", "A hard", "break &", "item", "Two", "words", "Votes", "12"):
        source = lines[line_of(article, words) - 1]
        assert words.split()[0] in source, words
    assert article.lines[0] == (0, 8)
    assert line_of(article, "Under") == lines.index("Under\u00ad<b>lined</b>") + 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_tells_about_the_article(end: str) -> None:
    article = read(STORY.replace("\n", end))
    assert article.title == "Mayor: no"
    assert (article.date, article.outlet, article.topic) == ("2024-03-05", "The Post", None)
    assert article.lines == read(STORY).lines


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One `two`\n\nWords.", "One two"),
        ("One\n===\n\nWords.\n\n# Later", "One"),
        ("## Lower\n\nWords.", None),
        ("---\ntitle: |\n  Long\n---\n# Head\n\nWords.", "Head"),
        ("---\ntitle: It's so\n---\nWords.", "It's so"),
        ("---\ntitle: 'One'\nnested:\n  title: Two\n---\nWords.", "One"),
        ("---\n\nA rule: two of them, no front matter\n\nmore\n\n---\n\nWords.", None),
    ],
)
def test_the_title_is_that_of_the_front_matter_or_the_first_heading(
    text: str, title: str | None
) -> None:
    assert read(text).title == title


def test_a_rule_at_the_top_hides_nothing() -> None:
    assert read("---\n\nFirst words.\n\n---\n\nMore.").text == "First words.\n\nMore."


@pytest.mark.parametrize(
    "text", ["```\ncode\n```", "<div>raw</div>", "---\na: b\n---\n", "![a](b)"]
)
def test_nothing_left_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match=r"x\.md \(without front matter.*empty"):
        read(text)


@given(st.text(st.sampled_from("a \n\r#*_`[]()!<>-|&;\\\t1.~=:\"'")).map(lambda text: f"a{text}"))
def test_anchors_ascend_from_the_start_and_stay_within_text_and_source(text: str) -> None:
    try:
        article = read(text)
    except InputError:
        return
    offsets = [offset for offset, _ in article.lines]
    lines = [line for _, line in article.lines]
    assert offsets[0] == 0
    assert offsets == sorted(set(offsets))
    assert offsets[-1] < len(article.text)
    assert lines == sorted(lines)
    assert lines[0] >= 1
    assert lines[-1] <= 1 + text.count("\n") + text.count("\r")


@pytest.mark.parametrize(
    "hostile", ["![", "[[]", "[a](", "*a **", "> ", "- ", "`", "<a ", "a\n\n", "|a", "_", "&"]
)
def test_hostile_markup_takes_no_time(hostile: str) -> None:
    start = time.monotonic()
    read("words\n\n" + hostile * 20_000)
    assert time.monotonic() - start < 20
