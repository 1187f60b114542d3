"""``attrib train``: labelled articles in, a model folder out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attrib.cli.exits import ExitCode
from attrib.cli.labelled import read_all
from attrib.cli.quiet import quieten
from attrib.cli.talk import say, wrote
from attrib.errors import AttribError, DataError
from attrib.settings import is_first_process, model_version

if TYPE_CHECKING:
    from attrib.corpus import LabelledArticle
    from attrib.settings import TrainSettings

_EXTRA = "attrib train needs torch and transformers; install them with: pip install 'attrib[train]'"


def train(
    data: Annotated[
        list[str], typer.Argument(metavar="DATA", help="Labelled articles to train on.")
    ],
    dev: Annotated[
        list[str],
        typer.Option(metavar="DATA", help="Labelled articles to choose by and to calibrate on."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The model folder to write.")],
    parent: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            help='Go on from this model folder; without --from and --base from "default", the '
            "released model.",
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            metavar="ENCODER", help="Start anew from an encoder: a Hugging Face hub id or a folder."
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Settings in a TOML, YAML or JSON file.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="At most so many passes.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Windows a step and device.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="The highest learning rate.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of all that is random.")] = None,
    more: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Any other setting; --settings lists them."
        ),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            "--model-version",
            metavar="TEXT",
            help="The model's version; today's date, such as 2026.3.9, if not given.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an interrupted training stopped.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the model folder that stands at --out.")
    ] = False,
    tensorboard: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write logs for TensorBoard there.")
    ] = None,
    settings_wanted: Annotated[
        bool,
        typer.Option(
            "--settings",
            is_eager=True,
            callback=lambda wanted: _list_settings() if wanted else None,
            help="List all settings with their defaults, and stop.",
        ),
    ] = False,
) -> None:
    """Train a model on your own labelled articles.

    Exit codes: 0 done; 2 wrong usage, or nothing that can be trained.
    """
    del settings_wanted
    flags = {
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "seed": seed,
    }
    try:
        version = model_version(version)
        settings = _settings(_base(parent, base), config, more or [], flags)
        _check_installed()
        if is_first_process():
            _check_place(out, resume=resume, force=force)
        articles, held = read_all(data), read_all(dev)
        _train(articles, held, settings, out, tensorboard, version)
        if is_first_process():
            wrote(out)
            _show(out)
    except AttribError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error


def _base(parent: str | None, base: str | None) -> str:
    if parent is not None and base is not None:
        raise typer.BadParameter("expected --from or --base, found both; a training has one start")
    if base is not None:
        return base
    from attrib.modelfolder import RELEASED, open_folder, released

    folder = released() if parent in (None, RELEASED) else Path(str(parent))
    open_folder(folder)
    return str(folder)


def _settings(
    base: str, config: Path | None, pairs: list[str], flags: dict[str, Any]
) -> "TrainSettings":
    """Defaults, then the file, then ``--set``, then the flags: the later one wins."""
    from attrib.settings import TrainSettings, changed, read_settings

    settings = TrainSettings(base)
    if config is not None:
        settings = changed(settings, read_settings(config), str(config))
    if broken := [pair for pair in pairs if "=" not in pair]:
        raise typer.BadParameter(f"expected --set NAME=VALUE, found {broken[0]!r}")
    given = dict(pair.split("=", 1) for pair in pairs)
    given |= {name: value for name, value in flags.items() if value is not None}
    return changed(settings, given, "--set")


def _list_settings() -> None:
    from dataclasses import MISSING, fields
    from inspect import getdoc

    from attrib.settings import TrainSettings

    typer.echo((getdoc(TrainSettings) or "").replace("``", "").replace("None: ", "left open: "))
    typer.echo("")
    for field in fields(TrainSettings):
        if field.default is not MISSING:
            shown = "left open" if field.default is None else field.default
            typer.echo(f"{field.name:18} {shown}")
    raise typer.Exit


def _check_installed() -> None:
    from importlib.util import find_spec

    if find_spec("torch") is None or find_spec("transformers") is None:
        raise DataError(_EXTRA)


def _check_place(out: Path, *, resume: bool, force: bool) -> None:
    from attrib.modelfolder import MANIFEST, work_folder

    if out.exists() and not force:
        raise DataError(
            f"{out}: expected no such folder yet, found one; choose another --out, or replace it "
            "with --force"
        )
    if out.exists() and not (out / MANIFEST).is_file():
        raise DataError(
            f"{out}: expected a model folder to replace, found something else; choose another --out"
        )
    work = work_folder(out)
    if work.exists() and not resume:
        raise DataError(
            f"{work}: found an interrupted training; go on with it with --resume, or remove the "
            "folder to start anew"
        )


def _train(
    articles: "list[LabelledArticle]",
    held: "list[LabelledArticle]",
    settings: "TrainSettings",
    out: Path,
    tensorboard: Path | None,
    version: str,
) -> None:
    import datasets

    from attrib.cli.progress import TrainingProgress
    from attrib.finetune import Watch
    from attrib.train import train as train_model

    quieten()
    datasets.disable_progress_bars()
    if not is_first_process():
        train_model(articles, held, settings, out, version=version)
        return
    say("note", f"{len(articles)} articles to train on, {len(held)} to choose by")
    with TrainingProgress() as progress:
        watch = Watch(progress.tell, tensorboard)
        train_model(articles, held, settings, out, watch, version=version)


def _show(out: Path) -> None:
    from attrib.modelfolder import open_folder

    dev = open_folder(out).manifest.facts["dev"]
    contested = f"{dev['contested_f1']['value']:.3f}" if dev["contested_f1"] else "–"
    typer.echo(
        f"{out}: macro-F1 {dev['macro_f1']['value']:.3f}, contested F1 {contested} on the "
        f"{dev['articles']} dev articles it was chosen by"
    )
    say("note", f"is it better? attrib evaluate TEST --model {out} --against default")
