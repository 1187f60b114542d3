"""Make the released model: corpus and base encoder in, model folder with its card out.

    python scripts/make_model.py CORPUS --base BASE --out models/default

Interrupted, it goes on from its last checkpoint when started again. ``--set learning_rate=1e-4``
overrides a setting of the recipe, for experiments; scripts/LOG.md tells how they went.
"""

import argparse
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from measure import comparison

from attrib.card import write_card
from attrib.checker import load
from attrib.corpus import LabelledArticle, read_labelled
from attrib.finetune import Progress, Watch
from attrib.modelfolder import open_folder, write_manifest
from attrib.settings import TrainSettings, changed
from attrib.train import train

RECIPE = TrainSettings(
    base="sentence-transformers/all-MiniLM-L6-v2",
    window=512,
    epochs=4,
    patience=0,
    learning_rate=2e-4,
    precision="bf16",
    layer_decay=0.85,
    weight_decay=0.05,
    label_smoothing=0.05,
    contested_weight=1.5,
    masking=0.12,
)
_TOLD = ("accuracy", "macro_f1", "f1_contested")
ABOUT = Path(__file__).with_name("card_about.md")


def main() -> None:
    """Train, measure beside the baselines, and write the card."""
    parser = argparse.ArgumentParser(description="Make the released model.")
    parser.add_argument("corpus", type=Path, help="folder with train.jsonl.gz and dev.jsonl.gz")
    parser.add_argument("--base", default=RECIPE.base, help="hub id or folder of the encoder")
    parser.add_argument("--out", type=Path, default=Path("models/default"))
    parser.add_argument("--extra", type=Path, help="more labelled articles (pseudo_label.py)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()

    started = time.monotonic()
    given = dict(pair.split("=", 1) for pair in arguments.set)
    settings = replace(changed(RECIPE, given, "--set"), base=arguments.base)
    articles = _articles(arguments.corpus / "train.jsonl.gz")
    dev = _articles(arguments.corpus / "dev.jsonl.gz")
    extra = _articles(arguments.extra) if arguments.extra else []
    print(settings, len(articles), "articles,", len(extra), "extra", flush=True)
    watch, released = Watch(_tell), version("attrib")
    out = train([*articles, *extra], dev, settings, arguments.out, watch, version=released)
    figures = comparison(load(str(out)), articles, dev, arguments.corpus)
    print(figures)
    about = ABOUT.read_text(encoding="utf-8").replace("{{ figures }}", figures)
    manifest = open_folder(out).manifest
    manifest = replace(manifest, facts={**manifest.facts, "about": about})
    write_manifest(out, manifest)
    write_card(out, manifest, about)
    print(f"made {out} in {(time.monotonic() - started) / 60:.0f} minutes")


def _tell(told: Progress) -> None:
    if told.dev:
        named = ((name, told.dev.get(name)) for name in ("loss", *_TOLD))
        figures = ", ".join(f"{name} {value:.3f}" for name, value in named if value is not None)
        print(f"epoch {told.epoch:g}: {figures}", flush=True)


def _articles(path: Path) -> list[LabelledArticle]:
    return list(read_labelled(path))


if __name__ == "__main__":
    main()
