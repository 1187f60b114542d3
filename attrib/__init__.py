"""attrib reads news and says, sentence by sentence, who vouches for it.

>>> import attrib
>>> scored = attrib.load().score("The dam is safe, the mayor said.")
>>> [verdict.label for verdict in scored.verdicts]
[<Label.ATTRIBUTED: 'attributed'>]
"""

from typing import TYPE_CHECKING, Any

from attrib.article import (
    Article,
    Label,
    ModelIdentity,
    Report,
    ScoredArticle,
    SourceKind,
    Summary,
    Verdict,
)
from attrib.errors import AttribError, DataError, InputError, ModelError

if TYPE_CHECKING:
    from attrib.checker import Checker, load

__all__ = [
    "Article",
    "AttribError",
    "Checker",
    "DataError",
    "InputError",
    "Label",
    "ModelError",
    "ModelIdentity",
    "Report",
    "ScoredArticle",
    "SourceKind",
    "Summary",
    "Verdict",
    "load",
]


def __getattr__(name: str) -> Any:
    """Import the checker, and with it the engine, when it is first asked for."""
    if name in ("Checker", "load"):
        from attrib import checker

        return getattr(checker, name)
    raise AttributeError(f"module 'attrib' has no attribute {name!r}")
