"""Labelled articles to a model folder.

Fine-tunes an encoder, exports its graph, fits the temperature on the dev articles, measures, and
writes the folder beside its place before renaming it there.
"""

import json
import platform
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from attrib.calibration import fit_temperature
from attrib.card import write_card
from attrib.checker import load
from attrib.corpus import LabelledArticle, fingerprint
from attrib.errors import DataError, TrainingError
from attrib.evaluate import Judged, evaluate, judge, labeller
from attrib.export import export_graph
from attrib.finetune import Watch, fine_tune, resolved, scoring_layout
from attrib.modelfolder import (
    GRAPH,
    MANIFEST,
    Manifest,
    open_folder,
    work_folder,
    write_manifest,
)
from attrib.settings import TrainSettings, is_first_process, model_version

_LIBRARIES = ("torch", "transformers", "datasets", "tokenizers", "onnxruntime")


def train(  # noqa: PLR0913 - data, settings, and what is made of them
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
    out: Path,
    watch: Watch | None = None,
    *,
    version: str | None = None,
) -> Path:
    """Train on ``articles``, calibrate and measure on ``dev``, and write the model folder ``out``.

    Until the folder is whole, checkpoints stand beside it, in ``work_folder(out)``; an interrupted
    training goes on from the last of them when it is started again. A folder that stands at ``out``
    is replaced. ``watch`` is told how the training goes. ``version`` is that of the model; None is
    the date of today.

    Raises:
        DataError: if a set is empty or shares an article with the other, or the version is no text.
        ModelError: if the base is none to train.
        TrainingError: if the checkpoints are of a training with other settings or data, or if the
            memory does not suffice.
    """
    version = model_version(version)
    _check(articles, dev)
    settings = resolved(settings)
    facts = _facts(articles, dev, settings)
    work = work_folder(out)
    if is_first_process():
        _claim(work, facts)
    trained = fine_tune(articles, dev, settings, work, watch)
    if not is_first_process():
        return out
    staged = work / "folder"
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(trained, staged)
    export_graph(staged, staged / GRAPH)
    manifest = Manifest(
        name=out.name,
        version=version,
        layout=scoring_layout(trained, settings),
        temperature=1.0,
        facts=facts,
    )
    write_card(staged, finish(staged, manifest, dev))
    if out.exists():
        shutil.rmtree(out)
    staged.rename(out)
    shutil.rmtree(work)
    return out


def finish(folder: Path, manifest: Manifest, dev: Sequence[LabelledArticle]) -> Manifest:
    """Calibrate and measure the model in ``folder`` on ``dev``, and write its final manifest.

    What scoring with the graph costs against the weights is among the facts.
    """
    write_manifest(folder, replace(manifest, temperature=1.0))  # it is fitted to bare logits
    judged = judge(labeller(load(str(folder))), dev)
    temperature = fit_temperature(judged.probabilities, judged.gold)
    write_manifest(folder, replace(manifest, temperature=round(temperature, 4)))
    by_graph = judge(labeller(load(str(folder))), dev)
    by_weights = judge(labeller(load(str(folder), device="cpu")), dev)
    measured = {
        "dev": asdict(evaluate(by_graph)),
        "graph": asdict(graph_loss(by_graph, by_weights)),
    }
    final = replace(
        manifest,
        temperature=round(temperature, 4),
        facts={**manifest.facts, **measured},
    )
    write_manifest(folder, final)
    return final


def rebuild(folder: Path, dev: Sequence[LabelledArticle]) -> "GraphLoss":
    """Export the graph of a model folder anew, calibrate and measure, and replace the folder.

    Raises:
        DataError: if there are no labelled dev articles.
        ModelError: if ``folder`` is no whole model folder.
    """
    _check_labels("dev", dev)
    manifest = open_folder(folder).manifest
    staged = folder.with_name(folder.name + ".part")
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(folder, staged)
    export_graph(staged, staged / GRAPH)
    final = finish(staged, manifest, dev)
    write_card(staged, final, str(final.facts.get("about", "")))
    old = folder.with_name(folder.name + ".old")
    folder.rename(old)
    staged.rename(folder)
    shutil.rmtree(old)
    return GraphLoss(**final.facts["graph"])


