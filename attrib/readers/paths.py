"""Paths as given on a command line: a file, or every article below a directory."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from attrib.errors import InputError
from attrib.readers.formats import ENDINGS, ending
from attrib.readers.message import shown


def find_files(given: str) -> Iterator[str | InputError]:
    """Yield the files that ``given`` stands for, and an error for each that cannot be one.

    A directory stands for all files with a known ending below it, in order of path. Hidden files
    and directories are left out, and symbolic links to directories are not followed, so loops
    do no harm. A FIFO is read where it is named itself, as a shell's ``<(command)`` does.
    """
    if error := _obstacle(given, fifo_allowed=True):
        yield error
    elif Path(given).is_dir():
        yield from _below(given)
    else:
        yield given


def os_error(where: str, error: OSError) -> InputError:
    """Return what the operating system reported as an error of that input."""
    cure = "change its permissions" if isinstance(error, PermissionError) else "check the path"
    found = (error.strerror or str(error)).lower()
    return InputError(f"{where}: expected a readable file, found {found}; {cure}")


def _below(top: str) -> Iterator[str | InputError]:
    entries: list[tuple[Path, InputError | None]] = []
    unlisted: list[OSError] = []
    for folder, folders, names in os.walk(top, onerror=unlisted.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        entries += [
            (Path(folder, name), None)
            for name in names
            if ending(name) in ENDINGS and not name.startswith(".")
        ]
    entries += map(_unlisted, unlisted)
    if not entries:
        yield InputError(
            f"{shown(top)}: expected articles, found a directory without articles; "
            f"attrib looks for files ending in {' '.join(ENDINGS)}"
        )
    for path, error in sorted(entries, key=lambda entry: entry[0]):
        yield error or _obstacle(str(path), fifo_allowed=False) or str(path)


def _unlisted(error: OSError) -> tuple[Path, InputError]:
    path = str(error.filename)
    cause = (error.strerror or str(error)).lower()
    cure = "change its permissions or leave it out"
    return Path(path), InputError(
        f"{shown(path)}: expected a readable directory, found {cause}; {cure}"
    )


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
