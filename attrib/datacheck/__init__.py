"""Labelled data looked over before a training: what is in it, and what is wrong with it.

Nothing is mended here. A finding says where, what was expected and found, and what to do; one of
severity ``error`` makes training unsafe.
"""

from attrib.datacheck.counts import Counts, counts
from attrib.datacheck.findings import Finding, Kind, Severity
from attrib.datacheck.report import DataReport, check
from attrib.datacheck.sentences import Cutter, cutter
from attrib.datacheck.sets import LabelledSet, read_set

__all__ = [
    "Counts",
    "Cutter",
    "DataReport",
    "Finding",
    "Kind",
    "LabelledSet",
    "Severity",
    "check",
    "counts",
    "cutter",
    "read_set",
]
