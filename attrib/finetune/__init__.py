"""Labelled articles to a fine-tuned encoder.

Windows, encoding and the place where a label is read are those of scoring; training adds the
labels and nothing else.
"""

from attrib.finetune.encoder import resolved, scoring_layout
from attrib.finetune.loop import fine_tune
from attrib.finetune.watch import Listener, Progress, Watch

__all__ = ["Listener", "Progress", "Watch", "fine_tune", "resolved", "scoring_layout"]
