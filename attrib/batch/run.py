"""A batch from its inputs to its tables: what is done, what is left, and what came of it."""

import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from attrib.article import ModelIdentity
from attrib.batch import chunks
from attrib.batch.chunks import Chunk, cut
from attrib.batch.local import cores, score_here
from attrib.batch.merge import Merged, also_as, merge
from attrib.batch.parts import PartFacts, Parts
from attrib.batch.scoring import ScoredChunk
from attrib.batch.settings import BatchSettings, Engine, Progress, Watch
from attrib.batch.whole import whole
from attrib.checker import load
from attrib.errors import BatchError
from attrib.modelfolder import RELEASED, open_folder, released
from attrib.readers import read_entries
from attrib.tables import ARTICLES_FILE, RUN_FILE, SENTENCES_FILE

PARTS = "parts"
_LOCK = ".lock"
_LIBRARIES = ("onnxruntime", "tokenizers", "nupunkt", "pyarrow")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many chunks the inputs have, how many entries, and which of the chunks are done."""

    chunks: int
    entries: int
    done: dict[int, PartFacts]


def run(settings: BatchSettings, results: Path, watch: Watch) -> Merged:
    """Score what is left of the inputs, and write the tables into the folder ``results``.

    Killed at any moment, the same call goes on where it stopped.

    Raises:
        BatchError: if ``results`` holds something else, another run's parts, or is being written.
        ModelError: if the model cannot be loaded.
    """
    model = open_folder(released() if settings.model == RELEASED else Path(settings.model)).identity
    identity = _identity(settings, model)
    with _taken(results):
        _check_same(results, identity)
        started = datetime.now(UTC)
        clock = time.monotonic()
        try:
            _write_run(results, {"state": "running", **identity})
            parts = Parts(results / PARTS)
            plan = _plan(settings, parts, results)
            scored = _score(settings, parts, plan, watch)
            parts.keep(plan.chunks)
            seconds = time.monotonic() - clock
            merged = merge(parts, plan.chunks, results, settings.options.columns.extra)
            for name in (SENTENCES_FILE, ARTICLES_FILE):
                for fmt in settings.also:
                    also_as(results / name, fmt)
            _write_run(
                results,
                {
                    "state": "complete",
                    **identity,
                    "inputs": list(settings.inputs),
                    "engine": Engine.RAY if settings.cluster else Engine.LOCAL,
                    "device": settings.device or "cpu",
                    "counts": asdict(merged),
                    "started": started.isoformat(timespec="seconds"),
                    "finished": datetime.now(UTC).isoformat(timespec="seconds"),
                    "timing": _timing(scored, seconds),
                },
            )
        except OSError as error:
            raise BatchError(
                f"{results}: expected to write there, found {error.strerror or error}; make room "
                "or change its permissions, and the same command goes on where it stopped"
            ) from error
    return merged


@contextmanager
def _taken(results: Path) -> Iterator[None]:
    """Hold the folder, made if need be, against a second run into it."""
    try:
        results.mkdir(parents=True, exist_ok=True)
        if (
            any(results.iterdir())
            and not (results / RUN_FILE).exists() | (results / _LOCK).exists()
        ):
            raise BatchError(
                f"{results}: expected a new folder or one of an earlier batch, found other files; "
                "choose another --out"
            )
        with FileLock(results / _LOCK, blocking=False):
            yield
    except Timeout as error:
        raise BatchError(
            f"{results}: expected it free, found another batch writing there; wait for it, or "
            "choose another --out"
        ) from error
    except OSError as error:
        raise BatchError(
            f"{results}: expected a folder to write, found {error.strerror or error}; choose "
            "another --out"
        ) from error


def _identity(settings: BatchSettings, model: ModelIdentity) -> dict[str, Any]:
    """Return all that the parts of one run must have in common, and the versions at work."""
    return {
        "schema": 1,
        "model": asdict(model),
        "settings": {
            "attrib": version("attrib"),
            "input_format": settings.options.input_format,
            "columns": asdict(settings.options.columns),
            "runtime": "torch" if settings.device else "onnxruntime",
            "chunk": {"entries": chunks.ENTRIES, "bytes": chunks.BYTES},
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
    }


def _check_same(results: Path, identity: dict[str, Any]) -> None:
    path = results / RUN_FILE
    if not path.exists():
        return
    try:
        found = json.loads(path.read_bytes())
        pairs = [
            ("model", found["model"]["sha256"], identity["model"]["sha256"]),
            *(
                (name, found["settings"].get(name), now)
                for name, now in identity["settings"].items()
            ),
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BatchError(
            f"{path}: expected the facts of an earlier batch, found {error!r}; choose another --out"
        ) from error
    for name, before, now in pairs:
        if json.dumps(before) != json.dumps(now):
            raise BatchError(
                f"{results}: expected to go on with {name} {json.dumps(before)}, found "
                f"{json.dumps(now)}; score with what the folder was begun with, or choose another "
                "--out"
            )


def _write_run(results: Path, facts: dict[str, Any]) -> None:
    with whole(results / RUN_FILE) as staged:
        staged.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _walk(settings: BatchSettings) -> Iterator[Chunk]:
    return cut(read_entries(settings.inputs, BytesIO(), settings.options))


def _plan(settings: BatchSettings, parts: Parts, results: Path) -> _Plan:
    """Walk over the inputs once, without scoring, and find which chunks are done."""
    count = entries = 0
    done: dict[int, PartFacts] = {}
    for chunk in _walk(settings):
        count, entries = chunk.index + 1, chunk.first + len(chunk.entries)
        facts = parts.facts(chunk.index)
        if facts is None:
            continue
        if facts.key == chunk.key and not (settings.retry and facts.failures):
            done[chunk.index] = facts
        elif not settings.retry:
            raise BatchError(
                f"{results}: expected the inputs that the folder was begun with, found others from "
                f"{chunk.entries[0].source} on; choose another --out, or score again what "
                "has changed with --retry"
            )
    return _Plan(count, entries, done)


def _score(settings: BatchSettings, parts: Parts, plan: _Plan, watch: Watch) -> list[PartFacts]:
    """Score the chunks that are left, and return the facts of those."""
    before = list(plan.done.values())
    entries_before = sum(facts.entries for facts in before)
    scored: list[PartFacts] = []

    def tell() -> None:
        known = [*before, *scored]
        watch(
            Progress(
                done=sum(facts.entries for facts in known),
                total=plan.entries,
                before=entries_before,
                failures=sum(facts.failures for facts in known),
            )
        )

    tell()
    if len(plan.done) < plan.chunks:
        left = (chunk for chunk in _walk(settings) if chunk.index not in plan.done)
        for chunk in _engine(settings, left):
            scored.append(parts.write(chunk))
            tell()
    return scored


def _engine(settings: BatchSettings, left: Iterator[Chunk]) -> Iterator[ScoredChunk]:
    extra = settings.options.columns.extra
    if settings.cluster is None:
        checker = load(settings.model, device=settings.device, threads=1)
        return score_here(left, checker, extra, 1 if settings.device else cores())
    from attrib.batch.ray import score_on_ray

    return score_on_ray(left, settings.model, extra, settings.device, settings.cluster)


def _timing(scored: list[PartFacts], seconds: float) -> dict[str, float]:
    """Return what this run itself scored and how fast; resumed parts do not count."""
    articles = sum(facts.articles for facts in scored)
    sentences = sum(facts.sentences for facts in scored)
    return {
        "seconds": round(seconds, 1),
        "articles": articles,
        "sentences": sentences,
        "articles_per_second": round(articles / seconds, 2),
        "sentences_per_second": round(sentences / seconds, 1),
    }
