"""Batches for tests: short invented articles in number, and what a batch wrote."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from attrib.batch.run import run
from attrib.batch.settings import BatchSettings, Progress
from attrib.tables import ARTICLES_FILE, FAILURES_FILE, SENTENCES_FILE

_TOWNS = ("Velmora", "Ostrand", "Quillhaven", "Marrow Bay", "Tessaly")
_OUTLETS = ("The Velmora Post", "Coastline", "Ostrand Daily")


def record(number: int) -> dict[str, Any]:
    """One short article, number by number another one."""
    town = _TOWNS[number % len(_TOWNS)]
    return {
        "id": f"n{number}",
        "title": f"Bridge {number}",
        "outlet": _OUTLETS[number % len(_OUTLETS)],
        "topic": ("roads", "money")[number % 2],
        "date": f"2031-{number % 12 + 1:02d}-07",
        "desk": f"desk {number % 4}",
        "text": (
            f"The bridge at {town} was closed on day {number}. Engineers found {number} cracks, "
            f"the mayor of {town} said. The builder denied that there were any."
        ),
    }


def write_records(path: Path, count: int) -> Path:
    """Write ``count`` articles as JSON Lines."""
    lines = "".join(f"{json.dumps(record(number))}\n" for number in range(count))
    path.write_text(lines, encoding="utf-8")
    return path


def batch(results: Path, *inputs: Path, **settings: Any) -> list[Progress]:
    """Run a batch and return what it told on the way."""
    told: list[Progress] = []
    run(BatchSettings(tuple(map(str, inputs)), **settings), results, told.append)
    return told


def tables(results: Path) -> tuple[pa.Table, pa.Table]:
    """The sentences and the articles that a batch wrote."""
    return (
        parquet.read_table(results / SENTENCES_FILE),
        parquet.read_table(results / ARTICLES_FILE),
    )


def failures(results: Path) -> list[dict[str, str]]:
    """The failures that a batch wrote."""
    lines = (results / FAILURES_FILE).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def contents(results: Path) -> Sequence[bytes]:
    """The bytes of tables and failures."""
    return [(results / n).read_bytes() for n in (SENTENCES_FILE, ARTICLES_FILE, FAILURES_FILE)]
