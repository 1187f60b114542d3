"""Make the released model: corpus and base encoders in, model folder with its card out.

    python scripts/make_model.py CORPUS --out models/default --work WORK

CORPUS holds train.jsonl.gz, dev.jsonl.gz and perhaps unlabelled.jsonl.gz; --more (models/corpus)
holds more labels, of articles that came unlabelled and of invented ones. The stages, each told with
its time: large teachers are trained, each without one fifth of the labelled articles
(WORK/teacher-1-…); each tells its doubts about the labels of its fifth (WORK/doubted-1-….jsonl);
the mean of all labels what has no labels (WORK/taught-….jsonl); a small student is trained on both
(WORK/student-…), and trained on without the heads and units that it needs least. Interrupted, the
same command goes on where it stopped: training from its last checkpoint, labelling from its last
article. What is in WORK is made anew when its articles or settings have changed. With ``--teachers
0`` the small model learns from the labels alone, a matter of hours on two cores and not of days.
``--from MODEL`` is for when labels have come: MODEL goes on with all of them, and no stage before.
``--set batch_size=16`` overrides a setting of the small model in both its trainings, for
experiments; scripts/LOG.md tells how they went.
"""

import argparse
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from corpus_labels import joined
from measure import comparison
from pseudo_label import LABEL_WEIGHT, label, read

from attrib.card import write_card
from attrib.checker import load
from attrib.corpus import LabelledArticle, fingerprint, labelled_article, read_labelled
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
    scoring_overlap=0.5,
    learning_rate=6e-5,
    layer_decay=0.9,
)
STUDENT = replace(
    FROM_LABELS,
    scoring_window=384,
    scoring_overlap=0.0625,
    batch_size=32,
    learning_rate=5e-4,
    layer_decay=0.9,
    dropout=0.0,
    masking=0.1,
)
PRUNED = replace(
    STUDENT,
    window=512,  # else that in which the student scores
    pruning=0.38,
    epochs=1,
    overlap=0.0,
    learning_rate=2.5e-4,
    warmup=0.05,
)
ALONE = replace(STUDENT, epochs=2, overlap=0.0, dropout=0.1)
ALONE_PRUNED = replace(
    PRUNED, epochs=2, overlap=0.5, learning_rate=4e-4, dropout=0.1, contested_weight=1.0
)
FURTHER = replace(PRUNED, window=None, pruning=0.0, learning_rate=2e-4)
_TOLD = ("accuracy", "macro_f1", "f1_contested")
_STEPS = 25  # between two words of progress
ABOUT = Path(__file__).with_name("card_about.md")
MORE = Path(__file__).parents[1] / "models" / "corpus"


