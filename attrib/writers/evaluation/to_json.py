"""An assessment as one JSON document; ``evaluation.schema.json`` beside this file describes it."""

from dataclasses import asdict
from typing import Any, TextIO

from attrib.assessment import Assessment
from attrib.writers.characters import json_text
from attrib.writers.evaluation import phrases

SCHEMA = 1
_DECIMALS = 6


def write(assessment: Assessment, stream: TextIO) -> None:
    """Write all of ``assessment``, figures rounded to six decimals."""
    told = asdict(assessment)
    if assessment.against is not None:
        told["against"]["conclusion"] = phrases.conclusion(assessment)
    stream.write(json_text({"schema": SCHEMA, **_rounded(told)}, indent=2) + "\n")


def _rounded(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item) for item in value]
        case float():
            return round(value, _DECIMALS)
    return value
