"""ZIP archives: their members as streams. Nothing in them is ever written to the disk.

An archive may come from anybody, so names that lead out of it, members that overlap and methods
that unpack without bounds are refused.
"""

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from attrib.errors import InputError
from attrib.readers.entries import Entry, failure
from attrib.readers.formats import ARCHIVES, KNOWN, ending, format_of, is_known, without_gzip
from attrib.readers.limits import MAX_MEMBERS
from attrib.readers.message import shown
from attrib.readers.origin import Origin
from attrib.readers.packed import Unpacked

_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive, open for reading until the next is asked for."""

    name: str
    origin: Origin
    stream: Unpacked


def members(file: BinaryIO, origin: Origin) -> Iterator[Member | Entry]:
    """Yield the members with a known ending in their order, and what is wrong with the others.

    Hidden ones are left out, as in a folder.

    Raises:
        InputError: if it is no archive, or not one to unpack.
        OSError: if it cannot be read.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise InputError(
            f"{origin.where}: expected a ZIP archive, found it damaged "
            f"({shown(str(error), 200)}); fetch the file again, or unpack it first"
        ) from error
    with archive:
        listed = archive.infolist()
        _check_whole(listed, file, origin.where)
        wanted = [info for info in listed if _is_wanted(info)]
        if not wanted:
            raise InputError(
                f"{origin.where}: expected articles, found an archive without articles; "
                f"attrib looks for files ending in {KNOWN}"
            )
        for info in wanted:
            here = origin.inside(info.filename)
            try:
                _check(info, here.where)
                with _opened(archive, info, here.where) as stream:
                    yield Member(
                        info.filename, here, Unpacked(stream, here.where, info.compress_size)
                    )
            except InputError as error:
                yield failure(error, here)


def _check_whole(listed: list[zipfile.ZipInfo], file: BinaryIO, where: str) -> None:
    """Check what only an archive as a whole tells.

    Raises:
        InputError: if it has too many members, or more in them than in the file.
    """
    if len(listed) > MAX_MEMBERS:
        raise InputError(
            f"{where}: expected an archive of at most {MAX_MEMBERS:,} files, found {len(listed):,};"
            " split it"
        )
    size = file.seek(0, 2)
    if sum(info.compress_size for info in listed) > size:
        raise InputError(
            f"{where}: expected files one after the other, found files that overlap, as in an "
            "archive made to overwhelm; if you trust it, unpack it first"
        )


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    if name.endswith("/"):
        return False
    if _leads_out(name):
        return True  # to be told
    if any(part.startswith(".") and part != "." for part in name.split("/")):
        return False
    return is_known(name) or ending(without_gzip(name)) in ARCHIVES


def _leads_out(name: str) -> bool:
    out_of_it = name.startswith("/") or ".." in name.split("/")
    return out_of_it or "\\" in name or _DRIVE.match(name) is not None


def _check(info: zipfile.ZipInfo, where: str) -> None:
    """Check that a member can be read, and safely.

    Raises:
        InputError: if not.
    """
    if _leads_out(info.filename):
        raise InputError(
            f"{where}: expected the name of a file inside the archive, found a path that leads out "
            "of it; pack it again, from inside the folder"
        )
    if info.flag_bits & _ENCRYPTED:
        raise InputError(
            f"{where}: expected a readable file, found it encrypted; unpack it with its password"
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(
            f"{where}: expected a file packed with deflate, as ZIP archives mostly are, found "
            f"method {info.compress_type}; unpack it first"
        )
    format_of(without_gzip(info.filename), where)  # an archive again


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> zipfile.ZipExtFile:
    try:
        opened = archive.open(info)
    except (*_BROKEN, RuntimeError) as error:
        raise InputError(
            f"{where}: expected a packed file, found it damaged ({shown(str(error), 200)}); "
            "fetch the archive again"
        ) from error
    assert isinstance(opened, zipfile.ZipExtFile)
    return opened
