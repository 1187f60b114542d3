"""Draw the README's pictures from real output.

    PYTHONPATH=tests python scripts/pictures.py

The terminal view becomes an SVG by rich; the pages PNGs by a Chromium that must be on the path. The
report of a batch is that of the invented articles of the tests, whose labels are drawn by lot.
"""

import io
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from overviews import invented, write_results
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from attrib.article import Report
from attrib.checker import load
from attrib.overview import DateUnit, ReportOptions, draw
from attrib.readers import ReadOptions, read_inputs
from attrib.selection import Selection
from attrib.writers import Format, write

ROOT = Path(__file__).parents[1]
ARTICLE = "tests/articles/wire-minister-resigns.txt"
PICTURES = ROOT / "scripts" / "pictures"
WIDTH = 96
LINES = 34

# rich's own frame, without its web fonts: a picture makes no request.
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def main() -> None:
    """Write terminal.svg, page.png, page-narrow-dark.png and report.png."""
    os.chdir(ROOT)
    PICTURES.mkdir(exist_ok=True)
    checker = load()
    articles = read_inputs([ARTICLE], io.BytesIO(), ReadOptions())
    report = checker.report(article for article in articles if not isinstance(article, Exception))
    (PICTURES / "terminal.svg").write_text(_terminal(report), encoding="utf-8")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        with page.open("w", encoding="utf-8") as stream:
            write(report, Format.HTML, Selection(), stream, color=False, width=WIDTH)
        _screenshot(page, PICTURES / "page.png", "--window-size=1100,1000")
        narrow = Path(folder) / "narrow.html"
        narrow.write_text(
            '<body style="margin:0"><iframe src="page.html" width="360" height="760" '
            'style="border:0"></iframe>',
            encoding="utf-8",
        )
        dark = ("--window-size=360,760", "--blink-settings=preferredColorScheme=0")
        _screenshot(narrow, PICTURES / "page-narrow-dark.png", *dark)
        results = write_results(Path(folder) / "results", list(invented(600))[2:])
        draw(results, ReportOptions(("outlet",), DateUnit.MONTH, pages=0))
        _screenshot(results / "report.html", PICTURES / "report.png", "--window-size=1100,1000")


def _terminal(report: Report) -> str:
    stream = io.StringIO()
    write(report, Format.TEXT, Selection(), stream, color=True, width=WIDTH)
    lines = stream.getvalue().splitlines()
    shown = [*lines[:LINES], "…", "", lines[-1]]
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text(f"$ attrib score {ARTICLE}", "bold"))
    console.print(Text.from_ansi("\n".join(shown)))
    return console.export_svg(
        title="attrib score", theme=MONOKAI, code_format=FRAME, unique_id="attrib"
    )


def _screenshot(page: Path, picture: Path, *options: str) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit(
            "expected chromium or google-chrome on the path, found neither; install one"
        )
    with TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                f"--user-data-dir={profile}",
                f"--screenshot={picture}",
                *options,
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    main()
