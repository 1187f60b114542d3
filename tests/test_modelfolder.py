"""A ruined model folder is a clear error, and nothing in it is ever unpickled."""

import json
import pickle
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attrib.checker import load
from attrib.classes import CLASSES
from attrib.errors import ModelError
from attrib.modelfolder import (
    GRAPH,
    MANIFEST,
    TOKENIZER,
    WEIGHTS,
    Manifest,
    open_folder,
    released,
    write_manifest,
)
from attrib.windows import Layout

TEXT = "The dam is safe, the mayor said."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The released folder: links to the large files, copies of the small ones."""
    copied = tmp_path / "model"
    for path in released().rglob("*"):
        if path.is_file():
            target = copied / path.relative_to(released())
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.stat().st_size > 1_000_000:
                target.symlink_to(path)
            else:
                shutil.copyfile(path, target)
    return copied


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Replace a file, and not what a link to it points at."""
    content = change(path.read_bytes())
    path.unlink()
    path.write_bytes(content)


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def edit(folder: Path, **fields: Any) -> None:
    """Set fields of the manifest."""
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def error(folder: Path, device: str | None = None) -> str:
    """What loading the folder and scoring with it is refused with."""
    with pytest.raises(ModelError) as raised:
        load(str(folder), device=device).score(TEXT)
    return str(raised.value)


def test_the_copy_that_is_ruined_below_is_whole(folder: Path) -> None:
    assert load(str(folder)).score(TEXT).verdicts == load().score(TEXT).verdicts
    assert open_folder(folder).manifest == open_folder(released()).manifest


@pytest.mark.parametrize(
    "name", [GRAPH, TOKENIZER, WEIGHTS, "config.json", "tokenizer_config.json"]
)
def test_a_missing_file_is_named_with_a_cure(name: str, folder: Path) -> None:
    (folder / name).unlink()
    told = error(folder)
    assert str(folder / name) in told
    assert "found none" in told
    assert "copy the whole model folder again" in told


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER, WEIGHTS, "config.json"])
@pytest.mark.parametrize("change", [lambda c: c[: len(c) // 2], lambda _: b"", lambda c: c + b" "])
def test_a_file_of_another_size_is_named_with_both_sizes(
    name: str, change: Callable[[bytes], bytes], folder: Path
) -> None:
    listed = (folder / name).stat().st_size
    rewrite(folder / name, change)
    told = error(folder)
    assert str(folder / name) in told
    assert f"expected {listed:,} bytes, found {(folder / name).stat().st_size:,}" in told
    assert "copy the whole folder again" in told


@pytest.mark.parametrize(
    ("name", "device"), [(GRAPH, None), (TOKENIZER, None), (WEIGHTS, "cpu"), (TOKENIZER, "cpu")]
)
def test_a_file_of_the_same_size_with_other_bytes_is_named(
    name: str, device: str | None, folder: Path
) -> None:
    rewrite(folder / name, flip)
    told = error(folder, device)
    assert str(folder / name) in told
    assert "expected SHA-256" in told
    assert "copy the whole folder again" in told


def test_a_config_of_the_same_size_with_another_encoder_is_named(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    heads = config["num_attention_heads"]
    other = 16 if heads == 12 else 12  # the width divides by both, so nothing else would tell
    rewrite(
        folder / "config.json",
        lambda c: c.replace(
            b'"num_attention_heads": %d' % heads, b'"num_attention_heads": %d' % other
        ),
    )
    assert "config.json" in error(folder, device="cpu")


def test_a_folder_without_a_manifest_is_no_model_folder(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    told = error(folder)
    assert str(folder) in told
    assert f"expected {MANIFEST}, found none" in told


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"no JSON", b"[]", b"null", b'"attrib"', b"\xff\xfe", b"{}", b'{"format": "1"}'],
)
def test_a_manifest_that_is_none_is_named(content: bytes, folder: Path) -> None:
    (folder / MANIFEST).write_bytes(content)
    told = error(folder)
    assert str(folder / MANIFEST) in told
    assert "expected" in told
    assert "found" in told


@pytest.mark.parametrize("found", [0, 2, "2", None])
def test_another_format_asks_for_another_version_of_attrib(found: Any, folder: Path) -> None:
    edit(folder, format=found)
    told = error(folder)
    assert str(folder / MANIFEST) in told
    assert f"expected format 1, found {found!r}" in told
    assert "install the version of attrib" in told


@pytest.mark.parametrize(
    "classes", [[], list(CLASSES[:3]), list(reversed(CLASSES)), [*CLASSES, "span"]]
)
def test_other_classes_are_named_beside_the_expected(classes: list[str], folder: Path) -> None:
    edit(folder, classes=classes)
    told = error(folder)
    assert str(folder / MANIFEST) in told
    assert f"expected classes {', '.join(CLASSES)}" in told
    assert f"found classes {', '.join(classes)}" in told


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER])
def test_a_manifest_that_leaves_out_what_scores_is_refused(name: str, folder: Path) -> None:
    files = json.loads((folder / MANIFEST).read_text())["files"]
    del files[name]
    edit(folder, files=files)
    told = error(folder)
    assert str(folder / MANIFEST) in told
    assert name in told


@pytest.mark.parametrize(
    "fields",
    [
        {"classes": None},
        {"layout": None},
        {"layout": {"size": 512}},
        {"layout": 512},
        {"files": None},
        {"files": []},
        {"weather": "fine"},
    ],
    ids=str,
)
def test_a_manifest_with_fields_of_another_shape_is_named(
    fields: dict[str, Any], folder: Path
) -> None:
    edit(folder, **fields)
    assert str(folder / MANIFEST) in error(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"files": {GRAPH: {}, TOKENIZER: {}}},
        {"files": {GRAPH: 5, TOKENIZER: 5}},
        {"temperature": "warm"},
        {"temperature": None},
        {"temperature": 0},
        {"temperature": -1.0},
        {"layout": {"size": "512", "overlap": 0.25, "cls": 101, "sep": 102, "pad": 0}},
        {"layout": {"size": 2, "overlap": 0.25, "cls": 101, "sep": 102, "pad": 0}},
        {"layout": {"size": 512, "overlap": 1.0, "cls": 101, "sep": 102, "pad": 0}},
    ],
    ids=str,
)
def test_a_manifest_with_values_of_no_use_is_named(fields: dict[str, Any], folder: Path) -> None:
    edit(folder, **fields)
    with pytest.raises(ModelError):
        load(str(folder)).score(TEXT + " It rained all night." * 200)


