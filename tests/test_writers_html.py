"""The page: what it says, that no article can act in it, and that everyone can read it."""

import hashlib
import io
import re
from base64 import b64encode
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from reports import scored

from attrib.article import (
    Label,
    ModelIdentity,
    Report,
    ScoredArticle,
)
from attrib.selection import Selection
from attrib.writers import Format, write
from attrib.writers.looks import LOOKS

VOID = {"meta", "link", "img", "br", "hr", "input", "rect", "base"}
HOSTILE = (
    "\"><script>alert('x')</script><img src=x onerror=alert(1)> \u202egnp.\u2066 {{ 7*7 }} &amp;"
)
SHOWN = HOSTILE.replace("\u202e", "\ufffd").replace("\u2066", "\ufffd")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    children: list["Element | str"] = field(default_factory=list)

    def text(self, but: str = "") -> str:
        parts = (
            child if isinstance(child, str) else child.text(but)
            for child in self.children
            if isinstance(child, str) or not but or child.attributes.get("class") != but
        )
        return "".join(parts)

    def all(self, tag: str = "", **attributes: str) -> list["Element"]:
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        found = []
        for child in self.children:
            if isinstance(child, Element):
                same = all(child.attributes.get(key) == value for key, value in wanted.items())
                if same and tag in ("", child.tag):
                    found.append(child)
                found += child.all(tag, **attributes)
        return found


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, "elements are closed in the order they were opened"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def source_of(*articles: ScoredArticle, selection: Selection | None = None) -> str:
    stream = io.StringIO()
    report = Report(ModelIdentity("<b>m</b>", "0.1", "ab" * 32), articles)
    write(report, Format.HTML, selection or Selection(), stream, color=False, width=80)
    return stream.getvalue()


def page(*articles: ScoredArticle, selection: Selection | None = None) -> Element:
    tree = _Tree()
    tree.feed(source_of(*articles, selection=selection))
    assert len(tree.open) == 1
    return tree.open[0]


def squeezed(text: str) -> str:
    return " ".join(text.split())


FERRY = scored(
    ("U", "The ferry ran aground at noon."),
    " ",
    ("A", "All are safe, the harbour master said."),
    "\n\n",
    ("V", "A sailor spoke of a rope left loose."),
    "  ",
    ("C", "The line denies that."),
    title="A ferry runs aground",
    outlet="The Quay",
    date="2024-07-08",
    source="ferry.md",
)
HOSTILE_ONE = scored(
    ("U", HOSTILE),
    "\n",
    ("C", HOSTILE),
    title=HOSTILE,
    outlet=HOSTILE,
    date=HOSTILE,
    id=HOSTILE,
    source=HOSTILE,
)


def test_paragraphs_rebuild_the_article() -> None:
    stories = page(FERRY).all("div", class_="story")
    told = [squeezed(p.text(but="vh")) for p in stories[0].all("p")]
    assert told == [squeezed(part) for part in FERRY.article.text.split("\n\n")]


def test_text_between_sentences_is_kept_unmarked() -> None:
    story = page(scored("Byline. ", ("U", "One."), " – ", ("U", "Two."), " The end")).all(
        "div", class_="story"
    )[0]
    assert squeezed(story.text(but="vh")) == "Byline. One. – Two. The end"
    assert len(story.all("mark")) == 2


def test_each_sentence_is_focusable_and_says_its_label_without_a_script() -> None:
    marks = page(FERRY).all("mark")
    assert [mark.attributes["class"] for mark in marks] == [
        "unattributed",
        "attributed",
        "unnamed",
        "contested",
    ]
    assert [mark.all("span", class_="vh")[0].text() for mark in marks] == [
        "Unattributed, 90%: ",
        "Attributed, source named, 90%: ",
        "Attributed, source unnamed, 90%: ",
        "Contested, 90%: ",
    ]
    assert all(mark.attributes["tabindex"] == "0" for mark in marks)
    title = marks[2].attributes["title"]
    assert title is not None
    assert title.endswith("\nattributed 90%, unattributed 5%, contested 5%")


def test_the_whole_article_shows_though_only_the_kept_are_marked() -> None:
    only = page(FERRY, selection=Selection(frozenset({Label.CONTESTED})))
    story = only.all("div", class_="story")[0]
    assert squeezed(story.text(but="vh")) == squeezed(FERRY.article.text)
    assert [mark.text(but="vh") for mark in only.all("mark")] == ["The line denies that."]
    assert only.all("p", class_="note")[0].text() == "1 of 4 sentences marked: contested."
    assert "4 sentences" in only.all("div", class_="shares")[0].text()


def test_the_bar_has_a_title_a_description_and_the_shares_in_words() -> None:
    bar = page(FERRY).all("svg")[0]
    assert bar.all("title")[0].text() == "Shares of the sentences by label"
    assert bar.all("desc")[0].text().startswith("4 sentences: 2 attributed (50%, 1 from unnamed")
    assert [text.text() for text in bar.all("text")] == ["” 25%", "? 25%", "• 25%", "≠ 25%"]
    assert [(r.attributes["x"], r.attributes["width"]) for r in bar.all("rect")] == [
        (f"{25.0 * step}%", "25.0%") for step in range(4)
    ]


