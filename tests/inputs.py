"""What the tests of the readers share: ways to read inputs, and to make them."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import Columns, Entry, ReadOptions, read_entries, read_inputs


def entries(*inputs: str | Path, columns: Columns | None = None) -> list[Entry]:
    """The entries of ``inputs``."""
    options = ReadOptions(columns=columns or Columns())
    return list(read_entries([str(i) for i in inputs], io.BytesIO(), options))


def told(
    *inputs: str | Path, columns: Columns | None = None, below: Path | None = None
) -> list[str]:
    """Each article as "source: text" and each error as its message, without the path ``below``."""
    options = ReadOptions(columns=columns or Columns())
    found = read_inputs([str(i) for i in inputs], io.BytesIO(), options)
    texts = [str(f) if isinstance(f, InputError) else f"{f.source}: {f.text}" for f in found]
    return [text.removeprefix(f"{below}/") for text in texts]


def articles(*inputs: str | Path, columns: Columns | None = None) -> list[Article]:
    """The articles of ``inputs``, which all can be read."""
    return [entry.read() for entry in entries(*inputs, columns=columns)]


def lines(*texts: str, **more: Any) -> bytes:
    """JSON Lines with these texts."""
    return "".join(json.dumps({"text": text, **more}) + "\n" for text in texts).encode()


def packed(path: Path, content: bytes) -> Path:
    """A gzip file."""
    path.write_bytes(gzip.compress(content))
    return path


def zipped(path: Path, members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A ZIP archive, its members named as told, however odd."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.compress_type = method
            archive.writestr(info, content)
    return path


def parquet(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """A Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet as files

    files.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)
    return path
