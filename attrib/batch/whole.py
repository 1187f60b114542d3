"""Files that are whole or not there: written under another name, brought to the disk, renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished"


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give the name to write under; what was written there takes the place of ``path`` at the end.

    After an error nothing is left of it, and ``path`` is as it was.
    """
    staged = path.with_name(path.name + UNFINISHED)
    try:
        yield staged
        settle(staged)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Bring a file or folder to the disk, so that a loss of power does not lose it."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such call for folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
