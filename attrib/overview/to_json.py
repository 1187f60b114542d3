"""An overview as one JSON document, as ``summary.schema.json`` beside this file describes it."""

from dataclasses import asdict

from attrib.overview.values import Overview
from attrib.writers.characters import json_text, rounded

SCHEMA = 1


def summary(overview: Overview) -> str:
    """Return all of ``overview``, figures rounded to six decimals."""
    told = asdict(overview)
    for period in (told["trend"] or {"periods": ()})["periods"]:
        del period["start"]  # its name says it
    return json_text({"schema": SCHEMA, **rounded(told)}, indent=1) + "\n"
