"""An assessment as one JSON document; ``evaluation.schema.json`` beside this file describes it."""

from dataclasses import asdict
from typing import TextIO

from attrib.assessment import Assessment
from attrib.writers.characters import json_text, rounded
from attrib.writers.evaluation import phrases

SCHEMA = 1


def write(assessment: Assessment, stream: TextIO) -> None:
    """Write all of ``assessment``, figures rounded to six decimals."""
    told = asdict(assessment)
    if assessment.against is not None:
        told["against"]["conclusion"] = phrases.conclusion(assessment)
    stream.write(json_text({"schema": SCHEMA, **rounded(told)}, indent=2) + "\n")
