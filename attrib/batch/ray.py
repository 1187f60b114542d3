"""The engine of a cluster: chunks as rows of a Ray Data pipeline, scored by a pool of actors.

Ray Data starts an actor whose process or machine dies again, and has done again what it was at.
Needs the extra ``attrib[ray]``; each machine needs attrib and, unless it is the released one, the
model under the same path.
"""

import logging
import os
import pickle
import socket
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attrib.batch.chunks import Chunk
from attrib.batch.scoring import ScoredChunk, judge, make_ready
from attrib.batch.settings import Cluster
from attrib.checker import load
from attrib.errors import BatchError

_PATIENCE = 10.0  # seconds
_AT_ONCE = 256  # chunks handed to one pipeline, some 8,000 articles

Column = dict[str, NDArray[np.object_]]


class _Scorer:
    """What an actor does: one chunk in, one scored chunk out, both pickled."""

    def __init__(self, model: str, extra: Sequence[str], device: str | None) -> None:
        self._checker = load(model, device=device, threads=1)
        self._extra = extra

    def __call__(self, rows: Column) -> Column:
        scored = [pickle.dumps(self._score(pickle.loads(row))) for row in rows["chunk"]]  # noqa: S301
        return {"scored": np.array(scored, dtype=object)}

    def _score(self, chunk: Chunk) -> ScoredChunk:
        ready = make_ready(self._checker, chunk)
        logits = [self._checker.logits(ready.batch(n)) for n in range(len(ready.batches))]
        return judge(self._checker, ready, logits, self._extra)


def score_on_ray(
    chunks: Iterable[Chunk],
    model: str,
    extra: Sequence[str],
    device: str | None,
    cluster: Cluster,
) -> Iterator[ScoredChunk]:
    """Yield ``chunks`` scored, in the order in which they are done.

    Raises:
        BatchError: if Ray cannot be reached, or the actors fail again and again.
    """
    ray = _ray()
    begun = not ray.is_initialized()
    _connect(ray, cluster)
    try:
        workers = cluster.workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting = iter(chunks)
        while group := list(islice(waiting, _AT_ONCE)):
            yield from _pipeline(ray, group, workers, (model, tuple(extra), device))
    finally:
        if begun:
            ray.shutdown()


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report to its makers
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # errors reach us as exceptions
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise BatchError(
            "expected Ray for --engine ray, found it missing; say: pip install 'attrib[ray]'"
        ) from error
    return ray


def _connect(ray: Any, cluster: Cluster) -> None:
    if ray.is_initialized():
        return
    where = cluster.address or "this machine"
    own = {} if cluster.address else {"num_cpus": cluster.workers, "include_dashboard": False}
    try:
        _reach(cluster.address)
        ray.init(
            address=cluster.address or "local",
            log_to_driver=False,
            logging_level=logging.ERROR,
            **own,
        )
    except Exception as error:  # ConnectionError, ValueError, RuntimeError, by the address
        raise BatchError(
            f"{where}: expected a Ray cluster, found {str(error).splitlines()[0]}; check "
            "--ray-address and, where the cluster asks for a token, RAY_AUTH_MODE and "
            "RAY_AUTH_TOKEN"
        ) from error


def _reach(address: str | None) -> None:
    """Open a connection to ``host:port`` and close it: Ray itself would try for minutes.

    Raises:
        OSError: if nothing answers there.
    """
    host, colon, port = (address or "").rpartition("//")[2].rpartition(":")
    if colon and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()


def _pipeline(
    ray: Any, group: Sequence[Chunk], workers: int, arguments: tuple[object, ...]
) -> Iterator[ScoredChunk]:
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    rows = [{"chunk": pickle.dumps(chunk)} for chunk in group]
    scored = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        _Scorer,
        fn_constructor_args=arguments,
        batch_size=1,
        num_cpus=1,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers, initial_size=workers),
    )
    try:
        for row in scored.iter_rows():
            yield pickle.loads(row["scored"])  # noqa: S301 - what our own actors sent
    except ray.exceptions.RayError as error:
        cause = str(getattr(error, "cause", None) or error).strip().splitlines()[-1]
        raise BatchError(
            f"Ray: expected its workers to score, found {cause}; see that attrib and the model "
            "are on each machine"
        ) from error
