"""The engine of one machine: a thread for each core runs the model beside the reading."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from attrib.batch.chunks import Chunk
from attrib.batch.scoring import ReadyChunk, ScoredChunk, judge, make_ready
from attrib.checker import Checker
from attrib.runtime import Logits

_AHEAD = 1  # chunks that wait, laid into windows, while others are computed


def score_here(
    chunks: Iterable[Chunk], checker: Checker, extra: Sequence[str], jobs: int
) -> Iterator[ScoredChunk]:
    """Yield ``chunks`` scored, in order.

    Each of ``jobs`` threads takes a batch of windows by itself, so that no core waits for another
    within a pass of a ``checker`` that takes one thread a pass.
    """
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
