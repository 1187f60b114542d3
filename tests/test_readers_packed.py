"""Packed inputs: .gz and .zip are read as what is in them, and hostile ones do no harm."""

import gzip
import random
import string
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from inputs import articles, entries, lines, packed, parquet, told, zipped

from attrib.readers import MAX_ARTICLE_BYTES

TOO_LARGE = "expected an article of at most 5,000,000 bytes, found more; split it into articles"


def noise(count: int, seed: int = 0) -> str:
    """Letters that pack badly."""
    return "".join(random.Random(seed).choices(string.ascii_letters, k=count))


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt.gz", b"Words.", "a.txt.gz: Words."),
        ("a.md.GZ", b"*Words.*", "a.md.GZ: Words."),
        ("a.html.gz", b"<p>It rained all night in Velmora.</p>", None),
        ("a.jsonl.gz", lines("Words."), "a.jsonl.gz:1: Words."),
        ("a.csv.gz", b"text,title\nWords.,T\n", "a.csv.gz:2: Words."),
        ("a.tsv.gz", b"text\ttitle, or none\nWords.\tT\n", "a.tsv.gz:2: Words."),
    ],
)
def test_gzip_holds_any_format(name: str, content: bytes, text: str | None, tmp_path: Path) -> None:
    packed(tmp_path / name, content)
    text = text or f"{name}: It rained all night in Velmora."
    assert told(tmp_path, below=tmp_path) == [text]
    assert told(tmp_path / name, below=tmp_path) == [text]


def test_the_id_of_a_packed_file_is_its_name_without_endings(tmp_path: Path) -> None:
    packed(tmp_path / "mayor.2024.txt.gz", b"Words.")
    zipped(tmp_path / "b.zip", {"2024/fire.md": b"Words.", "2024/dam.txt.gz": gzip.compress(b"W.")})
    found = articles(tmp_path)
    assert [a.id for a in found] == ["fire", "dam", "mayor.2024"]
    assert found[0].source == f"{tmp_path}/b.zip!2024/fire.md"


def test_a_zip_holds_articles_and_tables_in_its_order(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", [{"text": "Five."}, {"text": "Six."}])
    members = {
        "b/z.txt": b"One.",
        "b/": b"",
        "a.jsonl": lines("Two.", "Three."),
        "./c.csv.gz": gzip.compress(b"text,id\nFour.,4\n"),
        "t.parquet": table.read_bytes(),
        "picture.png": b"\x89PNG",
        ".hidden.txt": b"No.",
        "__MACOSX/b/._z.txt": b"No.",
        "": b"No.",
    }
    path = zipped(tmp_path / "all.zip", members)
    assert told(path, below=tmp_path) == [
        "all.zip!b/z.txt: One.",
        "all.zip!a.jsonl:1: Two.",
        "all.zip!a.jsonl:2: Three.",
        "all.zip!./c.csv.gz:2: Four.",
        "all.zip!t.parquet:1: Five.",
        "all.zip!t.parquet:2: Six.",
    ]


@pytest.mark.parametrize(
    "name", ["../../x.txt", "/etc/x.txt", "C:/x.txt", "a\\x.txt", "..\\x.png", "a/../../x", "c:x"]
)
def test_a_member_that_leads_out_of_the_archive_is_refused(name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"Ay.", name: b"Out.", "b.txt": b"Bee."})
    before = set(tmp_path.rglob("*"))
    first, error, last = told(path, below=tmp_path)
    assert (first, last) == ("a.zip!a.txt: Ay.", "a.zip!b.txt: Bee.")
    assert error == (
        f"a.zip!{name}: expected the name of a file inside the archive, found a path that leads "
        "out of it; pack it again, from inside the folder"
    )
    assert set(tmp_path.rglob("*")) == before


def test_odd_names_are_shown_on_one_line(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"\x1b[2J\n/../x.txt": b"Out.", "\x1b[2J\n.txt": b"12"})
    for message in told(path):
        assert message.isprintable()
        assert "!\\x1b[2J\\n" in message


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("in.zip", "a ZIP archive in another archive"),
        ("in.zip.gz", "a ZIP archive in another archive"),
        ("in.txt.gz.gz", "a gzip archive in another archive"),
        ("in.tar.gz", "a tar archive"),
        ("in.7z", "a 7z archive"),
    ],
)
def test_an_archive_in_an_archive_is_refused(name: str, found: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {name: b"PK", "b.txt": b"Bee."})
    assert told(path, below=tmp_path) == [
        f"a.zip!{name}: expected text, found {found}; unpack it first",
        "a.zip!b.txt: Bee.",
    ]


