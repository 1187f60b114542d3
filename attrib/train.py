"""Labelled articles to a model folder.

Fine-tunes an encoder, exports its graph, fits the temperature on the dev articles, measures, and
writes the folder beside its place before renaming it there.
"""

import json
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attrib.calibration import fit_temperature
from attrib.card import write_card
from attrib.checker import load
from attrib.corpus import LabelledArticle, fingerprint
from attrib.errors import DataError
from attrib.evaluate import evaluate, judge, labeller
from attrib.export import export_graph
from attrib.finetune import TrainSettings, fine_tune, save_half
from attrib.modelfolder import GRAPH, Manifest, write_manifest

_LIBRARIES = ("torch", "transformers", "datasets", "tokenizers", "onnxruntime")


def train(
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
    out: Path,
) -> Path:
    """Train on ``articles``, calibrate and measure on ``dev``, and write the model folder ``out``.

    Until the folder is whole, checkpoints stand beside it, in ``out`` with ``.work`` added to its
    name; an interrupted training goes on from the last of them when it is started again. A folder
    that stands at ``out`` is replaced.

    Raises:
        DataError: if a set is empty or shares an article with the other, or if the checkpoints are
            of a training with other settings or data.
    """
    _check(articles, dev)
    facts = _facts(articles, dev, settings)
    work = out.with_name(out.name + ".work")
    _claim(work, facts)
    tuned = fine_tune(articles, dev, settings, work)
    staged = work / "folder"
    shutil.rmtree(staged, ignore_errors=True)
    save_half(tuned, staged)
    export_graph(staged, staged / GRAPH)
    manifest = Manifest(
        name=out.name,
        version=version("attrib"),
        layout=tuned.layout,
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
    """Calibrate and measure the model in ``folder`` on ``dev``, and write its final manifest."""
    write_manifest(folder, manifest)
    judged = judge(labeller(load(str(folder))), dev)
    temperature = fit_temperature(judged.probabilities, judged.gold)
    final = replace(manifest, temperature=round(temperature, 4))
    write_manifest(folder, final)
    evaluation = evaluate(judge(labeller(load(str(folder))), dev))
    final = replace(final, facts={**manifest.facts, "dev": asdict(evaluation)})
    write_manifest(folder, final)
    return final


def _claim(work: Path, facts: Mapping[str, Any]) -> None:
    """Note in ``work`` what is trained there; refuse to go on with something else."""
    note = work / "facts.json"
    if note.exists() and json.loads(note.read_text(encoding="utf-8")) != facts:
        raise DataError(
            f"{work}: expected checkpoints of this training, found those of one with other "
            "settings, data or versions; remove the folder to start anew"
        )
    work.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(facts), encoding="utf-8")


def _check(articles: Sequence[LabelledArticle], dev: Sequence[LabelledArticle]) -> None:
    for name, held in (("training", articles), ("dev", dev)):
        if not held:
            raise DataError(
                f"expected {name} articles, found none; give a file with labelled articles"
            )
        if not any(s.label for a in held for s in a.sentences):
            raise DataError(
                f"expected labels in the {name} articles, found none; label some of them"
            )
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


def _facts(
    articles: Sequence[LabelledArticle], dev: Sequence[LabelledArticle], settings: TrainSettings
) -> dict[str, Any]:
    return {
        "settings": {**asdict(settings), "base": Path(settings.base).name},
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
            **{library: version(library) for library in _LIBRARIES},
        },
    }
