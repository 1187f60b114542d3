"""What a batch is to do, and how far it is. Light, so that ``--help`` is quick."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from attrib.readers import ReadOptions


class Engine(StrEnum):
    """What runs the model: the threads of this machine, or a Ray cluster."""

    LOCAL = "local"
    RAY = "ray"


class TableFormat(StrEnum):
    """Further shapes of the two tables."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Ray runs: at ``address``, or on this machine (None); ``workers`` None: all cores."""

    address: str | None = None
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What to score and how.

    ``model`` is a folder or ``default``; on a ``device`` its weights run in torch. ``cluster`` None
    is this machine alone. ``retry`` scores again what failed or has changed.
    """

    inputs: tuple[str, ...]
    options: ReadOptions = field(default_factory=ReadOptions)
    model: str = "default"
    device: str | None = None
    cluster: Cluster | None = None
    retry: bool = False
    also: tuple[TableFormat, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. ``before`` of the ``done`` entries were done by an earlier run."""

    done: int
    total: int
    before: int
    failures: int


Watch = Callable[[Progress], None]
