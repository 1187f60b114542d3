"""What a batch says of itself: ``run.json`` and ``failures.jsonl``, as far as they are there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrib.overview.values import Run
from attrib.tables import FAILURES_FILE, RUN_FILE, Failure

SHOWN = 100
_MODEL = ("name", "version", "sha256")


def read_run(results: Path) -> Run:
    """Read both files; what is missing or cannot be read is left out."""
    told = _object(_text(results / RUN_FILE))
    model = told.get("model")
    finished = told.get("finished")
    failed, failures = 0, []
    path = results / FAILURES_FILE
    if path.is_file():
        with path.open(encoding="utf-8", errors="replace") as stream:
            for row in filter(None, map(_object, stream)):
                failed += 1
                if failed <= SHOWN:
                    failures.append(_failure(row))
    return Run(
        model={name: str(model.get(name, "")) for name in _MODEL}
        if isinstance(model, Mapping)
        else {},
        finished=str(finished) if finished else None,
        failed=failed,
        failures=tuple(failures),
    )


def _failure(row: Mapping[str, Any]) -> Failure:
    return Failure(*(str(row.get(name) or "") for name in ("input", "where", "why")))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