def test_a_bomb_of_one_article_is_too_large_and_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(b"bomb " * 10_000_000)
    zipped(tmp_path / "a.zip", {"zip.txt": b"bomb " * 10_000_000, "gz.txt.gz": bomb})
    (tmp_path / "b.txt.gz").write_bytes(bomb)
    tracemalloc.start()
    found = told(tmp_path, below=tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [
        f"a.zip!zip.txt: {TOO_LARGE}",
        f"a.zip!gz.txt.gz: {TOO_LARGE}",
        f"b.txt.gz: {TOO_LARGE}",
    ]
    assert peak < 4 * MAX_ARTICLE_BYTES


def test_a_bomb_of_rows_ends_early_and_the_rows_before_it_stay(tmp_path: Path) -> None:
    zeros = zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED)
    with zeros as archive, archive.open("a.jsonl", "w", force_zip64=True) as member:
        member.write(lines("Ay."))
        for _ in range(110):
            member.write(b"x" * 1_000_000)
    tracemalloc.start()
    first, error = told(tmp_path, below=tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert first == "a.zip!a.jsonl:1: Ay."
    assert error == (
        "a.zip!a.jsonl: expected a packed text, found one that unpacks to more than 1,000 times "
        "its size; if you trust it, unpack it first"
    )
    assert peak < 10 * MAX_ARTICLE_BYTES


def test_a_bomb_in_two_layers_is_measured_by_what_lies_on_the_disk(tmp_path: Path) -> None:
    # 101 MB in a gzip of 100 kB, itself packed to less: the inner layer alone is below the ratio.
    inner = gzip.compress(b"x" * 101_000_000)
    path = zipped(tmp_path / "a.zip", {"a.jsonl.gz": inner})
    assert path.stat().st_size < 5_000
    (error,) = told(path, below=tmp_path)
    assert error.startswith("a.zip!a.jsonl.gz: expected a packed text, found one that unpacks to")


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": noise(900).encode(), "b.txt": b"Bee."})
    raw = bytearray(path.read_bytes())
    entry = raw.rindex(b"PK\x01\x02")  # of b.txt, which now claims all bytes of a.txt, too
    raw[entry + 20 : entry + 24] = (900).to_bytes(4, "little")
    path.write_bytes(raw)
    (error,) = told(path, below=tmp_path)
    assert error.startswith("a.zip: expected files one after the other, found files that overlap")


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attrib.readers.archive.MAX_MEMBERS", 2)
    path = zipped(tmp_path / "a.zip", {f"{i}.txt": b"Words." for i in range(3)})
    assert told(path, below=tmp_path) == [
        "a.zip: expected an archive of at most 2 files, found 3; split it"
    ]


def flagged(path: Path, offset: int, value: int) -> None:
    """Set a field of both headers of the first member: it stands 2 bytes on in the directory."""
    raw = bytearray(path.read_bytes())
    raw[6 + offset] = value
    raw[raw.index(b"PK\x01\x02") + 8 + offset] = value
    path.write_bytes(raw)


def test_an_encrypted_member_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"Ay.", "b.txt": b"Bee."})
    flagged(path, 0, 1)
    assert told(path, below=tmp_path) == [
        "a.zip!a.txt: expected a readable file, found it encrypted; unpack it with its password",
        "a.zip!b.txt: Bee.",
    ]


def test_a_method_without_bounds_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"Ay."}, zipfile.ZIP_BZIP2)
    (error,) = told(path, below=tmp_path)
    assert error == (
        "a.zip!a.txt: expected a file packed with deflate, as ZIP archives mostly are, found "
        "method 12; unpack it first"
    )


def test_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"Ay.", "b.txt": b"Bee."}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"Ay.", b"Oh."))
    error, other = told(path, below=tmp_path)
    assert error.startswith("a.zip!a.txt: expected a whole archive, found it damaged (Bad CRC-32")
    assert other == "a.zip!b.txt: Bee."


def test_rows_before_a_break_stay_and_the_one_it_cuts_is_out(tmp_path: Path) -> None:
    texts = [f"{i} {noise(200, i)}" for i in range(2_000)]
    for count in (2_000, 20):  # longer than a block, and shorter
        whole = gzip.compress(lines(*texts[:count]))
        (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-100])
        *rows, error = told(tmp_path / "cut.jsonl.gz", below=tmp_path)
        assert 0 < len(rows) < count
        assert rows == [f"cut.jsonl.gz:{i}: {t}" for i, t in enumerate(texts, 1)][: len(rows)]
        assert error == (
            "cut.jsonl.gz: expected a whole archive, found one that is cut off; "
            "fetch the file again, or unpack it first"
        )
    table = gzip.compress("".join(f"{t},T\n" for t in ["text", *texts[:20]]).encode())
    (tmp_path / "cut.csv.gz").write_bytes(table[:-100])
    *rows, error = told(tmp_path / "cut.csv.gz", below=tmp_path)
    assert 0 < len(rows) < 20
    assert all(row.endswith(text) for row, text in zip(rows, texts, strict=False))
    assert "found one that is cut off" in error


def test_a_wrong_checksum_of_gzip_comes_after_its_rows(tmp_path: Path) -> None:
    raw = gzip.compress(lines("Ay.", "Bee."))
    (tmp_path / "a.jsonl.gz").write_bytes(raw[:-8] + b"\0\0\0\0" + raw[-4:])
    first, second, error = told(tmp_path, below=tmp_path)
    assert (first, second) == ("a.jsonl.gz:1: Ay.", "a.jsonl.gz:2: Bee.")
    assert "expected a whole archive, found it damaged (CRC check failed" in error


@pytest.mark.parametrize("name", ["a.zip", "a.txt.gz", "a.jsonl.gz"])
@pytest.mark.parametrize("content", [b"", b"Words.", b"PK\x03\x04", b"\x1f\x8b\x08\0\0\0\0\0\0\3"])
def test_what_is_no_archive_is_one_error(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    (error,) = told(tmp_path / name, below=tmp_path)
    assert error.startswith(f"{name}: expected ")
    assert error.isprintable()


def test_an_archive_without_articles_is_an_error(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"picture.png": b"x"})
    (error,) = told(path, below=tmp_path)
    assert error.startswith("a.zip: expected articles, found an archive without articles; attrib")


def test_broken_bytes_anywhere_end_in_articles_or_errors(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.jsonl": lines(noise(300), noise(9)), "b.txt": b"Bee."})
    whole = path.read_bytes()
    draw = random.Random(1)
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            raw[draw.randrange(len(raw))] = draw.randrange(256)
        path.write_bytes(raw[: draw.choice([len(raw), draw.randrange(len(raw))])])
        found = entries(path)
        assert found
        assert all(len(entry.key) == 16 for entry in found)
        assert all(text for text in told(path))
