"""``attrib data split``: labelled articles parted into files for training, dev and test."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attrib.cli.data.reading import LabelNames, SourceFormat, data_options
from attrib.cli.exits import ExitCode
from attrib.cli.options import TextColumn
from attrib.cli.stdout import show
from attrib.cli.talk import say, wrote
from attrib.errors import AttribError, DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attrib.corpus import LabelledArticle
    from attrib.datacheck import LabelledSet
    from attrib.datasplit import Parted

_NAMES = ("train", "dev", "test")
_NAME = re.compile(r"[\w-][\w.-]*")
_TOLD = 20


def _shares(value: str) -> list[float]:
    try:
        shares = [float(part) for part in value.split(",")]
    except ValueError:
        shares = []
    if len(shares) < 2 or not all(0 < share < float("inf") for share in shares):  # noqa: PLR2004
        raise typer.BadParameter(
            f"expected two numbers or more above 0, such as 80,10,10; found {value!r}"
        )
    return shares


def _sides(value: str | None, count: int) -> list[str]:
    names = [n.strip() for n in value.split(",")] if value is not None else [*_NAMES[:count]]
    sound = all(map(_NAME.fullmatch, names)) and len({n.casefold() for n in names}) == len(names)
    if not sound or len(names) != count:
        raise typer.BadParameter(
            f"expected {count} different file names, as many as --shares, such as train,dev; "
            f"found {value if value is not None else ','.join(names)!r}",
            param_hint="--names",
        )
    return names


def split(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Labelled articles, in any format that attrib data convert reads.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Write the files into this folder.")],
    shares: Annotated[
        str, typer.Option(metavar="N,N,…", help="How much each file gets, relative to the sum.")
    ] = "80,10,10",
    names: Annotated[
        str | None,
        typer.Option(metavar="NAME,…", help="The files' names; train,dev,test if not given."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives another split.")] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there already.")
    ] = False,
    source_format: SourceFormat = None,
    label: LabelNames = None,
    text_column: TextColumn = None,
) -> None:
    """Part labelled articles into files for training, dev and test.

    By article, never by sentence; copies, near copies and several people's labels of one article
    stay together; labels, contested above all, and outlets are spread evenly. The same articles
    and seed give the same files, whatever order they come in.

    Exit codes: 0 done; 2 wrong usage, labelled data that cannot be read, too few articles, or
    files that are there already.
    """
    wanted = _shares(shares)
    sides = _sides(names, len(wanted))
    options = data_options(label, text_column)
    from attrib.datacheck import read_set
    from attrib.datasplit import part

    try:
        sets = [read_set(where, source_format, options) for where in files]
        parted = part(_whole(sets), wanted, seed)
        contents = {
            out / f"{name}.jsonl": _content(side)
            for name, side in zip(sides, parted.sides, strict=True)
        }
        _write(contents, force=force)
    except AttribError as error:
        say("error", str(error))
        raise typer.Exit(ExitCode.UNUSABLE) from error
    wrote(out, ", ".join(path.name for path in contents))
    show("\n".join(_table(list(contents), parted)))


def _whole(sets: "Sequence[LabelledSet]") -> "list[LabelledArticle]":
    """Return all articles of ``sets``, or tell what of them cannot be read."""
    errors = [error for s in sets for error in s.errors]
    for error in errors[:_TOLD]:
        say("error", str(error))
    if errors:
        raise DataError(
            f"expected labelled data without errors, found {len(errors)}; nothing was written: "
            "mend them first; attrib data check lists all"
        )
    return [labelled for s in sets for labelled in s.articles]


def _content(articles: "Sequence[LabelledArticle]") -> bytes:
    import io

    from attrib.corpus.jsonl import write_labelled

    stream = io.StringIO()
    write_labelled(articles, stream)
    return stream.getvalue().encode("utf-8")


def _write(contents: Mapping[Path, bytes], *, force: bool) -> None:
    """Write the files, each whole; none is touched before all of them stand ready beside."""
    parts = {path: path.with_name(f".{path.name}.part") for path in contents}
    try:
        for path, content in contents.items():
            if path.exists() and not force and path.read_bytes() != content:
                raise DataError(
                    f"{path}: expected no file, found one with other content; choose another "
                    "--out, or replace it with --force"
                )
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path].write_bytes(content)
        for path, written in parts.items():
            written.replace(path)
    except OSError as error:
        for written in parts.values():
            with suppress(OSError):
                written.unlink()
        raise DataError(
            f"{error.filename}: expected a place to write to, found {error.strerror}; "
            "choose another --out"
        ) from error


def _table(paths: "Sequence[Path]", parted: "Parted") -> Iterator[str]:
    from attrib.article import Label
    from attrib.datacheck import counts
    from attrib.writers.characters import one_line
    from attrib.writers.phrases import number, percent

    everything = sum(map(len, parted.sides))
    yield f"{'':13}{'articles':>12}{'sentences':>10}" + "".join(f"{name:>15}" for name in Label)
    for path, side in zip(paths, parted.sides, strict=True):
        counted = counts(side)
        row = f"{one_line(path.name):<13}{counted.articles:>7,}"
        row += f"{percent(counted.articles / everything):>5}{counted.sentences:>10,}"
        for label in Label:
            row += f"{counted.labels[label]:>9,}{percent(counted.share(label)):>6}"
        yield row
    if parted.together:
        yield f"{number(parted.together, 'group')} of copies or of several people's labels unparted"
