"""Drawing a report: everything is written beside what is there, then renamed into place."""

import shutil
from pathlib import Path

import numpy as np

from attrib.errors import BatchError
from attrib.overview import MOST_PAGES, ReportOptions, Watch
from attrib.overview.article_pages import FOLDER, Wanted, write_pages
from attrib.overview.articles import Articles
from attrib.overview.gather import overview
from attrib.overview.to_html import page
from attrib.overview.to_json import summary
from attrib.overview.values import Overview

PAGE = "report.html"
SUMMARY = "summary.json"
_WORK, _OLD = ".report.new", ".articles.old"


def write_report(results: Path, options: ReportOptions, watch: Watch) -> None:
    """Write the report as ``attrib.overview.draw`` says."""
    try:
        _write(results, options, watch)
    except OSError as error:
        raise BatchError(
            f"{results}: expected to write the report there, found that it cannot be "
            f"({error.strerror or error}); make room for it, or look at the folder's rights"
        ) from error


def _write(results: Path, options: ReportOptions, watch: Watch) -> None:
    _mend(results)
    found, articles = overview(results, options)
    wanted = _wanted(found, articles, options)
    work = results / _WORK
    try:
        work.mkdir()
        (work / SUMMARY).write_text(summary(found), encoding="utf-8")
        (work / PAGE).write_text(page(results, found, articles, wanted), encoding="utf-8")
        if len(wanted):
            write_pages(results, work / FOLDER, wanted, found.run.model, watch)
        _put(work, results)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _mend(results: Path) -> None:
    """Clear away what a killed drawing left, and put back pages that were being replaced."""
    old, pages = results / _OLD, results / FOLDER
    if old.is_dir() and not pages.exists():
        old.rename(pages)
    for left in (old, results / _WORK):
        if left.exists():
            shutil.rmtree(left)


def _put(work: Path, results: Path) -> None:
    """Rename what is in ``work`` into place.

    A folder cannot be replaced in one step: killed between the two renames, the next drawing puts
    the old pages back.
    """
    old, pages = results / _OLD, results / FOLDER
    if pages.exists():
        pages.rename(old)
    if (work / FOLDER).exists():
        (work / FOLDER).rename(pages)
    for name in (PAGE, SUMMARY):
        (work / name).replace(results / name)
    shutil.rmtree(old, ignore_errors=True)


def _wanted(found: Overview, articles: Articles, options: ReportOptions) -> Wanted:
    firsts = np.concatenate([[0], np.cumsum(articles.sentences)])
    most = MOST_PAGES if options.pages is None else options.pages
    if most == 0:
        return Wanted(firsts, ())
    if len(firsts) - 1 <= most:
        return Wanted(firsts, None)
    named = [ranked.article.row for group in found.rankings.values() for ranked in group]
    named += [claim.article.row for group in found.claims.values() for claim in group]
    return Wanted(firsts, tuple(sorted(set(named))))
