"""An overview as one JSON document, as ``summary.schema.json`` beside this file describes it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from attrib.overview.values import Overview
from attrib.writers.characters import json_text

SCHEMA = 1
_DECIMALS = 6


def summary(overview: Overview) -> str:
    """Return all of ``overview``, figures rounded to six decimals."""
    told = asdict(overview)
    for period in (told["trend"] or {"periods": ()})["periods"]:
        del period["start"]  # its name says it
    return json_text({"schema": SCHEMA, **_rounded(told)}, indent=1) + "\n"


def _rounded(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(key): _rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item) for item in value]
        case float():
            return round(value, _DECIMALS)
    return value
