"""Inputs as given on a command line: a file, a folder, a pattern, a dataset."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from attrib.errors import InputError
from attrib.readers.arrow import is_dataset, names_dataset
from attrib.readers.formats import KNOWN, ending, is_known
from attrib.readers.message import shown

_MAGIC = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class Found:
    """A file or a dataset to read, or what keeps it from being one."""

    path: str
    error: InputError | None = None
    is_dataset: bool = False


def find_files(given: str) -> Iterator[Found]:
    """Yield what ``given`` stands for.

    A folder stands for all files with a known ending below it, in order of path. Hidden files
    and folders are left out, and symbolic links to folders are not followed, so loops do no harm. A
    FIFO is read where it is named itself, as a shell's ``<(command)`` does. Where there is nothing
    of the name, it may be a pattern or a dataset.
    """
    error = _obstacle(given, fifo_allowed=True)
    if error is None:
        if Path(given).is_dir():
            yield from _folder(given)
        else:
            yield Found(given)
    elif _is_free(given) and _MAGIC.search(given):
        yield from _matching(given)
    elif _is_free(given) and names_dataset(given):
        yield Found(given, is_dataset=True)
    else:
        yield Found(given, error)


def _is_free(path: str) -> bool:
    """Tell whether nothing has this name, though something could."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return path != ""
    except (OSError, ValueError):
        pass
    return False


def os_error(where: str, error: OSError) -> InputError:
    """Return what the operating system reported as an error of that input."""
    cure = "change its permissions" if isinstance(error, PermissionError) else "check the path"
    found = (error.strerror or str(error)).lower()
    return InputError(f"{where}: expected a readable file, found {found}; {cure}")


def _folder(top: str) -> Iterator[Found]:
    empty = True
    for found in _below(Path(top)):
        empty = False
        yield found
    if empty:
        error = InputError(
            f"{shown(top)}: expected articles, found a directory without articles; "
            f"attrib looks for files ending in {KNOWN}"
        )
        yield Found(top, error)


def _below(top: Path) -> Iterator[Found]:
    """Yield what is below ``top`` in order of path, with one folder's list in memory a level."""
    levels: list[Iterator[os.DirEntry[str]]] = []
    folder: str | None = str(top)
    while folder is not None or levels:
        if folder is not None and is_dataset(Path(folder)):
            yield Found(folder, is_dataset=True)
        elif folder is not None:
            try:
                levels.append(iter(_listed(folder)))
            except OSError as error:
                yield Found(folder, _unlisted(folder, error))
        folder = None
        entry = next(levels[-1], None) if levels else None
        if entry is None:
            levels = levels[:-1]
        elif _is_folder(entry):
            folder = None if entry.is_symlink() else entry.path
        elif is_known(entry.name):
            yield Found(entry.path, _obstacle(entry.path, fifo_allowed=False))


def _listed(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(
            (entry for entry in entries if not entry.name.startswith(".")),
            key=lambda entry: entry.name,
        )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, told where it has a known ending
        return False


def _matching(pattern: str) -> Iterator[Found]:
    """Yield the files that match ``pattern``, and those below the folders that do.

    Only known endings are taken where the pattern does not end in one, as ``*.log`` does.
    """
    anchor = Path(pattern).anchor
    try:
        matches = sorted(Path(anchor).glob(str(PurePath(pattern).relative_to(anchor))))
    except (ValueError, NotImplementedError, OSError, re.error) as error:
        wrong = InputError(
            f"{shown(pattern)}: expected a pattern such as corpus/**/*.txt, found one that cannot "
            f"be read ({shown(str(error), 200)}); mend the pattern"
        )
        yield Found(pattern, wrong)
        return
    hidden_asked = {part for part in PurePath(pattern).parts if part.startswith(".")}
    any_ending = ending(pattern) != "" and not _MAGIC.search(ending(pattern))
    folders: set[Path] = set()
    empty = True
    for path in matches:
        hidden = {part for part in path.parts if part.startswith(".")} - hidden_asked
        if hidden or not folders.isdisjoint(path.parents):
            continue
        if path.is_dir():
            if not path.is_symlink():
                folders.add(path)
                for found in _below(path):
                    empty = False
                    yield found
        elif any_ending or is_known(path.name):
            empty = False
            yield Found(str(path), _obstacle(str(path), fifo_allowed=False))
    if empty:
        none = InputError(
            f"{shown(pattern)}: expected a pattern that matches articles, found none; check it "
            f"(attrib looks for files ending in {KNOWN})"
        )
        yield Found(pattern, none)


def _unlisted(path: str, error: OSError) -> InputError:
    cause = (error.strerror or str(error)).lower()
    cure = "change its permissions or leave it out"
    return InputError(f"{shown(path)}: expected a readable directory, found {cause}; {cure}")


def _obstacle(path: str, *, fifo_allowed: bool) -> InputError | None:
    where = shown(path) or "(empty path)"
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - Path("") would stand for "."
    except FileNotFoundError:
        if "://" in path:
            cure = "attrib reads no addresses; save the page as a file"
        else:
            cure = "check the path"
        return InputError(f"{where}: expected a file or directory, found nothing there; {cure}")
    except OSError as error:
        return os_error(where, error)
    except ValueError:  # a NUL character
        return InputError(f"{where}: expected a path, found a NUL character in it; check the path")
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or (fifo_allowed and stat.S_ISFIFO(mode)):
        return None
    kind = "a FIFO" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    return InputError(f"{where}: expected a file or directory, found {kind}; name a file instead")
