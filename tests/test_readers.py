"""Inputs on a command line: files, directories, stdin, and what cannot be read."""

import io
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import MAX_ARTICLE_BYTES, InputFormat, ReadOptions, read_inputs


def read(*inputs: str | Path, stdin: bytes = b"", options: ReadOptions | None = None) -> list[str]:
    """Return each article as "source: text" and each error as its message."""
    found = read_inputs([str(i) for i in inputs], io.BytesIO(stdin), options or ReadOptions())
    return [str(a) if isinstance(a, InputError) else f"{a.source}: {a.text}" for a in found]


def write(path: Path, content: str | bytes = "Words.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_inputs_come_in_the_order_given_and_an_error_takes_the_place_of_its_article(
    tmp_path: Path,
) -> None:
    b, a = write(tmp_path / "b.txt", "Bee."), write(tmp_path / "a.txt", "Ay.")
    found = read(b, tmp_path / "gone.txt", "-", a, stdin=b"In.")
    assert [found[0], found[2], found[3]] == [f"{b}: Bee.", "-: In.", f"{a}: Ay."]
    assert found[1] == (
        f"{tmp_path}/gone.txt: expected a file or directory, found nothing there; check the path"
    )


def test_a_file_is_known_by_its_name_without_ending(tmp_path: Path) -> None:
    path = write(tmp_path / "mayor.2024.txt")
    article = next(read_inputs([str(path)], io.BytesIO(), ReadOptions()))
    assert isinstance(article, Article)
    assert (article.id, article.source, article.title) == ("mayor.2024", str(path), None)


@pytest.mark.parametrize("name", ["story", "story.log", "story.TXT", "story.text"])
def test_other_endings_and_none_are_read_as_text(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, "# Words.")
    assert read(path) == [f"{path}: # Words."]


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("a.json", "write one JSON object a line into a .jsonl file"),
        ("a.PDF", "save the article as text, Markdown or HTML"),
        ("a.docx", "save the article as text, Markdown or HTML"),
        ("a.doc", "save the article as text, Markdown or HTML"),
        ("a.rtf", "save the article as text, Markdown or HTML"),
        ("a.odt", "save the article as text, Markdown or HTML"),
        ("a.tar.gz", "unpack it first"),
        ("a.tgz", "unpack it first"),
        ("a.zip.gz", "unpack it first"),
        ("a.txt.gz.gz", "unpack it first"),
    ],
)
def test_files_of_other_kinds_are_refused_with_a_cure(tmp_path: Path, name: str, cure: str) -> None:
    (message,) = read(write(tmp_path / name))
    assert message.startswith(f"{tmp_path / name}: expected text, found a")
    assert message.endswith(f"; {cure}")


def test_a_format_that_is_named_wins_over_the_ending(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '{"text": "Words."}')
    assert read(path, options=ReadOptions(InputFormat.JSONL)) == [f"{path}:1: Words."]


@pytest.mark.parametrize(
    ("input_format", "stdin"),
    [
        (InputFormat.MARKDOWN, b"*Words.*"),
        (InputFormat.HTML, b"<p>Words.</p>"),
        (None, b"Words."),
    ],
)
def test_stdin_is_text_unless_told_otherwise(
    input_format: InputFormat | None, stdin: bytes
) -> None:
    article = next(read_inputs(["-"], io.BytesIO(stdin), ReadOptions(input_format)))
    assert isinstance(article, Article)
    assert (article.id, article.source, article.text) == ("-", "-", "Words.")


def test_a_directory_stands_for_its_articles_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/.hidden.txt", ".git/c.txt", "notes.json", "picture.png"):
        write(tmp_path / name)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "b.txt")
    found = [text.removeprefix(f"{tmp_path}/") for text in read(tmp_path)]
    assert found == ["a/z.md: Words.", "b.txt: Words.", "link.txt: Words."]


def test_a_directory_without_articles_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "picture.png")
    (message,) = read(tmp_path)
    assert message.startswith(f"{tmp_path}: expected articles, found a directory without articles")
    assert ".jsonl" in message