@dataclass(frozen=True, slots=True)
class GraphLoss:
    """What scoring with the graph costs against the weights it was exported from.

    ``same_label`` is the share of sentences that both label alike, ``largest_change`` that of a
    label's probability; the rest are the figures of the weights, beside those of the graph. There
    is no F1 of contested where that label does not occur.
    """

    same_label: float
    largest_change: float
    macro_f1: float
    contested_f1: float | None


def graph_loss(by_graph: Judged, by_weights: Judged) -> GraphLoss:
    """Compare what graph and weights say of the same sentences."""
    of_weights = evaluate(by_weights, draws=1)
    return GraphLoss(
        same_label=float((by_graph.shown.argmax(1) == by_weights.shown.argmax(1)).mean()),
        largest_change=float(abs(by_graph.shown - by_weights.shown).max()),
        macro_f1=of_weights.macro_f1.value,
        contested_f1=of_weights.contested_f1.value if of_weights.contested_f1 else None,
    )


def _claim(work: Path, facts: Mapping[str, Any]) -> None:
    """Note in ``work`` what is trained there; refuse to go on with something else."""
    note = work / "facts.json"
    if note.exists() and json.loads(note.read_text(encoding="utf-8")) != facts:
        raise TrainingError(
            f"{work}: expected checkpoints of this training, found those of one with other "
            "settings, data or versions; remove the folder to start anew"
        )
    work.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(facts), encoding="utf-8")


def _check(articles: Sequence[LabelledArticle], dev: Sequence[LabelledArticle]) -> None:
    _check_labels("training", articles)
    _check_labels("dev", dev)
    _check_once("training", articles)
    _check_once("dev", dev)
    texts = {a.article.text: a.article.id for a in dev}
    ids = set(texts.values())
    shared = {
        texts.get(a.article.text, a.article.id)
        for a in articles
        if a.article.id in ids or a.article.text in texts
    }
    if shared:
        raise DataError(
            f"expected dev articles that are not trained on, found {len(shared)} in both "
            f"(first: {min(shared)}); split the data by article"
        )


def _check_once(name: str, held: Sequence[LabelledArticle]) -> None:
    times = Counter(a.article.text for a in held)
    again = [a for a in held if times[a.article.text] > 1]
    if again:
        cure = "keep it once"
        if len({a.annotator for a in again}) > 1:
            cure = "merge what several people labelled: attrib data convert --annotators majority"
        raise DataError(
            f"expected each article once among the {name} articles, found "
            f"{sum(n > 1 for n in times.values())} repeated (first: {again[0].article.id}); {cure}"
        )


def _check_labels(name: str, held: Sequence[LabelledArticle]) -> None:
    if not held:
        raise DataError(f"expected {name} articles, found none; give a file with labelled articles")
    if not any(s.label for a in held for s in a.sentences):
        raise DataError(f"expected labels in the {name} articles, found none; label some of them")


def _facts(
    articles: Sequence[LabelledArticle], dev: Sequence[LabelledArticle], settings: TrainSettings
) -> dict[str, Any]:
    return {
        "settings": {**asdict(settings), "base": Path(settings.base).name},
        **_parent(settings.base),
        "data": {
            name: {
                "articles": len(held),
                "sentences": sum(s.label is not None for a in held for s in a.sentences),
                "sha256": fingerprint(held),
            }
            for name, held in (("train", articles), ("dev", dev))
        },
        "versions": {
            "python": platform.python_version(),
            **{library: metadata.version(library) for library in _LIBRARIES},
        },
    }


def _parent(base: str) -> dict[str, Any]:
    """Return which model was trained on, if ``base`` is one of attrib."""
    if not (Path(base) / MANIFEST).is_file():
        return {}
    folder = open_folder(Path(base))
    facts = folder.manifest.facts
    encoder = facts.get("parent", {}).get("encoder", facts["settings"]["base"])
    return {"parent": {**asdict(folder.identity), "encoder": encoder}}
