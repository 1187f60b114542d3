"""A matplotlib figure as SVG that belongs to the page: its colours, its typeface, no styles.

Colours are drawn by stand-ins, which become the page's CSS variables. Styles become attributes, for
the page's policy allows no inline style; text stays text.
"""

import io
import re
import warnings
from xml.etree import ElementTree as ET

import matplotlib as mpl  # noqa: TID253
from matplotlib.figure import Figure  # noqa: TID253

from attrib.article import Label

INK, QUIET, LINE = "#000001", "#000002", "#000003"
HUES = {label: f"#00001{place}" for place, label in enumerate(Label)}
_VARIABLES = {INK: "ink", QUIET: "quiet", LINE: "line"} | {
    stand_in: label.value for label, stand_in in HUES.items()
}
_UNKEPT = {"metadata", "style"}
_HREF = "{http://www.w3.org/1999/xlink}href"
_PIXELS = re.compile(r"([\d.]+)px")
_REFERENCES = ("href", "clip-path")
_NAME = re.compile(r"(?<=#)\w+")


def inline(figure: Figure, key: str, title: str, description: str) -> str:
    """Return ``figure`` as an ``svg`` element named by ``key``, with words for screen readers.

    ``key`` must be unique on the page.
    """
    drawn = io.StringIO()
    settings = mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "attrib"})
    with settings, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # the reader's typeface draws the text
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    root = ET.fromstring(drawn.getvalue())  # noqa: S314 - matplotlib's own output
    _plain(root)
    used = {
        name for e in root.iter() for at in _REFERENCES for name in _NAME.findall(e.get(at, ""))
    }
    for element in root.iter():
        _named(element, key, used)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-labelledby": f"{key}-t {key}-d",
    }
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(tag, {"id": f"{key}-{tag[0]}"})
        element.text = text
        root.insert(place, element)
    return ET.tostring(root, encoding="unicode")


def _plain(element: ET.Element) -> None:
    """Take away name spaces, metadata, style sheets, comments and the styles of all elements."""
    element.tag = element.tag.rpartition("}")[2]
    reference = element.attrib.pop(_HREF, None)
    if reference is not None:
        element.set("href", reference)
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in ("font", "font-size"):  # one or the other, by the version of matplotlib
            element.set("font-size", _PIXELS.findall(value)[0])
        if name in ("font", "font-weight") and re.search(r"\b(700|bold)\b", value):
            element.set("font-weight", "600")
        if name and not name.startswith(("font", "-")):
            element.set(name, f"var(--{_VARIABLES[value]})" if value in _VARIABLES else value)
    for child in list(element):
        if child.tag.rpartition("}")[2] in _UNKEPT:
            element.remove(child)
        else:
            _plain(child)


def _named(element: ET.Element, key: str, used: set[str]) -> None:
    """Keep the names that are referred to, made unique by ``key``, and no others."""
    name = element.attrib.pop("id", None)
    if name in used:
        element.set("id", f"{key}-{name}")
    for attribute in _REFERENCES:
        if attribute in element.attrib:
            element.set(attribute, _NAME.sub(rf"{key}-\g<0>", element.attrib[attribute]))