def test_what_is_no_file_in_a_directory_is_an_error_and_the_rest_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to("gone")
    (tmp_path / "c.txt").symlink_to("c.txt")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(os.path.relpath(tmp_path / "d.txt"))  # socket paths are short
    write(tmp_path / "e.txt")
    fifo, broken, circle, plugged, words = read(tmp_path)
    assert "a.txt: expected a file or directory, found a FIFO; " in fifo
    assert "b.txt: expected a file or directory, found nothing there; " in broken
    assert "c.txt: expected a readable file, found too many levels of symbolic links" in circle
    assert "d.txt: expected a file or directory, found a socket; " in plugged
    assert words.endswith("e.txt: Words.")


def test_slow_libraries_wait_until_they_are_needed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Café.")
    code = (
        "import io, sys; from attrib.readers import ReadOptions, read_inputs; "
        f"print(len(list(read_inputs([{str(path)!r}], io.BytesIO(), ReadOptions())))); "
        "print({'trafilatura', 'lxml', 'charset_normalizer', 'markdown_it'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\nset()\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_permission_denied(tmp_path: Path) -> None:
    write(tmp_path / "a.txt").chmod(0)
    write(tmp_path / "b" / "c.txt").parent.chmod(0)
    file, folder = read(tmp_path)
    assert "a.txt: expected a readable file, found permission denied; change its perm" in file
    assert "b: expected a readable directory, found permission denied; change its perm" in folder


def test_a_failure_while_reading_is_an_error() -> None:
    class Failing(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    for input_format in InputFormat:
        (error,) = read_inputs(["-"], Failing(), ReadOptions(input_format))
        assert str(error) == "-: expected a readable file, found input/output error; check the path"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "(empty path): expected a file or directory, found nothing there; check the path"),
        ("a\0b", "a\\x00b: expected a path, found a NUL character in it; check the path"),
        ("/dev/zero", "/dev/zero: expected a file or directory, found a device; name a file"),
        ("https://example.org/a", "; attrib reads no addresses; save the page as a file"),
        ("x" * 300, "x: expected a readable file, found file name too long; check the path"),
    ],
)
def test_paths_that_are_none(path: str, message: str) -> None:
    (found,) = read(path)
    assert message in found


def test_a_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n.txt")
    Path(path).write_text("1")
    (message,) = read(path)
    assert "/caf\\udce9\\n.txt: expected an article" in message
    Path(path).write_text("Words.")
    article = next(read_inputs([path], io.BytesIO(), ReadOptions()))
    assert isinstance(article, Article)
    assert article.source.encode().endswith(b"caf\\udce9\n.txt")


@pytest.mark.parametrize("content", ["", " \n\t", "\ufeff", "\u200b\u200d \ufeff", "\r\n"])
@pytest.mark.parametrize("input_format", list(InputFormat))
def test_nothing_to_read_is_an_error(content: str, input_format: InputFormat) -> None:
    (message,) = read("-", stdin=content.encode(), options=ReadOptions(input_format))
    assert message.startswith(("-: expected", "-:1: expected"))
    if input_format in {InputFormat.TEXT, InputFormat.MARKDOWN, InputFormat.HTML}:
        assert message == "-: expected an article, found an empty text; check the input"


def test_a_text_without_letters_is_an_error() -> None:
    (message,) = read("-", stdin="12, 34 — 56!".encode())
    assert "found a text without a single letter" in message


@pytest.mark.parametrize("input_format", [InputFormat.TEXT, InputFormat.MARKDOWN, InputFormat.HTML])
def test_an_article_has_a_greatest_size(input_format: InputFormat) -> None:
    (message,) = read(
        "-", stdin=b"word " * (MAX_ARTICLE_BYTES // 5) + b"x", options=ReadOptions(input_format)
    )
    assert message == (
        "-: expected an article of at most 5,000,000 bytes, found more; split it into articles"
    )
    fits = b"word " * (MAX_ARTICLE_BYTES // 5)
    assert read("-", stdin=fits) == [f"-: {fits.decode()}"]


@given(st.binary(max_size=400), st.sampled_from(list(InputFormat)))
def test_any_bytes_end_in_articles_or_errors_of_one_line(
    raw: bytes, input_format: InputFormat
) -> None:
    for found in read_inputs(["-"], io.BytesIO(raw), ReadOptions(input_format)):
        if isinstance(found, InputError):
            assert str(found).isprintable()
        else:
            found.text.encode()
