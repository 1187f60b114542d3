"""The engine of one machine: a thread for each core runs the model beside the reading."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from attrib.batch.chunks import Chunk
from attrib.batch.scoring import ReadyChunk, ScoredChunk, judge, make_ready
from attrib.checker import Checker, load
from attrib.runtime import Logits

_AHEAD = 1  # chunks that wait, laid into windows, while others are computed


def score_here(
    chunks: Iterable[Chunk], model: str, extra: Sequence[str], device: str | None
) -> Iterator[ScoredChunk]:
    """Yield ``chunks`` scored, in order.

    Each thread takes a batch of windows by itself, so that no core waits for another within a
    pass. On a ``device`` one thread feeds it.

    Raises:
        ModelError: if the model cannot be loaded.
    """
    jobs = 1 if device else cores()
    checker = load(model, device=device, threads=1)
    waiting: deque[tuple[ReadyChunk, list[Future[list[Logits]]]]] = deque()
    pool = ThreadPoolExecutor(jobs)
    try:
        for chunk in chunks:
            ready = make_ready(checker, chunk)
            numbers = range(len(ready.batches))
            waiting.append((ready, [pool.submit(checker.logits, ready.batch(n)) for n in numbers]))
            if len(waiting) > _AHEAD:
                yield _finished(checker, *waiting.popleft(), extra)
        while waiting:
            yield _finished(checker, *waiting.popleft(), extra)
    finally:
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _finished(
    checker: Checker,
    ready: ReadyChunk,
    logits: Sequence[Future[list[Logits]]],
    extra: Sequence[str],
) -> ScoredChunk:
    return judge(checker, ready, [found.result() for found in logits], extra)
