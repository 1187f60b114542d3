"""All checks of labelled data, joined into one report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from attrib.agreement import Agreement, agreement
from attrib.article import Label
from attrib.corpus import LabelledArticle
from attrib.datacheck import findings
from attrib.datacheck.counts import Counts, counts
from attrib.datacheck.findings import KINDS, Finding, Severity
from attrib.datacheck.sentences import Cutter, conflicts_unsaid, cut_finer, in_article, one_label
from attrib.datacheck.sets import LabelledSet, conflicts, copies, lacking
from attrib.writers.phrases import number


@dataclass(frozen=True, slots=True)
class DataReport:
    """What is in some files, by file and together, and what was found; gravest findings first."""

    files: tuple[tuple[str, Counts], ...]
    together: Counts
    agreement: Agreement | None
    findings: tuple[Finding, ...]

    def number(self, severity: Severity) -> int:
        """Return how many findings have ``severity``."""
        return sum(finding.kind.severity is severity for finding in self.findings)

    @property
    def safe(self) -> bool:
        """Whether the files may be trained on."""
        return not self.number(Severity.ERROR)


def check(sets: Sequence[LabelledSet], cut: Cutter) -> DataReport:
    """Look over ``sets``, each by itself and all together."""
    articles = [labelled for s in sets for labelled in s.articles]
    files = tuple((s.name, counts(s.articles)) for s in sets)
    together = counts(articles)
    agreed, found = _agreement(sets, articles)
    for labelled_set, (name, counted) in zip(sets, files, strict=True):
        found += _in_set(labelled_set, counted, cut)
        found += lacking(name, counted)
    found += _missing(files, together)
    found += conflicts(articles)
    found += copies(sets)
    found.sort(key=lambda finding: KINDS.index(finding.kind))  # a stable sort: files stay in order
    return DataReport(files, together, agreed, tuple(found))


def _agreement(
    sets: Sequence[LabelledSet], articles: Iterable[LabelledArticle]
) -> tuple[Agreement | None, list[Finding]]:
    try:
        return agreement(articles), []
    except ModuleNotFoundError:
        where = sets[0].name
        return None, [Finding(findings.NO_AGREEMENT, where, "several annotators, no scikit-learn")]


def _in_set(labelled_set: LabelledSet, counted: Counts, cut: Cutter) -> Iterator[Finding]:
    for error in labelled_set.errors:
        where, expected, found = str(error).partition(": expected ")
        yield Finding(findings.UNREADABLE, where, f"{expected.lstrip(': ')}{found}")
    for labelled in labelled_set.articles:
        yield from in_article(labelled, cut)
    name, articles = labelled_set.name, labelled_set.articles
    single = [labelled.article.source for labelled in articles if one_label(labelled)]
    if single:
        found = f"{len(single)} of {counted.articles} articles, first {single[0]}"
        yield Finding(findings.ONE_LABEL, name, found)
    if finer := sum(map(cut_finer, articles)):
        found = f"{finer:,} of {counted.sentences:,} labelled sentences"
        yield Finding(findings.SEVERAL_SENTENCES, name, found)
    if unsaid := sum(map(conflicts_unsaid, articles)):
        contested = number(counted.labels[Label.CONTESTED], "contested sentence")
        yield Finding(findings.NO_CONFLICTS_WITH, name, f"{unsaid:,} of {contested} without it")


def _missing(files: Sequence[tuple[str, Counts]], together: Counts) -> Iterator[Finding]:
    everywhere = ", ".join(name for name, _ in files)
    if not together.sentences:
        yield Finding(findings.NO_LABELS, everywhere, f"none in {together.articles} articles")
        return
    for label in Label:
        if not together.labels[label]:
            yield Finding(findings.MISSING_LABEL, everywhere, f"no sentence is {label}")
            continue
        for name, counted in files:
            if not counted.labels[label]:
                yield Finding(findings.MISSING_IN_FILE, name, f"no sentence is {label}")
