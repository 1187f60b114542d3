"""Make the released model: corpus and base encoders in, model folder with its card out.

    python scripts/make_model.py CORPUS --out models/default --work WORK

CORPUS holds train.jsonl.gz, dev.jsonl.gz and unlabelled.jsonl.gz. The stages, each told with its
time: a large teacher and a small companion are trained on the labelled articles (WORK/teacher,
WORK/companion); the mean of both labels the unlabelled ones (WORK/taught-….jsonl); a small student
is trained on labels and taught articles. Interrupted, the same command goes on where it stopped:
training from its last checkpoint, labelling from its last article. Without --work, or without
unlabelled articles, the small model learns from the labels alone. ``--set learning_rate=1e-4``
overrides a setting of the small model, for experiments; scripts/LOG.md tells how they went.
"""

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from measure import comparison
from pseudo_label import label

from attrib.card import write_card
from attrib.checker import load
from attrib.corpus import LabelledArticle, read_labelled
from attrib.finetune import Progress, Watch
from attrib.modelfolder import open_folder, write_manifest
from attrib.settings import TrainSettings, changed
from attrib.train import train

FROM_LABELS = TrainSettings(
    base="sentence-transformers/all-MiniLM-L6-v2",
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
TEACHER = replace(
    FROM_LABELS,
    base="sentence-transformers/all-mpnet-base-v2",
    frozen=4,
    overlap=0.0,
    epochs=3,
    learning_rate=8e-5,
    layer_decay=0.9,
    link_weight=0.3,
)
STUDENT = replace(FROM_LABELS, overlap=0.0, epochs=2, layer_decay=0.9, dropout=0.0, masking=0.0)
_TOLD = ("accuracy", "macro_f1", "f1_contested")
_STEPS = 25  # between two words of progress
ABOUT = Path(__file__).with_name("card_about.md")


def main() -> None:
    """Go through the stages, measure beside the baselines, and write the card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--base", default=STUDENT.base, help="hub id or folder of the small one")
    parser.add_argument("--teacher-base", default=TEACHER.base, help="that of the teacher")
    parser.add_argument("--work", type=Path, help="folder of what the stages leave; keep it")
    parser.add_argument("--count", type=int, help="unlabelled articles to label; all by default")
    parser.add_argument("--out", type=Path, default=Path("models/default"))
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()

    given = dict(pair.split("=", 1) for pair in arguments.set)
    articles = _articles(arguments.corpus / "train.jsonl.gz")
    dev = _articles(arguments.corpus / "dev.jsonl.gz")
    unlabelled = arguments.corpus / "unlabelled.jsonl.gz"
    taught: list[LabelledArticle] = []
    settings = FROM_LABELS
    if arguments.work and unlabelled.exists():
        arguments.work.mkdir(parents=True, exist_ok=True)
        teachers = {
            "teacher": replace(TEACHER, base=arguments.teacher_base),
            "companion": replace(FROM_LABELS, base=arguments.base),
        }
        taught = _taught(articles, dev, unlabelled, teachers, arguments)
        settings = STUDENT
    settings = replace(changed(settings, given, "--set"), base=arguments.base)
    with _told(f"{arguments.out}: {len(articles)} labelled and {len(taught)} taught articles"):
        out = _trained([*articles, *taught], dev, settings, arguments.out)
    figures = comparison(load(str(out)), articles, dev, arguments.corpus)
    print(figures)
    about = ABOUT.read_text(encoding="utf-8").replace("{{ figures }}", figures)
    manifest = open_folder(out).manifest
    manifest = replace(manifest, facts={**manifest.facts, "about": about})
    write_manifest(out, manifest)
    write_card(out, manifest, about)


def _taught(
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    unlabelled: Path,
    teachers: Mapping[str, TrainSettings],
    arguments: argparse.Namespace,
) -> list[LabelledArticle]:
    """Return the unlabelled articles as ``teachers`` label them, made where missing."""
    work: Path = arguments.work
    for name, settings in teachers.items():
        if not (work / name).exists():
            with _told(f"{work / name}: {len(articles)} labelled articles"):
                _trained(articles, dev, settings, work / name)
    made = "-".join(open_folder(work / name).identity.sha256[:8] for name in teachers)
    out = work / f"taught-{made}.jsonl"
    with _told(str(out)):
        label(unlabelled, out, [str(work / name) for name in teachers], arguments.count)
    return list(islice(read_labelled(out), arguments.count))


def _trained(
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
    out: Path,
) -> Path:
    print(settings, flush=True)
    return train(articles, dev, settings, out, Watch(_tell), version=version("attrib"))


@contextmanager
def _told(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"making {what}", flush=True)
    yield
    print(f"made {what} in {(time.monotonic() - started) / 60:.0f} minutes", flush=True)


def _tell(told: Progress) -> None:
    if told.loss is not None and told.step % _STEPS == 0:
        print(f"step {told.step} of {told.steps}: loss {told.loss:.3f}", flush=True)
    if told.dev:
        named = ((name, told.dev.get(name)) for name in ("loss", *_TOLD))
        figures = ", ".join(f"{name} {value:.3f}" for name, value in named if value is not None)
        print(f"epoch {told.epoch:g}: {figures}", flush=True)


def _articles(path: Path) -> list[LabelledArticle]:
    return list(read_labelled(path))


if __name__ == "__main__":
    main()
