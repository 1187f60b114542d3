"""Hold attrib's engines against a pipeline of transformers, in one run on the same articles.

    python scripts/bench.py ARTICLES --base BASE [--model FOLDER] [--count 100] [--rounds 3]

ARTICLES is any input of ``attrib batch``, BASE the encoder that the model was made from. Prints the
machine's limit, then sentences a second from text to labels and peak memory of

- the obvious alternative, ``pipeline("text-classification", batch_size=32)`` with the base encoder,
  each sentence given with one sentence of context on either side;
- the model's weights in torch, its graph in float32, and its graph as released;

then what an article costs by its length and by how many there are, and a cold start. Each engine
runs in a process of its own, all take their rounds in turn, and the figures to quote are the
medians of the ratios, round by round. Needs the extra [train].
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from statistics import median

from bench_batch import first, read

from attrib.batch.chunks import cut
from attrib.batch.local import cores, score_here
from attrib.checker import Checker, load
from attrib.export import export_graph
from attrib.modelfolder import GRAPH, RELEASED, open_folder, released, write_manifest
from attrib.readers import ReadOptions, read_entries
from attrib.sentences import split

PIPELINE = "pipeline"
TORCH = "torch"
FLOAT = "ONNX, float32"
GRAPH_AS_RELEASED = "ONNX, as released"
ENGINES = (PIPELINE, TORCH, FLOAT, GRAPH_AS_RELEASED)
LENGTHS = (1_000, 10_000, 100_000)
COUNTS = (10, 100, 1_000)
PIPELINE_BATCH = 32
ARTICLES = Path(__file__).parents[1] / "tests" / "articles"


def main() -> None:
    """Print every table, or be one engine of the run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles")
    parser.add_argument("--base", default="sentence-transformers/all-MiniLM-L6-v2")
    parser.add_argument("--model", default=RELEASED)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", choices=ENGINES, help="for the run's own use")
    arguments = parser.parse_args()
    if arguments.engine:
        _serve(arguments.engine, arguments.base, arguments.model)
        return
    model = released() if arguments.model == RELEASED else Path(arguments.model)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        limit = matrix_limit()
        print(f"{cores()} cores; matrix product in float32: {limit:.0f} GFLOP/s\n", flush=True)
        _engines(arguments, model, limit, folder)
        _lengths(model)
        _counts(arguments.articles, model, folder)
    _cold_start()


def matrix_limit() -> float:
    """Return the best of several float32 matrix products on all cores, in GFLOP/s."""
    import torch

    torch.set_num_threads(cores())
    rows, inner, columns = 4096, 768, 3072
    left, right = torch.randn(rows, inner), torch.randn(inner, columns)
    seconds = []
    for _ in range(20):
        began = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - began)
    return 2 * rows * inner * columns / min(seconds) / 1e9


def _engines(arguments: argparse.Namespace, model: Path, limit: float, folder: Path) -> None:
    path = first(arguments.articles, arguments.count, folder)
    in_float = folder / "float32"
    _float_model(model, in_float)
    models = {PIPELINE: model, TORCH: model, FLOAT: in_float, GRAPH_AS_RELEASED: model}
    runs = {name: Engine(name, arguments.base, models[name]) for name in ENGINES}
    for run in runs.values():
        run.take(path)  # warms caches and memory
    speeds: dict[str, list[float]] = {name: [] for name in ENGINES}
    for _ in range(arguments.rounds):
        for name, run in runs.items():
            speeds[name].append(run.take(path))
    peaks = {name: run.stop() for name, run in runs.items()}
    whole, short = _operations(model, path)
    print(
        f"{arguments.count} articles, {arguments.rounds} rounds, pipeline with {arguments.base}\n"
    )
    print("| engine | sentences/s | times the pipeline | share of the limit | peak memory, MiB |")
    print("| --- | --- | --- | --- | --- |")
    for name in ENGINES:
        ratio = median(s / p for s, p in zip(speeds[name], speeds[PIPELINE], strict=True))
        speed = median(speeds[name])
        operations = whole if name == TORCH else short
        share = (
            "–" if name == PIPELINE or not operations else f"{speed * operations / 1e9 / limit:.2f}"
        )
        print(f"| {name} | {speed:.1f} | {ratio:.2f} | {share} | {peaks[name]:.0f} |")
    print(
        f"\nA sentence takes {whole / 1e9:.2f} GFLOP in torch, {short / 1e9:.2f} in the graphs; "
        "the share is of the limit in float32.\n",
        flush=True,
    )


