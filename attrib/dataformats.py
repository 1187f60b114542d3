"""Names of the formats in which labelled articles come in and go out; light, for the CLI's sake."""

from enum import StrEnum


class DataFormat(StrEnum):
    """What labelled data can be read from."""

    JSONL = "jsonl"
    """Our own: one article a line, see ``attrib.corpus.jsonl``."""
    CSV = "csv"
    PARQUET = "parquet"
    DATASETS = "datasets"
    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"
    BRAT = "brat"
    ATTRIBUTIONS = "attributions"
    """JSON Lines with spans of source, cue and content, see ``attrib.corpus.attributions``."""


class ToolFormat(StrEnum):
    """What articles can be written as, for people to label in a tool."""

    JSONL = "jsonl"
    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"
    CSV = "csv"
