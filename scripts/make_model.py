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
``--mean MODEL=SHARE`` ends with the mean of its weights and those of an earlier MODEL, which count
SHARE: what that one knew is not forgotten for what came last.
``--set batch_size=16`` overrides a setting of the small model in both its trainings, for
experiments; scripts/LOG.md tells how they went.
"""

import argparse
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from shutil import copytree, move, rmtree

import torch  # noqa: TID253
from corpus_labels import joined
from measure import comparison
from pseudo_label import LABEL_WEIGHT, label, read
from transformers import AutoModelForTokenClassification, PreTrainedModel  # noqa: TID253

from attrib.card import write_card
from attrib.checker import load
from attrib.corpus import LabelledArticle, fingerprint, labelled_article, read_labelled
from attrib.duplicates import near_copies
from attrib.finetune import Progress, Watch
from attrib.finetune.rounding import rounded, rounding
from attrib.modelfolder import MANIFEST, open_folder, write_manifest
from attrib.parts import parts_of
from attrib.settings import TrainSettings, changed
from attrib.train import rebuild, train

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
_PASSAGE = 0.02  # of the shorter article: a quotation of some length
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
    parser.add_argument("--mean", type=_weighed, metavar="MODEL=SHARE", help="of weights, at last")
    parser.add_argument("--more", type=Path, default=MORE, help="folder of further labels")
    parser.add_argument("--work", type=Path, required=True, help="what the stages leave; keep it")
    parser.add_argument("--count", type=int, help="unlabelled articles to label; all by default")
    parser.add_argument("--out", type=Path, default=Path("models/default"))
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    if arguments.teachers == 1:
        parser.error("--teachers: expected none, or two or more that each leave articles unread")
    for name, folder in ("--more", arguments.more), ("--from", arguments.parent):
        if folder and not folder.is_dir():
            parser.error(f"{name}: expected a folder, found none at {folder}")

    given = dict(pair.split("=", 1) for pair in arguments.set)
    first = _articles(arguments.corpus / "train.jsonl.gz")
    dev = _articles(arguments.corpus / "dev.jsonl.gz")
    further, bare = _divided(arguments.corpus, arguments.more, [*first, *dev])
    articles = first + further
    learned, whole, last = articles, ALONE, ALONE_PRUNED
    if arguments.parent:
        last = FURTHER
    elif arguments.teachers:
        learned = _taught(articles, _apart(bare, dev)[: arguments.count], arguments)
        whole, last = STUDENT, PRUNED
    whole = replace(changed(whole, given, "--set"), base=arguments.base, pruning=0.0)
    before = arguments.parent or _made(arguments.work / "student", learned, dev, whole)
    settings = replace(changed(last, given, "--set"), base=str(before))
    print(f"{len(learned)} articles to learn from, {len(articles)} of them labelled", flush=True)
    trained = _made(arguments.work / "trained", learned, dev, settings)
    staged = arguments.work / "staged"
    rmtree(staged, ignore_errors=True)
    copytree(trained, staged)
    if arguments.mean:
        earlier, share = arguments.mean
        _averaged(staged, earlier, share, dev)
    figures = comparison(load(str(staged)), first, dev, arguments.corpus)
    print(figures)
    _describe(staged, figures, arguments.out.name)
    rmtree(arguments.out, ignore_errors=True)
    move(staged, arguments.out)
    print(f"made {arguments.out}", flush=True)


def _averaged(folder: Path, earlier: Path, share: float, dev: Sequence[LabelledArticle]) -> None:
    """Make the weights in ``folder`` their mean with those of ``earlier``, which count ``share``.

    Both must be of one ancestor: between others lie no models that are good (Wortsman et al. 2022).
    """
    before, manifest = open_folder(earlier).identity, open_folder(folder).manifest
    model, other = (
        AutoModelForTokenClassification.from_pretrained(path, dtype=torch.float32)
        for path in (folder, earlier)
    )
    if _shape(model) != _shape(other):
        raise SystemExit(
            f"--mean: {earlier}: expected a model of the shape of {folder}, and without the same "
            "heads and units; found another"
        )
    with torch.no_grad():
        for weight, there in zip(model.parameters(), other.parameters(), strict=True):
            weight.lerp_(there, share)
    rounding(model)
    rounded(model)
    model.half().save_pretrained(folder)
    mean = {**asdict(before), "share": share}
    write_manifest(folder, replace(manifest, facts={**manifest.facts, "mean": mean}))
    rebuild(folder, dev)


def _shape(model: PreTrainedModel) -> tuple[list[torch.Size], list[list[bool]]]:
    heard = [parts.heard.tolist() for parts in parts_of(model)]
    return [weight.shape for weight in model.parameters()], heard


def _describe(folder: Path, figures: str, name: str) -> None:
    """Name the model in ``folder``, and write its card with what ``ABOUT`` says and ``figures``.

    ``ABOUT`` tells of the released model: of another it is to be written anew.
    """
    about = ABOUT.read_text(encoding="utf-8").replace("{{ figures }}", figures)
    manifest = open_folder(folder).manifest
    manifest = replace(manifest, name=name, facts={**manifest.facts, "about": about})
    write_manifest(folder, manifest)
    write_card(folder, manifest, about)


def _weighed(given: str) -> tuple[Path, float]:
    folder, _, share = given.rpartition("=")
    with suppress(ValueError):
        if 0 < float(share) < 1 and (Path(folder) / MANIFEST).is_file():
            return Path(folder), float(share)
    raise argparse.ArgumentTypeError(
        f"expected a model folder, =, and a share between 0 and 1, found {given!r}"
    )


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


def _apart(
    bare: Sequence[LabelledArticle], dev: Sequence[LabelledArticle]
) -> list[LabelledArticle]:
    """Return those of ``bare`` that share no passage with an article of ``dev``."""
    both = [labelled.article for labelled in (*bare, *dev)]
    pairs = near_copies([a.text for a in both], [a.outlet for a in both], _PASSAGE)
    near = {pair.first for pair in pairs if pair.first < len(bare) <= pair.second}
    return [labelled for place, labelled in enumerate(bare) if place not in near]


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
    """Train into a folder of that ``stem`` and a mark of all that goes in, if it is not there."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    base = Path(settings.base)
    weights = open_folder(base).identity.sha256 if (base / MANIFEST).is_file() else ""
    out = _marked(stem, "", fingerprint(articles), fingerprint(dev), settings, weights)
    if not out.exists():
        with _told(f"{out}: {len(articles)} articles"):
            print(settings, flush=True)
            train(articles, dev, settings, out, Watch(_tell), version=version("attrib"))
    return out


def _marked(stem: Path, suffix: str, *parts: object) -> Path:
    """Return the path whose name is another when one of ``parts`` is."""
    mark = sha256(" ".join(map(str, parts)).encode()).hexdigest()[:12]
    return stem.with_name(f"{stem.name}-{mark}{suffix}")


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
