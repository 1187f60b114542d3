"""Hold a batch against the bare graph, and its memory against the number of articles.

    python scripts/bench_batch.py ARTICLES [--count 300] [--rounds 3] [--memory 100,1000,5000]

ARTICLES is any input of ``attrib batch``. First the peak memory of ``attrib batch`` for each number
of ``--memory``. Then in turns, in one run: the bare graph on the windows of ``--count`` articles,
which are made ready beforehand, and the whole batch from file to tables, both with a thread a core.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import islice
from pathlib import Path

from attrib.article import Article
from attrib.batch.local import cores
from attrib.batch.run import run
from attrib.batch.settings import BatchSettings
from attrib.checker import Checker, load
from attrib.errors import InputError
from attrib.readers import ReadOptions, read_inputs
from attrib.windows import Encoding


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Bench a batch.")
    parser.add_argument("articles")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", default="", help="numbers of articles, separated by commas")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Memory first: a child's peak is never below what its parent held when it was made.
        for count in filter(None, arguments.memory.split(",")):
            _memory(arguments.articles, int(count), Path(folder))
        _speed(arguments.articles, arguments.count, arguments.rounds, Path(folder))


def _speed(articles: str, count: int, rounds: int, folder: Path) -> None:
    path = first(articles, count, folder)
    checker = load(threads=1)
    windows: list[Encoding] = []
    sentences = 0
    for article in read(str(path)):
        prepared = checker.prepare(article)
        windows += prepared.encodings
        sentences += len(prepared.sentences)
    print(f"{count} articles, {sentences} sentences, {len(windows)} windows, {cores()} cores")
    print("| round | bare graph, sentences/s | batch, sentences/s | share |")
    print("| --- | --- | --- | --- |", flush=True)
    shares = []
    for number in range(rounds):
        bare = sentences / _bare(checker, windows)
        began = time.perf_counter()
        run(BatchSettings((str(path),)), folder / f"speed{number}", lambda _: None)
        whole = sentences / (time.perf_counter() - began)
        shares.append(whole / bare)
        print(f"| {number + 1} | {bare:.1f} | {whole:.1f} | {whole / bare:.3f} |", flush=True)
    print(f"\nmedian share {statistics.median(shares):.3f}")


def _bare(checker: Checker, windows: Sequence[Encoding]) -> float:
    """Return the seconds that the model takes for ``windows``, packed by length."""
    batches = [[windows[k] for k in batch] for batch in checker.packed(windows)]
    began = time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(checker.logits, batches):
            pass
    return time.perf_counter() - began


def _memory(articles: str, count: int, folder: Path) -> None:
    path = first(articles, count, folder)
    command = [sys.executable, "-m", "attrib", "batch", str(path), "--out", str(folder / path.stem)]
    began = time.perf_counter()
    going = subprocess.Popen([*command, "--group-by", "outlet"], stderr=subprocess.DEVNULL)
    _, code, used = os.wait4(going.pid, 0)
    seconds = time.perf_counter() - began
    timing = json.loads((folder / path.stem / "run.json").read_bytes())["timing"]
    print(
        f"{count} articles: peak memory {used.ru_maxrss / 1024:.0f} MiB, {seconds:.0f} s in all, "
        f"{timing['articles_per_second']} articles/s, {timing['sentences_per_second']} sentences/s"
        f", exit code {os.waitstatus_to_exitcode(code)}",
        flush=True,
    )


def first(articles: str, count: int, folder: Path) -> Path:
    """Write the first ``count`` articles into ``folder`` and return the file."""
    path = folder / f"first{count}.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for article in islice(read(articles), count):
            parts = ("id", "title", "outlet", "topic", "date", "text")
            stream.write(json.dumps({name: getattr(article, name) for name in parts}) + "\n")
    return path


def read(articles: str) -> Iterator[Article]:
    """Yield the articles of any input of ``attrib batch`` that can be read."""
    found = read_inputs([articles], BytesIO(), ReadOptions())
    return (item for item in found if not isinstance(item, InputError))


if __name__ == "__main__":
    main()