def test_several_articles_have_contents_that_lead_to_them() -> None:
    tree = page(FERRY, HOSTILE_ONE, scored())
    links = tree.all("nav")[0].all("a")
    assert [link.attributes["href"] for link in links] == ["#a1", "#a2", "#a3"]
    assert [a.attributes["id"] for a in tree.all("article")] == ["a1", "a2", "a3"]
    assert not page(FERRY).all("nav")


def test_nothing_an_article_holds_becomes_markup() -> None:
    tree = page(HOSTILE_ONE, HOSTILE_ONE)
    assert len(tree.all("script")) == 1
    for tag in ("img", "link", "iframe", "object", "b", "base", "a b"):
        assert not tree.all(tag)
    assert "<b>m</b> 0.1" in tree.all("footer")[0].text()
    assert tree.all("h2", id="a1-heading")[0].text() == SHOWN
    assert tree.all("p", class_="kicker")[0].text() == f"{SHOWN} · {SHOWN}"
    assert [mark.text(but="vh") for mark in tree.all("mark")] == [SHOWN] * 4
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", source_of(HOSTILE_ONE))


def test_characters_that_no_page_may_hold_are_shown_in_other_ways() -> None:
    text = source_of(scored(("U", "a\x00b\x1bc\ud800d\x9be"), title="\udfff"))
    text.encode("utf-8")
    assert "a␀b␛c�d�e" in text


def test_the_policy_allows_this_style_and_this_script_and_nothing_else() -> None:
    tree = page(FERRY)
    hashes = []
    for tag in ("style", "script"):
        (element,) = tree.all(tag)
        digest = hashlib.sha256(element.text().encode()).digest()
        hashes.append(f"sha256-{b64encode(digest).decode()}")
    policy = tree.all("meta", http_equiv="Content-Security-Policy")[0].attributes["content"]
    assert policy == (
        f"default-src 'none'; style-src '{hashes[0]}'; script-src '{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_asks_the_network_for_nothing() -> None:
    tree = page(FERRY, HOSTILE_ONE)
    for element in tree.all():
        for name, value in element.attributes.items():
            assert name not in {"src", "srcset", "style", "action", "xlink:href", "data", "poster"}
            assert not name.startswith("on"), "the policy would block it"
            assert name != "href" or str(value).startswith("#")
    code = tree.all("style")[0].text() + tree.all("script")[0].text()
    assert not re.search(r"url\(|@import|@font-face|https?:|fetch|XMLHttp|innerHTML|eval", code)


def test_landmarks_references_and_headings() -> None:
    tree = page(FERRY, HOSTILE_ONE)
    assert tree.all("html")[0].attributes["lang"] == "en"
    for tag in ("main", "nav", "aside", "footer", "h1"):
        assert len(tree.all(tag)) == 1, tag
    ids = [str(e.attributes["id"]) for e in tree.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    for element in tree.all():
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            assert set(str(element.attributes.get(name, "")).split()) <= set(ids)
    skip = tree.all("a", class_="skip")[0]
    assert str(skip.attributes["href"])[1:] in ids
    for button in tree.all("button"):
        assert button.text().strip()
    pressed = [b for b in tree.all("button") if "aria-pressed" in b.attributes]
    assert [b.attributes["data-shortcut"] for b in pressed] == [look.shortcut for look in LOOKS]


def test_the_page_minds_print_motion_and_small_screens() -> None:
    style = page(FERRY).all("style")[0].text()
    for wish in ("print", "prefers-reduced-motion", "prefers-color-scheme: dark", "max-width"):
        assert re.search(rf"@media [^{{]*{wish}", style), wish


def variables(style: str, scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    found = dict(re.findall(r"--(\w+): (#\w{6});", light))
    return found | (dict(re.findall(r"--(\w+): (#\w{6});", dark)) if scheme == "dark" else {})


def channels(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def mixed(front: str, back: str, part: float) -> str:
    pairs = zip(channels(front), channels(back), strict=True)
    return "#" + "".join(f"{round(part * f + (1 - part) * b):02x}" for f, b in pairs)


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(color: str) -> float:
        parts = [c / 255 for c in channels(color)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_pass_wcag_aa(scheme: str) -> None:
    style = page(FERRY).all("style")[0].text()
    color = variables(style, scheme)
    paper, ink = color["paper"], color["ink"]
    for name in ("ink", "quiet"):
        for back in ("paper", "raised"):
            assert contrast(color[name], color[back]) >= 4.5
    tints = [
        int(percent) / 100 for percent in re.findall(r"var\(--hue\) (\d+)%, var\(--paper", style)
    ]
    assert len(tints) >= 3
    for look in LOOKS:
        hue = color[look.key]
        # as text, as the ground of the bar's text, and as a sign on the tints of a sentence
        assert contrast(hue, paper) >= 4.5
        for tint in tints:
            ground = mixed(hue, paper, tint)
            assert contrast(ink, ground) >= 4.5
            assert contrast(hue, ground) >= (4.5 if tint < 0.2 else 0)
