"""Hold models against each other: how good on dev, and how fast, in one run.

    python scripts/frontier.py CORPUS ARTICLES --base BASE --model NAME=FOLDER [--model …]

CORPUS holds dev.jsonl.gz; ARTICLES is any input of ``attrib batch``. Speed is from text to labels,
as in bench.py, whose pipeline takes its rounds beside the models. Prints one row a model and draws
the figure of the README.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import GRAPH_AS_RELEASED, PIPELINE, Engine
from bench_batch import first
from matplotlib.figure import Figure  # noqa: TID253

from attrib.checker import load
from attrib.corpus import read_labelled
from attrib.evaluate import Interval, evaluate, judge, labeller
from attrib.modelfolder import GRAPH
from attrib.writers.evaluation.phrases import shown

PICTURE = Path(__file__).with_name("pictures") / "frontier.png"


@dataclass(frozen=True, slots=True)
class Point:
    """A model on the frontier; ``speed`` in sentences a second, ``ratio`` to the pipeline."""

    name: str
    megabytes: float
    macro_f1: Interval
    contested_f1: Interval
    speed: float
    ratio: float


def main() -> None:
    """Print the table and draw the figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("articles")
    parser.add_argument("--base", default="sentence-transformers/all-MiniLM-L6-v2")
    parser.add_argument("--model", action="append", required=True, metavar="NAME=FOLDER")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--picture", type=Path, default=PICTURE)
    given = parser.parse_args()
    models = {name: Path(folder) for name, _, folder in (m.partition("=") for m in given.model)}
    with tempfile.TemporaryDirectory() as folder:
        path = first(given.articles, given.count, Path(folder))
        speeds = _speeds(models, given.base, path, given.rounds)
    points = [_point(name, folder, given.corpus, speeds) for name, folder in models.items()]
    print("| model | graph, MB | macro-F1 | contested F1 | sentences/s | times the pipeline |")
    print("| --- | --- | --- | --- | --- | --- |")
    for p in points:
        print(
            f"| {p.name} | {p.megabytes:.0f} | {shown(p.macro_f1)} | {shown(p.contested_f1)} | "
            f"{p.speed:.0f} | {p.ratio:.1f} |"
        )
    draw(points, given.picture)


def _speeds(models: dict[str, Path], base: str, path: Path, rounds: int) -> dict[str, list[float]]:
    """Return sentences a second of each model and of the pipeline, round by round."""
    runs = {PIPELINE: Engine(PIPELINE, base, next(iter(models.values())))}
    runs |= {name: Engine(GRAPH_AS_RELEASED, base, folder) for name, folder in models.items()}
    for run in runs.values():
        run.take(path)  # warms caches and memory
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            speeds[name].append(run.take(path))
    for run in runs.values():
        run.stop()
    return speeds


def _point(name: str, folder: Path, corpus: Path, speeds: dict[str, list[float]]) -> Point:
    dev = list(read_labelled(corpus / "dev.jsonl.gz"))
    figures = evaluate(judge(labeller(load(str(folder))), dev))
    if figures.contested_f1 is None:
        raise SystemExit(f"{corpus}: expected contested sentences in dev, found none")
    return Point(
        name=name,
        megabytes=(folder / GRAPH).stat().st_size / 1e6,
        macro_f1=figures.macro_f1,
        contested_f1=figures.contested_f1,
        speed=median(speeds[name]),
        ratio=median(s / p for s, p in zip(speeds[name], speeds[PIPELINE], strict=True)),
    )


def draw(points: list[Point], picture: Path) -> None:
    """Draw quality against speed, with 95 % intervals, into a PNG."""
    figure = Figure(figsize=(8, 4.2), dpi=150, layout="constrained")
    axes = figure.subplots()
    for label, colour, values in (
        ("macro-F1", "#1f5fa8", [p.macro_f1 for p in points]),
        ("contested F1", "#b3541e", [p.contested_f1 for p in points]),
    ):
        below = [v.value - v.low for v in values]
        above = [v.high - v.value for v in values]
        axes.errorbar(
            [p.ratio for p in points],
            [v.value for v in values],
            yerr=[below, above],
            fmt="o",
            color=colour,
            capsize=3,
            label=label,
        )
    for number, p in enumerate(points):
        axes.annotate(
            p.name,
            (p.ratio, p.macro_f1.high),
            xytext=(0, 5 + 11 * (number % 2)),  # neighbours do not write over each other
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axes.set_xscale("log")
    ticks = [1, 2, 5, 10, 20, 50]
    axes.set_xticks(ticks, [f"{tick}×" for tick in ticks])
    axes.set_xlim(1, 1.5 * max(p.ratio for p in points))
    axes.minorticks_off()
    axes.set_xlabel("sentences a second, times the transformers pipeline")
    axes.set_ylabel("on the dev articles, 95 % interval")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(frameon=False, loc="lower left")
    figure.savefig(picture)


if __name__ == "__main__":
    main()