class Engine:
    """A process that scores a file each time it is told to."""

    def __init__(self, name: str, base: str, model: Path) -> None:
        command = [sys.executable, __file__, "-", "--engine", name, "--base", base]
        self._process = subprocess.Popen(
            [*command, "--model", str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def take(self, path: Path) -> float:
        """Return the sentences a second over ``path``."""
        return float(self._ask(str(path)))

    def stop(self) -> float:
        """End the process and return its peak memory in MiB."""
        peak = float(self._ask("stop"))
        self._process.wait()
        return peak

    def _ask(self, line: str) -> str:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("expected pipes to the engine, found none")
        print(line, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit("an engine ended early; run it alone with --engine to see why")
        return answer


def _serve(engine: str, base: str, model: str) -> None:
    """Be one engine, loaded once: for each path on standard input, print sentences a second."""
    device = "cpu" if engine == TORCH else None
    pipe = _pipeline(base) if engine == PIPELINE else None
    checker = None if pipe else load(model, device=device, threads=1)
    for line in map(str.strip, sys.stdin):
        if line == "stop":
            status = Path("/proc/self/status").read_text(encoding="utf-8")
            peak = next(row for row in status.splitlines() if row.startswith("VmHWM"))
            print(int(peak.split()[1]) / 1024, flush=True)
            return
        began = time.perf_counter()
        if checker is None:
            sentences = _classify(pipe, line)
        else:
            sentences = score_file(line, checker, 1 if device else cores())
        print(sentences / (time.perf_counter() - began), flush=True)


def score_file(path: str, checker: Checker, jobs: int) -> int:
    """Score a file as ``attrib batch`` does, up to the tables; return how many sentences it has."""
    chunks = cut(read_entries([path], BytesIO(), ReadOptions()))
    return sum(scored.sentences.num_rows for scored in score_here(chunks, checker, (), jobs))


def _pipeline(base: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - transformers' own
    import torch
    from transformers import pipeline

    torch.set_num_threads(cores())
    return pipeline("text-classification", model=base, batch_size=PIPELINE_BATCH, device="cpu")


def _classify(pipe, path: str) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    texts = []
    for article in read(path):
        spans = split(article.text)
        for index in range(len(spans)):
            near = spans[max(0, index - 1) : index + 2]
            texts.append(article.text[near[0].start : near[-1].end])
    return len(pipe(texts, truncation=True))


def _float_model(model: Path, folder: Path) -> None:
    """Write the model once more, its graph in float32."""
    shutil.copytree(model, folder)
    export_graph(folder, folder / GRAPH, folded=False)
    write_manifest(folder, open_folder(model).manifest)


def _operations(model: Path, path: Path) -> tuple[float, float]:
    """Return the floating-point operations that a sentence takes, a product-sum being two.

    First of the whole encoder, then of the graph, whose last layer answers at separators alone
    (``attrib.graphform``) and which leaves out what is silent (``attrib.parts``). Both are 0 for
    an encoder that is not built like BERT.
    """
    from transformers import AutoModelForTokenClassification

    from attrib.parts import heads_of, layers_of, units_of

    encoder = AutoModelForTokenClassification.from_pretrained(model)
    wide = encoder.config.hidden_size
    checker = load(str(model))
    windows, sentences = [], 0
    for article in read(str(path)):
        prepared = checker.prepare(article)
        sentences += len(prepared.sentences)
        windows += [(len(e.ids), len(e.closers)) for e in prepared.encodings]
    layers = layers_of(encoder)
    whole = short = 0
    for layer in layers:
        heads, units = heads_of(layer), units_of(layer)
        seen, inner = heads.reading.in_features, units.reading.in_features
        heard = int(heads.heard.sum()) * heads.size, int(units.heard.sum())
        last = layer is layers[-1]
        for tokens, closers in windows:
            whole += _of_layer(wide, seen, inner, tokens, tokens)
            short += _of_layer(wide, *heard, tokens, closers if last else tokens)
    return whole / sentences, short / sentences


def _of_layer(wide: int, seen: int, inner: int, tokens: int, asking: int) -> int:
    """Count keys and values of all ``tokens``, and all else of those that are ``asking``."""
    return 4 * wide * seen * tokens + asking * (4 * wide * (seen + inner) + 4 * tokens * seen)


def _lengths(model: Path) -> None:
    """Print what one article costs by its length."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    paragraphs = [p for text in texts for p in text.split("\n\n")]
    checker = load(str(model))
    checker.score(paragraphs[0])
    print("| words of one article | seconds | sentences/s |\n| --- | --- | --- |")
    for words in LENGTHS:
        chosen: list[str] = []
        count = 0
        while count < words:
            chosen.append(paragraphs[len(chosen) % len(paragraphs)])
            count += len(chosen[-1].split())
        began = time.perf_counter()
        sentences = len(checker.score("\n\n".join(chosen)).verdicts)
        seconds = time.perf_counter() - began
        print(f"| {count:,} | {seconds:.2f} | {sentences / seconds:.1f} |", flush=True)
    print()


def _counts(articles: str, model: Path, folder: Path) -> None:
    """Print what articles cost by how many there are."""
    print("| articles | seconds | sentences/s |\n| --- | --- | --- |")
    checker = load(str(model), threads=1)
    for count in COUNTS:
        path = first(articles, count, folder)
        began = time.perf_counter()
        sentences = score_file(str(path), checker, cores())
        seconds = time.perf_counter() - began
        print(f"| {count:,} | {seconds:.2f} | {sentences / seconds:.1f} |", flush=True)
    print()


def _cold_start() -> None:
    subprocess.run([sys.executable, str(Path(__file__).with_name("cold_start.py"))], check=True)


if __name__ == "__main__":
    main()
