"""A report as one self-contained page, by ``page.html.j2`` and ``page.js`` beside this file."""

from typing import TextIO

from attrib.article import Report
from attrib.selection import Selection
from attrib.writers.characters import one_line
from attrib.writers.looks import LOOKS
from attrib.writers.pages import environment
from attrib.writers.sections import section


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write the page: whole articles, with those sentences marked that ``selection`` keeps."""
    sections = [
        section(scored, selection, f"a{number}") for number, scored in enumerate(report.articles, 1)
    ]
    page = environment().get_template("page.html.j2")
    model = {key: one_line(getattr(report.model, key)) for key in ("name", "version", "sha256")}
    stream.write(page.render(sections=sections, model=model, looks=LOOKS))
