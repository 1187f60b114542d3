"""Labelled articles, in memory and in the files of our own format and of annotation tools."""

from attrib.corpus.jsonl import (
    labelled_article,
    read_labelled,
    record_of,
    save_labelled,
    scan_jsonl,
    write_labelled,
)
from attrib.corpus.values import (
    LabelledArticle,
    LabelledSentence,
    fingerprint,
    spans,
    with_gaps,
)

__all__ = [
    "LabelledArticle",
    "LabelledSentence",
    "fingerprint",
    "labelled_article",
    "read_labelled",
    "record_of",
    "save_labelled",
    "scan_jsonl",
    "spans",
    "with_gaps",
    "write_labelled",
]
