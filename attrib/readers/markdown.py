"""Markdown: the article is the text a reader of the rendered page would see."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import fields
from attrib.readers.limits import require_words
from attrib.readers.options import Columns, Part
from attrib.readers.origin import Origin
from attrib.readers.records import extra_of

_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL
)
_YAML_LINE = re.compile(r"\s*$|\s|#|-\s|[\w\"'][^:]*:(\s|$)")
# The search for links takes time quadratic in the number of brackets; beyond this they stay text.
_MAX_BRACKETS = 10_000
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_KEPT = {"text", "text_special", "code_inline"}


class _Block(NamedTuple):
    """A paragraph, heading, list item or cell as text, with its (offset, line) anchors."""

    text: str
    lines: tuple[tuple[int, int], ...]
    is_title: bool


def read_markdown(text: str, origin: Origin, columns: Columns) -> Article:
    """Return the blocks of ``text`` as paragraphs, without markup, code and raw HTML.

    The title is that of the front matter, or else the first heading of the first level.

    Raises:
        InputError: if nothing is left to score, or the markup is nested too deep to parse.
    """
    require_words(text, origin.where)
    source = re.sub(r"\r\n?", "\n", text)
    front, body_start = _front_matter(source)
    try:
        blocks = list(_blocks(source[body_start:], 1 + source.count("\n", 0, body_start)))
    except RecursionError as error:
        raise InputError(
            f"{origin.where}: expected Markdown, found markup nested too deep to read; "
            "save the article as text"
        ) from error
    rendered = "\n\n".join(block.text for block in blocks)
    require_words(rendered, f"{origin.where} (without front matter, code and raw HTML)")
    heading = next((" ".join(block.text.split()) for block in blocks if block.is_title), None)
    return Article(
        text=rendered,
        id=origin.id,
        source=origin.source,
        title=fields.first_of(front, columns.names(Part.TITLE)) or heading,
        outlet=fields.first_of(front, columns.names(Part.OUTLET)),
        date=fields.first_of(front, columns.names(Part.DATE)),
        topic=fields.first_of(front, columns.names(Part.TOPIC)),
        lines=_anchors(blocks),
        extra=extra_of(front, columns),
    )


def _front_matter(source: str) -> tuple[dict[str, str], int]:
    """Return the simple ``key: value`` pairs of the front matter, and the offset of its end."""
    found = _FRONT_MATTER.match(source)
    lines = found["yaml"].splitlines() if found else []
    if found is None or not all(map(_YAML_LINE.match, lines)):
        return {}, 0
    return fields.folded(dict(map(_yaml_pair, lines))), found.end()


def _yaml_pair(line: str) -> tuple[str, str]:
    """Return key and value of a line ``key: value``; the value is "" where it is no plain one."""
    key, _, value = line.partition(":")
    value = value.strip()
    if key[:1].isspace():
        return "", ""
    if value.startswith(("|", ">", "[", "{", "&", "*", "!", "#")):
        return key, ""
    if value.startswith(("'", '"')):
        return key, value[1 : value.rfind(value[0])]
    return key, value.partition(" #")[0]


def _blocks(body: str, first_line: int) -> Iterator[_Block]:
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    if body.count("[") > _MAX_BRACKETS:
        parser.disable(["link", "image"])
    tokens = parser.parse(body)
    for opening, token in pairwise(tokens):
        if token.type == "inline" and token.map:
            text, lines = _inline(token.children or [], first_line + token.map[0])
            if text:
                is_title = opening.type == "heading_open" and opening.tag == "h1"
                yield _Block(text, lines, is_title)


def _inline(children: Sequence[Token], line: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the visible text of one block that starts on ``line``, and its anchors."""
    pieces: list[str] = []
    size = 0
    anchors = {0: line}
    for child in children:
        piece = _BREAKS.get(child.type) or (child.content if child.type in _KEPT else "")
        pieces.append(piece)
        size += len(piece)
        if child.type in _BREAKS:
            line += 1
            anchors[size] = line
        elif child.type == "html_inline":
            line += child.content.count("\n")
    text = "".join(pieces)
    # Pictures and tags at the edges leave spaces behind.
    margin = len(text) - len(text.lstrip())
    text = text.strip()
    shifted = {max(offset - margin, 0): line for offset, line in anchors.items()}
    return text, tuple(pair for pair in shifted.items() if pair[0] < len(text))


def _anchors(blocks: Sequence[_Block]) -> tuple[tuple[int, int], ...]:
    anchors: list[tuple[int, int]] = []
    start = 0
    for block in blocks:
        anchors += [(start + offset, line) for offset, line in block.lines]
        start += len(block.text) + len("\n\n")
    return tuple(anchors)