def test_a_path_that_is_a_file_or_nothing_is_named(folder: Path) -> None:
    for path, found in ((folder / "config.json", "a file"), (folder / "none", "nothing")):
        told = error(path)
        assert str(path) in told
        assert f"expected a model folder, found {found}" in told
        assert '"default"' in told


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    assert str(tmp_path) in error(tmp_path)


class Canary:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.fixture
def canary(tmp_path: Path) -> tuple[bytes, Path]:
    """A pickle, and the path at which it leaves a file when it is loaded."""
    trace = tmp_path / "unpickled"
    content = pickle.dumps(Canary(trace))
    pickle.loads(content)
    assert trace.exists()  # the canary works
    trace.unlink()
    return content, trace


@pytest.mark.parametrize("device", [None, "cpu"])
@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pkl"])
def test_a_pickle_instead_of_safetensors_is_refused(
    name: str, device: str | None, folder: Path, canary: tuple[bytes, Path]
) -> None:
    content, trace = canary
    (folder / WEIGHTS).unlink()
    (folder / name).write_bytes(content)
    told = error(folder, device)
    assert str(folder) in told
    assert f"expected {WEIGHTS}, found {name}" in told
    assert "save the model again with save_pretrained" in told
    assert not trace.exists()


def test_a_pickle_beside_the_weights_is_left_alone(
    folder: Path, canary: tuple[bytes, Path]
) -> None:
    content, trace = canary
    for name in ("pytorch_model.bin", "training_args.bin", "optimizer.pt"):
        (folder / name).write_bytes(content)
    for device in (None, "cpu"):
        assert load(str(folder), device=device).score(TEXT).verdicts
    assert not trace.exists()


def test_a_pickle_under_the_name_of_the_weights_or_the_graph_is_not_unpickled(
    folder: Path, canary: tuple[bytes, Path]
) -> None:
    content, trace = canary
    manifest = open_folder(folder).manifest
    for name in (WEIGHTS, GRAPH):
        rewrite(folder / name, lambda _: content)
    write_manifest(folder, manifest)  # sizes and hashes are those of the pickles now
    assert str(folder / GRAPH) in error(folder)
    with suppress(Exception):
        load(str(folder), device="cpu")
    assert not trace.exists()


def test_weights_that_are_no_safetensors_are_named(folder: Path) -> None:
    manifest = open_folder(folder).manifest
    rewrite(folder / WEIGHTS, lambda c: c[:5_000])
    write_manifest(folder, manifest)
    assert str(folder / WEIGHTS) in error(folder, device="cpu")


def test_a_graph_that_is_none_is_named(folder: Path) -> None:
    manifest = open_folder(folder).manifest
    rewrite(folder / GRAPH, lambda c: c[:5_000])
    write_manifest(folder, manifest)
    told = error(folder)
    assert str(folder / GRAPH) in told
    assert "expected an ONNX graph that runs here" in told


def test_a_tokenizer_that_is_none_is_named(folder: Path) -> None:
    manifest = open_folder(folder).manifest
    rewrite(folder / TOKENIZER, lambda _: b"{}")
    write_manifest(folder, manifest)
    assert str(folder / TOKENIZER) in error(folder)


def test_a_written_manifest_is_read_as_it_was(tmp_path: Path) -> None:
    for name in (GRAPH, TOKENIZER, WEIGHTS, "README.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    manifest = Manifest("river", "0.1", Layout(64, 0.5, 1, 2, 3), 1.25, facts={"seed": 7, "ü": "é"})
    write_manifest(tmp_path, manifest)
    found = open_folder(tmp_path)
    # The card may be edited afterwards, so it is not listed.
    assert set(found.manifest.files) == {GRAPH, TOKENIZER, WEIGHTS}
    assert found.manifest == replace(manifest, files=found.manifest.files)
    assert found.verified(GRAPH) == GRAPH.encode()
    assert found.identity.name == "river"
    # echo -n onnx/model.onnx | sha256sum
    assert found.identity.sha256.startswith("2dcea1b02a54")


def test_released_folder_lists_every_file_with_its_hash() -> None:
    found = open_folder(released())
    there = {p.relative_to(released()).as_posix() for p in released().rglob("*") if p.is_file()}
    assert set(found.manifest.files) == there - {MANIFEST, "README.md"}
    for name in found.manifest.files:
        assert found.verified(name)
