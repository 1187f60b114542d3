"""A model, or any other labeller, against labelled articles."""

from attrib.assessment import Evaluation, Interval
from attrib.evaluate.assess import Candidate, assess
from attrib.evaluate.figures import evaluate
from attrib.evaluate.gold import Gold, read_gold
from attrib.evaluate.judged import Judged, Labeller, judge, labeller

__all__ = [
    "Candidate",
    "Evaluation",
    "Gold",
    "Interval",
    "Judged",
    "Labeller",
    "assess",
    "evaluate",
    "judge",
    "labeller",
    "read_gold",
]
