"""``attrib model``: what a model folder holds, and its scoring graph rebuilt."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attrib.cli.exits import ExitCode
from attrib.cli.labelled import read_all
from attrib.cli.quiet import quieten
from attrib.cli.talk import say, wrote
from attrib.errors import AttribError, DataError

if TYPE_CHECKING:
    from attrib.modelfolder import ModelFolder

app = typer.Typer(
    name="model", help="Model folders: what is in one, its graph rebuilt.", no_args_is_help=True
)


class InfoFormat(StrEnum):
    """How to show what a model is."""

    TEXT = "text"
    JSON = "json"


@app.command("info")
def info(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help='A model folder, or "default".')
    ] = "default",
    fmt: Annotated[
        InfoFormat, typer.Option("--format", "-f", metavar="FORMAT", help="text or json.")
    ] = InfoFormat.TEXT,
) -> None:
    """Tell what a model was made of, how, and how well it does.

    Every file is checked against its SHA-256. Exit codes: 0 done; 2 no whole model folder.
    """
    folder = _open(model)
    if fmt is InfoFormat.JSON:
        import json
        from dataclasses import asdict

        typer.echo(json.dumps(asdict(folder.manifest), indent=1, ensure_ascii=False))
        return
    for line in _lines(folder):
        typer.echo(line)


@app.command("export")
def export(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model folder.")],
    dev: Annotated[
        list[str],
        typer.Option(
            metavar="DATA", help="Labelled articles to calibrate on and to measure the loss on."
        ),
    ],
) -> None:
    """Rebuild the scoring graph of a model folder from its weights, and measure what it loses.

    The folder is replaced when all is done. Exit codes: 0 done; 2 nothing that can be exported.
    """
    try:
        try:
            import torch  # noqa: F401
        except ModuleNotFoundError as error:
            raise DataError(
                "attrib model export needs torch and transformers; install them with: "
                "pip install 'attrib[train]'"
            ) from error
        from attrib.train import rebuild

        quieten()
        loss = rebuild(model, read_all(dev))
    except AttribError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    wrote(model)
    typer.echo(
        f"{model}: the graph labels {loss.same_label:.2%} of the dev sentences as the weights do; "
        f"largest change of a probability {loss.largest_change:.3f}"
    )


def _open(model: str) -> "ModelFolder":
    from attrib.modelfolder import RELEASED, open_folder, released

    try:
        folder = open_folder(released() if model == RELEASED else Path(model))
        for name in folder.manifest.files:
            folder.verified(name)
    except AttribError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    return folder


def _lines(folder: "ModelFolder") -> list[str]:
    manifest, facts = folder.manifest, folder.manifest.facts
    megabytes = sum(listed["bytes"] for listed in manifest.files.values()) / 1e6
    lines = [
        f"{manifest.name}, version {manifest.version}",
        f"  folder       {folder.path} ({len(manifest.files)} files, {megabytes:.1f} MB, whole)",
        f"  graph        SHA-256 {folder.identity.sha256}",
        f"  windows      {manifest.layout.size} tokens, overlapping by {manifest.layout.overlap:g}",
        f"  temperature  {manifest.temperature:g}",
    ]
    if parent := facts.get("parent"):
        lines.append(
            f"  trained on   from {parent['name']} {parent['version']} "
            f"({parent['encoder']}; graph {parent['sha256'][:12]}…)"
        )
    for name, data in facts.get("data", {}).items():
        lines.append(
            f"  {name:12} {data['articles']} articles, {data['sentences']} labelled sentences, "
            f"SHA-256 {data['sha256'][:12]}…"
        )
    if dev := facts.get("dev"):
        lines += ["on dev", *_figures(dev)]
    if graph := facts.get("graph"):
        lines.append(
            f"  graph against weights: same label {graph['same_label']:.2%}, "
            f"largest change {graph['largest_change']:.3f}"
        )
    for title in ("settings", "versions"):
        lines += [title, *(f"  {name:18} {value}" for name, value in facts.get(title, {}).items())]
    return lines


def _figures(dev: dict[str, Any]) -> list[str]:
    shown = {"accuracy": "accuracy", "macro_f1": "macro-F1", "contested_f1": "contested F1"}
    lines = [f"  {title:18} {_interval(dev[name])}" for name, title in shown.items()]
    return [*lines, f"  {'calibration error':18} {dev['calibration_error']:.3f}"]


def _interval(figure: dict[str, float] | None) -> str:
    if figure is None:  # of a label that does not occur
        return "–"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"
