"""The walk: patterns, the order in folders, and entries that are the same on every walk."""

import io
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from inputs import entries, lines, packed, parquet, told, zipped

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import Entry, ReadOptions, read_entries


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Words.")


def matched(folder: Path, pattern: str) -> list[str]:
    return [text.removesuffix(": Words.") for text in told(f"{folder}/{pattern}", below=folder)]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "c/d.txt", "c/e/f.txt"]),
        ("c/**/*.txt", ["c/d.txt", "c/e/f.txt"]),
        ("[a-b].txt", ["a.txt", "b.txt"]),
        ("?.md", ["a.md"]),
        ("c/*", ["c/d.txt", "c/e/f.txt"]),
        ("**", ["a.md", "a.txt", "b.txt", "c/d.txt", "c/e/f.txt"]),
        ("*", ["a.md", "a.txt", "b.txt", "c/d.txt", "c/e/f.txt"]),
        ("*.log", ["a.log"]),
        (".hid*/*.txt", []),
        (".hidden/*.txt", [".hidden/x.txt"]),
    ],
)
def test_a_pattern_stands_for_what_it_matches(
    pattern: str, names: list[str], tmp_path: Path
) -> None:
    fill(tmp_path, "a.txt", "a.md", "a.log", "a.png", "b.txt", "c/d.txt", "c/e/f.txt")
    fill(tmp_path, ".hidden/x.txt", "c/.x.txt")
    (tmp_path / "c" / "loop").symlink_to(tmp_path)
    found = matched(tmp_path, pattern)
    if names:
        assert found == names
    else:
        (error,) = found
        assert error.startswith(f"{pattern}: expected a pattern that matches articles, found none")


def test_a_path_that_looks_like_a_pattern_wins(tmp_path: Path) -> None:
    fill(tmp_path, "[ab].txt", "a.txt")
    assert matched(tmp_path, "[ab].txt") == ["[ab].txt"]
    assert matched(tmp_path, "[a].txt") == ["a.txt"]


def test_a_pattern_goes_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "c/a.txt", "b.txt")
    monkeypatch.chdir(tmp_path / "c")
    assert told("*.txt") == ["a.txt: Words."]
    assert told("../*.txt") == ["../b.txt: Words."]


@pytest.mark.parametrize("pattern", ["gone/*.txt", "a**b.txt", "*.\x1b[", "?\0", "[", "**/[!]"])
def test_a_pattern_without_a_match_is_one_error(pattern: str, tmp_path: Path) -> None:
    (error,) = told(f"{tmp_path}/{pattern}", below=tmp_path)
    assert "expected a p" in error
    assert error.isprintable()


def test_folders_come_in_order_of_path(tmp_path: Path) -> None:
    names = ["a/b.txt", "a/b/c.txt", "a b.txt", "a.txt", "b/a.txt", "B.txt"]
    fill(tmp_path, *names)
    assert matched(tmp_path, "") == sorted(names, key=lambda name: Path(name).parts)


def test_a_deep_folder_is_read(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(400):
        deep /= "d"
    fill(deep, "a.txt")
    assert len(told(tmp_path)) == 1


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """One of each kind of input."""
    fill(tmp_path, "a.txt", "b.html")
    packed(tmp_path / "c.jsonl.gz", lines("One.", "Two.") + b"{broken\n" + lines("12"))
    (tmp_path / "d.csv").write_text("text,title\nOne.,T\nTwo.,U\n")
    parquet(tmp_path / "e.parquet", [{"text": "One."}, {"text": "Two."}])
    zipped(tmp_path / "f.zip", {"a.txt": b"One.", "../b.txt": b"", "c.jsonl": lines("Two.")})
    (tmp_path / "g.csv").write_text("title\nT\n")
    return tmp_path


def test_two_walks_find_the_same_keys(corpus: Path) -> None:
    first, second = entries(corpus), entries(corpus)
    assert first == second
    keys = [entry.key for entry in first]
    assert len(set(keys)) == len(keys) == 14
    assert {len(key) for key in keys} == {16}
    assert all(entry.size > 0 for entry in first)
    twice = entries(corpus / "a.txt", corpus / "a.txt")
    assert twice[0].key == twice[1].key


def test_a_byte_that_changes_changes_one_key(corpus: Path) -> None:
    before = entries(corpus)
    fill(corpus, "a.txt")
    (corpus / "a.txt").write_text("Words!")
    packed(corpus / "c.jsonl.gz", lines("One.", "Too.") + b"{broken\n" + lines("12"))
    (corpus / "d.csv").write_text("text,title\nOne.,T\nTwo.,V\n")
    parquet(corpus / "e.parquet", [{"text": "One!"}, {"text": "Two."}])
    zipped(corpus / "f.zip", {"a.txt": b"One!", "../b.txt": b"", "c.jsonl": lines("Two!")})
    changed = {
        old.source.removeprefix(f"{corpus}/")
        for old, new in zip(before, entries(corpus), strict=True)
        if old.key != new.key
    }
    wanted = {"a.txt", "c.jsonl.gz:2", "d.csv:3", "e.parquet:1", "f.zip!a.txt", "f.zip!c.jsonl:1"}
    assert changed == wanted


def test_the_place_belongs_to_the_key(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.txt")
    a, b = entries(tmp_path)
    assert a.content == b.content
    assert a.key != b.key


def test_entries_travel(corpus: Path) -> None:
    for entry in entries(corpus):
        there = pickle.loads(pickle.dumps(entry))
        assert there == entry
        assert outcome(there) == outcome(entry)


def outcome(entry: Entry) -> Article | str:
    try:
        return entry.read()
    except InputError as error:
        return str(error)


def test_an_article_is_parsed_only_when_it_is_read(corpus: Path) -> None:
    code = (
        "import io, sys; from attrib.readers import ReadOptions, read_entries; "
        f"print(len(list(read_entries([{str(corpus)!r}], io.BytesIO(), ReadOptions())))); "
        "print({'trafilatura', 'lxml', 'charset_normalizer', 'markdown_it'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "14\nset()\n"


def test_a_failure_has_its_place_and_the_walk_goes_on(tmp_path: Path) -> None:
    fill(tmp_path, "z.txt")
    (tmp_path / "b.txt").symlink_to("gone")
    found = entries(tmp_path / "gone.txt", tmp_path)
    assert [e.source.removeprefix(f"{tmp_path}/") for e in found] == ["gone.txt", "b.txt", "z.txt"]


def test_a_walk_stops_where_nobody_goes_on(tmp_path: Path) -> None:
    packed(tmp_path / "a.jsonl.gz", lines("One.", "Two."))
    walk = read_entries([str(tmp_path / "a.jsonl.gz")], io.BytesIO(), ReadOptions())
    assert next(iter(walk)).read().text == "One."
    walk.close()  # type: ignore[attr-defined]
    opened = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert tmp_path / "a.jsonl.gz" not in opened


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    text = "The dam is safe, the mayor said. " * 200
    few, many = tmp_path / "few.jsonl.gz", tmp_path / "many.jsonl.gz"
    packed(few, lines(*[text] * 100))
    packed(many, lines(*[text] * 10_000))
    code = (
        "import io, resource, sys; from attrib.readers import ReadOptions, read_entries\n"
        "for entry in read_entries(sys.argv[1:], io.BytesIO(), ReadOptions()): entry.read()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = [
        int(subprocess.check_output([sys.executable, "-c", code, str(path)]))
        for path in (few, many)
    ]
    assert peaks[1] < 1.2 * peaks[0]