def main() -> None:
    """Go through the stages, measure beside the baselines, and write the card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--base", default=STUDENT.base, help="hub id or folder of the small one")
    parser.add_argument("--teacher-base", default=TEACHER.base, help="that of the teachers")
    parser.add_argument("--teachers", type=int, default=5, help="how many; 0: none")
    parser.add_argument("--from", type=Path, dest="parent", help="model folder to go on from")
    parser.add_argument("--more", type=Path, default=MORE, help="folder of further labels")
    parser.add_argument("--work", type=Path, help="what the stages before leave; keep it")
    parser.add_argument("--count", type=int, help="unlabelled articles to label; all by default")
    parser.add_argument("--out", type=Path, default=Path("models/default"))
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    if arguments.teachers == 1:
        parser.error("--teachers: expected none, or two or more that each leave articles unread")
    if not (arguments.work or arguments.parent):
        parser.error("--work: expected a folder for what the stages leave, found none")
    if not arguments.more.is_dir():
        parser.error(f"--more: expected a folder, found none at {arguments.more}")

    given = dict(pair.split("=", 1) for pair in arguments.set)
    first = _articles(arguments.corpus / "train.jsonl.gz")
    dev = _articles(arguments.corpus / "dev.jsonl.gz")
    further, bare = _divided(arguments.corpus, arguments.more, [*first, *dev])
    articles = first + further
    learned, whole, last = articles, ALONE, ALONE_PRUNED
    if arguments.parent:
        last = FURTHER
    elif arguments.teachers:
        learned = _taught(articles, bare[: arguments.count], arguments)
        whole, last = STUDENT, PRUNED
    whole = replace(changed(whole, given, "--set"), base=arguments.base, pruning=0.0)
    before = arguments.parent or _made(arguments.work / "student", learned, dev, whole)
    settings = replace(changed(last, given, "--set"), base=str(before))
    with _told(f"{arguments.out}: {len(learned)} articles, {len(articles)} of them labelled"):
        out = _trained(learned, dev, settings, arguments.out)
    figures = comparison(load(str(out)), first, dev, arguments.corpus)
    print(figures)
    about = ABOUT.read_text(encoding="utf-8").replace("{{ figures }}", figures)
    manifest = open_folder(out).manifest
    manifest = replace(manifest, facts={**manifest.facts, "about": about})
    write_manifest(out, manifest)
    write_card(out, manifest, about)


def _divided(
    corpus: Path, folder: Path, known: Sequence[LabelledArticle]
) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Return the articles with further labels, and those that are left without; none is ``known``.

    The former: invented ones, those that stand joined in ``corpus``, and unlabelled ones whose
    labels stand in ``folder``. Of the latter are none that are set aside to check by.
    """
    labels, unlabelled = folder / "labels.jsonl.gz", corpus / "unlabelled.jsonl.gz"
    whole = (folder / "invented.jsonl.gz", corpus / "more.jsonl.gz")
    given = [a for path in whole if path.exists() for a in _articles(path)]
    left = {a.article.id: a for a in read(unlabelled)} if unlabelled.exists() else {}
    checked: set[str] = set()
    if left and labels.exists():
        for split, article, record in joined(labels, unlabelled):
            if record and split == "more":
                given.append(labelled_article(record, f"{labels}: {article}"))
            if split == "check":
                checked.add(article)
    known_ids = {labelled.article.id for labelled in known}
    further = {a.article.id: a for a in given if a.article.id not in known_ids}
    taken = {*known_ids, *further, *checked}
    bare = [a for name, a in left.items() if name not in taken]
    print(f"{len(further)} articles with further labels, {len(bare)} without", flush=True)
    return [*further.values()], bare


def _taught(
    articles: Sequence[LabelledArticle],
    bare: Sequence[LabelledArticle],
    arguments: argparse.Namespace,
) -> list[LabelledArticle]:
    """Return ``articles`` with their teachers' doubts, and the ``bare`` ones as all label them.

    A teacher has not read the articles that it doubts.
    """
    work: Path = arguments.work
    settings = replace(TEACHER, base=arguments.teacher_base)
    teachers: list[Path] = []
    files: list[Path] = []
    for number in range(arguments.teachers):
        held = [a for a in articles if _part(a, arguments.teachers) == number]
        others = [a for a in articles if _part(a, arguments.teachers) != number]
        teachers.append(_made(work / f"teacher-{number + 1}", others, held, settings))
        files.append(_labelled(work / f"doubted-{number + 1}", held, teachers[-1:]))
    if bare:
        files.append(_labelled(work / "taught", bare, teachers))
    return [article for path in files for article in _articles(path)]


def _labelled(stem: Path, articles: Sequence[LabelledArticle], models: Sequence[Path]) -> Path:
    """Label into a file of that ``stem`` and a mark of articles and models, if it is not whole."""
    identities = "".join(open_folder(model).identity.sha256 for model in models)
    out = _marked(stem, ".jsonl", fingerprint(articles), identities, LABEL_WEIGHT)
    with _told(str(out)):
        label(articles, out, [*map(str, models)])
    return out


def _part(labelled: LabelledArticle, parts: int) -> int:
    """Return in which part an article is, whatever others there are."""
    return zlib.crc32(labelled.article.id.encode()) % parts


def _made(
    stem: Path,
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
) -> Path:
    """Train into a folder of that ``stem`` and a mark of data and settings, if it is not there."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    out = _marked(stem, "", fingerprint(articles), fingerprint(dev), settings)
    if not out.exists():
        with _told(f"{out}: {len(articles)} articles"):
            _trained(articles, dev, settings, out)
    return out


def _marked(stem: Path, suffix: str, *parts: object) -> Path:
    """Return the path whose name is another when one of ``parts`` is."""
    mark = sha256(" ".join(map(str, parts)).encode()).hexdigest()[:12]
    return stem.with_name(f"{stem.name}-{mark}{suffix}")


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
