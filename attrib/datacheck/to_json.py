"""A report on labelled data as one JSON document."""

from typing import Any

from attrib.agreement import Agreement
from attrib.datacheck.counts import Counts
from attrib.datacheck.findings import Finding, Severity
from attrib.datacheck.report import DataReport
from attrib.writers.characters import json_text

SCHEMA = 1


def text(report: DataReport) -> str:
    """Return ``report`` as JSON; shares are in [0, 1], undefined figures null."""
    document = {
        "schema": SCHEMA,
        "safe": report.safe,
        **{f"{severity}s": report.number(severity) for severity in Severity},
        "files": [{"name": name, **_counts(counted)} for name, counted in report.files],
        "together": _counts(report.together),
        "agreement": None if report.agreement is None else _agreement(report.agreement),
        "findings": [_finding(finding) for finding in report.findings],
    }
    return json_text(document, indent=2)


def _counts(counted: Counts) -> dict[str, Any]:
    return {
        "articles": counted.articles,
        "sentences": counted.sentences,
        "labels": dict(counted.labels),
        "shares": {label: round(counted.share(label), 4) for label in counted.labels},
        "sources": {kind or "not_said": count for kind, count in counted.sources.items()},
        "unlabelled": counted.unlabelled,
        "annotators": list(counted.annotators),
        "outlets": counted.outlets,
    }


def _agreement(agreed: Agreement) -> dict[str, Any]:
    return {
        "annotators": list(agreed.annotators),
        "articles": agreed.articles,
        "sentences": agreed.sentences,
        "unmatched": agreed.unmatched,
        "kappa": [
            {
                "annotators": [pair.first, pair.second],
                "sentences": pair.sentences,
                "kappa": pair.kappa,
            }
            for pair in agreed.pairs
        ],
        "alpha": agreed.alpha,
        "alpha_by_label": dict(agreed.alpha_by_label),
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.kind.severity,
        "check": finding.kind.name,
        "where": finding.where,
        "expected": finding.kind.expected,
        "found": finding.found,
        "cure": finding.kind.cure,
    }
