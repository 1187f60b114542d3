"""A report on labelled data for a person at a terminal: short, in 80 columns, a verdict last."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from attrib.agreement import Agreement
from attrib.article import Label, SourceKind
from attrib.datacheck.counts import Counts
from attrib.datacheck.findings import Finding, Kind, Severity
from attrib.datacheck.report import DataReport
from attrib.writers.characters import one_line
from attrib.writers.phrases import number, percent

WIDTH = 80
_SHOWN = 5
_SOURCES = {SourceKind.NAMED: "named", SourceKind.UNNAMED: "unnamed", None: "source not said"}


def lines(report: DataReport) -> Iterator[str]:
    """Yield the report line by line; of each kind of finding the first five, and how many more."""
    for name, counted in report.files:
        yield from _counts(name, counted)
        yield ""
    if len(report.files) > 1:
        yield from _counts("together", report.together)
        yield ""
    if report.agreement is not None:
        yield from _agreement(report.agreement)
        yield ""
    for kind, found in groupby(report.findings, lambda finding: finding.kind):
        yield from _findings(kind, list(found))
        yield ""
    yield verdict(report)


def verdict(report: DataReport) -> str:
    """Say in one line whether the data is safe to train on."""
    warnings = report.number(Severity.WARNING)
    if not report.safe:
        told = f"not safe: {number(report.number(Severity.ERROR), 'error')}"
        return f"{told}, {number(warnings, 'warning')}" if warnings else told
    return f"safe to train on, with {number(warnings, 'warning')}" if warnings else _SAFE


_SAFE = "safe to train on"


def _counts(name: str, counted: Counts) -> Iterator[str]:
    parts = [number(counted.articles, "article"), number(counted.sentences, "labelled sentence")]
    if counted.annotators:
        parts.append(number(len(counted.annotators), "annotator"))
    if counted.outlets:
        parts.append(number(counted.outlets, "outlet"))
    yield from _wrapped(f"{one_line(name)}: {', '.join(parts)}", "")
    for label in Label:
        row = f"  {label:<12}  {counted.labels[label]:>9,}  {percent(counted.share(label)):>4}"
        if label is Label.ATTRIBUTED:
            sources = (f"{n:,} {_SOURCES[kind]}" for kind, n in counted.sources.items() if n)
            row = f"{row}   {', '.join(sources)}".rstrip()
        yield row
    if counted.unlabelled:
        yield f"  {'no label':<12}  {counted.unlabelled:>9,}"


def _agreement(agreed: Agreement) -> Iterator[str]:
    yield from _wrapped(
        f"agreement of {number(len(agreed.annotators), 'annotator')} on "
        f"{number(agreed.articles, 'article')}: {number(agreed.sentences, 'sentence')} with equal "
        f"offsets, {agreed.unmatched:,} labelled by one only",
        "",
    )
    for pair in agreed.pairs:
        both = f"{one_line(pair.first)} and {one_line(pair.second)}"
        kappa, count = _figure(pair.kappa), number(pair.sentences, "sentence")
        yield from _wrapped(f"  Cohen's kappa         {kappa:>6}   {both}, {count}", " " * 33)
    yield f"  Krippendorff's alpha  {_figure(agreed.alpha):>6}   all labels"
    for label, value in agreed.alpha_by_label.items():
        yield f"{_figure(value):>30}   {label} against the rest"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _findings(kind: Kind, found: Sequence[Finding]) -> Iterator[str]:
    yield f"{kind.severity}: {kind.title}" + (f" ({len(found):,})" if len(found) > 1 else "")
    for finding in found[:_SHOWN]:
        yield from _wrapped(f"  {one_line(finding.where)}: {one_line(finding.found)}", "    ")
    if len(found) > _SHOWN:
        yield f"  and {len(found) - _SHOWN:,} more; --format json lists all"
    yield from _wrapped(f"  expected {kind.expected}", "    ")
    yield from _wrapped(f"  → {kind.cure}", "    ")


def _wrapped(text: str, indent: str) -> Iterable[str]:
    return wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
