"""Batches on a Ray of two workers on this machine, one of which is killed."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import batch, contents, write_records

from attrib.batch.settings import Cluster, Progress
from attrib.errors import BatchError

pytest.importorskip("ray")

_COUNT = 400
_WORKER = "ray::MapWorker"


@pytest.fixture(autouse=True)
def local_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ray's processes speak with each other, which they do by this machine's own addresses."""
    monkeypatch.setattr(socket.socket, "connect", super(socket.socket, socket.socket).connect)


def workers() -> Iterator[int]:
    """The processes of Ray's actors."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if command.startswith(_WORKER):
            yield int(folder.name)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the workers by /proc")
def test_a_cluster_gives_the_same_tables_though_a_worker_is_killed(tmp_path: Path) -> None:
    path = write_records(tmp_path / "many.jsonl", _COUNT)
    batch(tmp_path / "here", path)

    killed: list[int] = []

    def kill_one() -> None:
        until = time.monotonic() + 120
        while not killed and time.monotonic() < until:
            found = sorted(workers())
            if len(found) >= 2 and any((tmp_path / "there" / "parts").glob("0*")):
                os.kill(found[0], signal.SIGKILL)
                killed.append(found[0])
            time.sleep(0.01)

    killer = threading.Thread(target=kill_one)
    killer.start()
    told: list[Progress] = batch(tmp_path / "there", path, cluster=Cluster(workers=2))
    killer.join()
    assert killed
    assert told[-1].done == _COUNT
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = write_records(tmp_path / "few.jsonl", 2)
    with pytest.raises(BatchError, match=r"expected a Ray cluster.*check --ray-address"):
        batch(tmp_path / "r", path, cluster=Cluster(address="127.0.0.1:1"))
