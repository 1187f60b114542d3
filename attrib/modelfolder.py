"""A model folder: what is in it, and whether it is whole.

A folder holds what ``save_pretrained`` writes, a graph under ``onnx/``, a card, and
``attrib.json``, which lists every file with its size and SHA-256. Loading is strict and needs no
network. Nothing here reads a pickle.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from attrib.article import ModelIdentity
from attrib.classes import CLASSES
from attrib.errors import ModelError
from attrib.windows import Layout

FORMAT = 1
MANIFEST = "attrib.json"
GRAPH = "onnx/model.onnx"
TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
CONFIG = "config.json"
RELEASED = "default"

_MIN_WINDOW = 8
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of ``attrib.json``.

    ``layout`` says how windows are laid; ``temperature`` divides the logits. ``files`` maps a
    file's relative path to its SHA-256 and size in bytes. ``facts`` is what the card tells: base,
    data, settings, seed, metrics, versions.
    """

    name: str
    version: str
    layout: Layout
    temperature: float
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    classes: tuple[str, ...] = CLASSES
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose manifest was read and whose files have the sizes it lists."""

    path: Path
    manifest: Manifest

    @property
    def identity(self) -> ModelIdentity:
        """The name, the version and the hash of the scoring graph."""
        graph = self.manifest.files[GRAPH]
        return ModelIdentity(self.manifest.name, self.manifest.version, graph["sha256"])

    def verified(self, name: str) -> bytes:
        """Return the content of one listed file.

        Raises:
            ModelError: if its SHA-256 is not the one listed.
        """
        content = (self.path / name).read_bytes()
        expected, found = self.manifest.files[name]["sha256"], hashlib.sha256(content).hexdigest()
        if found != expected:
            raise ModelError(
                f"{self.path / name}: expected SHA-256 {expected[:12]}…, found {found[:12]}…; "
                "the file is damaged or from another model: copy the whole folder again"
            )
        return content


def released() -> Path:
    """Return the folder of the model that comes with the package, installed or in a checkout."""
    package = Path(__file__).parent
    installed = package / "models" / RELEASED
    return installed if installed.is_dir() else package.parent / "models" / RELEASED


def work_folder(out: Path) -> Path:
    """Return the folder of the checkpoints of a training of ``out`` that is not finished."""
    return out.with_name(out.name + ".work")


def open_folder(path: Path) -> ModelFolder:
    """Read the manifest of ``path`` and check that every file it lists is there, whole.

    Raises:
        ModelError: saying what is missing, truncated or foreign, and what to do.
    """
    manifest_path = path / MANIFEST
    if not path.is_dir():
        raise ModelError(
            f"{path}: expected a model folder, found {'a file' if path.exists() else 'nothing'}; "
            'give the folder that holds attrib.json, or "default" for the released model'
        )
    pickles = sorted(p.name for p in path.iterdir() if p.suffix in _PICKLES)
    if pickles and not (path / WEIGHTS).exists():
        raise ModelError(
            f"{path}: expected {WEIGHTS}, found {pickles[0]}, a pickle, which can run code when "
            "loaded; save the model again with save_pretrained, which writes safetensors"
        )
    if not manifest_path.is_file():
        raise ModelError(
            f"{path}: expected {MANIFEST}, found none; this is not a model folder made by attrib"
        )
    folder = ModelFolder(path, _read_manifest(manifest_path))
    for name, listed in folder.manifest.files.items():
        _check_file(path / name, listed)
    return folder


def _read_manifest(path: Path) -> Manifest:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        found = record.get("format")
        if found != FORMAT:
            raise ModelError(
                f"{path}: expected format {FORMAT}, found {found!r}; "
                "install the version of attrib that made this model"
            )
        manifest = Manifest(
            **{
                **record,
                "classes": tuple(record["classes"]),
                "layout": Layout(**record["layout"]),
            }
        )
        complete = {GRAPH, TOKENIZER} <= manifest.files.keys()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path}: expected a manifest of format {FORMAT}, found {error!r}; "
            "copy the folder again"
        ) from error
    if not _sound(manifest):
        raise ModelError(
            f"{path}: expected a temperature above 0, a window of 8 tokens or more, an overlap in "
            f"[0, 1), and a hash and size for each file, found {manifest.temperature!r}, "
            f"{manifest.layout!r} and {manifest.files!r:.200}; copy the folder again"
        )
    if manifest.classes != CLASSES or not complete:
        raise ModelError(
            f"{path}: expected classes {', '.join(CLASSES)} and the files {GRAPH} and {TOKENIZER}, "
            f"found classes {', '.join(manifest.classes)} and files {', '.join(manifest.files)}"
        )
    return manifest


def _sound(manifest: Manifest) -> bool:
    """Say whether the values that scoring rests on have the types and ranges they must have."""
    layout = manifest.layout
    tokens = (layout.size, layout.cls, layout.sep, layout.pad)
    return (
        isinstance(manifest.temperature, float)
        and 0 < manifest.temperature < float("inf")
        and all(isinstance(number, int) and number >= 0 for number in tokens)
        and layout.size >= _MIN_WINDOW
        and isinstance(layout.overlap, int | float)
        and 0 <= layout.overlap < 1
        and all(
            isinstance(listed, dict)
            and isinstance(listed.get("bytes"), int)
            and isinstance(listed.get("sha256"), str)
            for listed in manifest.files.values()
        )
    )


def _check_file(path: Path, listed: Mapping[str, Any]) -> None:
    if not path.is_file():
        raise ModelError(f"{path}: expected a file, found none; copy the whole model folder again")
    size = path.stat().st_size
    if size != listed["bytes"]:
        raise ModelError(
            f"{path}: expected {listed['bytes']:,} bytes, found {size:,}; "
            "the file is cut short or from another model: copy the whole folder again"
        )


def load_tokenizer(folder: ModelFolder) -> Tokenizer:
    """Return the tokenizer of ``folder``, bare: windows are cut and padded elsewhere.

    Raises:
        ModelError: if it is damaged.
    """
    try:
        tokenizer = Tokenizer.from_str(folder.verified(TOKENIZER).decode("utf-8"))
    except ModelError:
        raise
    except Exception as error:  # tokenizers raises bare exceptions
        raise ModelError(
            f"{folder.path / TOKENIZER}: expected a tokenizer, found {error}; "
            "copy the whole folder again"
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write ``attrib.json`` into ``path``, listing every file that stands there now."""
    files = {
        p.relative_to(path).as_posix(): {
            "sha256": hashlib.sha256(p.read_bytes()).hexdigest(),
            "bytes": p.stat().st_size,
        }
        for p in sorted(path.rglob("*"))
        if p.is_file() and p.name not in (MANIFEST, "README.md")
    }
    record = {**asdict(manifest), "files": files}
    (path / MANIFEST).write_text(
        json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
