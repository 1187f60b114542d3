"""JSON Lines and CSV: one article a record, each broken record an error of its own."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import MAX_ARTICLE_BYTES, Columns, InputFormat, ReadOptions, read_inputs
from attrib.readers.lines import TextLines

JSONL, CSV = InputFormat.JSONL, InputFormat.CSV
TEXTS = st.lists(
    st.text(st.sampled_from("ab,;\"'\r\n\u2028é \\")).map(lambda t: f"x{t}"), min_size=1
)


def read(
    content: str | bytes, input_format: InputFormat, text_column: str | None = None
) -> list[Article | InputError]:
    raw = content if isinstance(content, bytes) else content.encode()
    return list(
        read_inputs(["-"], io.BytesIO(raw), ReadOptions(input_format, Columns(text=text_column)))
    )


def told(*args: object, **options: str) -> list[str]:
    """Return the texts of the articles read and the messages of the errors."""
    found = read(*args, **options)  # type: ignore[arg-type]
    return [str(f) if isinstance(f, InputError) else f.text for f in found]


@pytest.mark.parametrize("name", ["text", "body", "content", "article", "article_text", "maintext"])
def test_the_usual_names_hold_the_text(name: str) -> None:
    assert told(json.dumps({"a": "no", name: "Words."}), JSONL) == ["Words."]
    assert told(f"a,{name}\nno,Words.\n", CSV) == ["Words."]


def test_records_tell_about_the_article() -> None:
    record = {
        "ID": 7,
        "text": "Words.\nMore.",
        "headline": "A\ntitle",
        "publisher": "The Post",
        "published": "2024-03-05",
        "section": "Politics",
    }
    wanted = Article(
        text="Words.\nMore.",
        id="7",
        source="-:2",
        title="A title",
        outlet="The Post",
        date="2024-03-05",
        topic="Politics",
        lines=((0, 2),),
    )
    assert read("\n" + json.dumps(record), JSONL) == [wanted]
    table = io.StringIO()
    writer = csv.DictWriter(table, list(record))
    writer.writeheader()
    writer.writerow(record)
    assert read(table.getvalue(), CSV) == [wanted]


def test_a_record_without_an_id_is_known_by_its_place() -> None:
    (article,) = read('{"text": "Words.", "id": null}', JSONL)
    assert isinstance(article, Article)
    assert (article.id, article.title) == ("-:1", None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "a"', "expected one JSON object a line, found broken JSON (Expecting ',' delim"),
        (
            "{text: 1}",
            "found broken JSON (Expecting property name enclosed in double quotes at col",
        ),
        ("[1]", "expected a JSON object, found an array; write one JSON object a line"),
        ('"text"', "expected a JSON object, found a string"),
        ("null", "expected a JSON object, found null"),
        ("true", "expected a JSON object, found a truth value"),
        ("12", "expected a JSON object, found a number"),
        (
            '{"title": "T", "url": "u"}',
            "article_text or maintext, found title, url; name the field",
        ),
        ("{}", "found none; name the field that holds the text with --text-column NAME"),
        ('{"text": 5}', "expected a string in text, found int"),
        ('{"text": null}', "expected a string in text, found null"),
        ('{"text": ["a"]}', "expected a string in text, found list"),
        ('{"text": " \\u200b "}', "expected an article, found an empty text"),
        ('{"text": "12"}', "expected an article, found a text without a single letter"),
        ("[" * 100_000, "found a number too long or values nested too deep to read"),
        ('{"id": ' + "1" * 5_000 + "}", "found a number too long or values nested too deep"),
        ('{"\\n\\u001b": 1}', "found \\n\\x1b; name the field"),
        (json.dumps({f"name{i}": i for i in range(99)}), "name11 and 87 more; name the field"),
    ],
)
def test_a_broken_line_is_an_error_and_the_next_is_read(line: str, message: str) -> None:
    before, error, after = told(f'{{"text": "a"}}\n{line}\n{{"text": "b"}}\n', JSONL)
    assert (before, after) == ("a", "b")
    assert error.startswith("-:2: expected ")
    assert message in error
    assert error.isprintable()


def test_a_json_document_over_many_lines_is_one_error() -> None:
    for document in ('{\n"text": "a"\n}\n', '[\n{"text": "a"},\n{"text": "b"}\n]'):
        (message,) = told(document, JSONL)
        assert message == (
            "-: expected one JSON object a line, found one JSON document over many lines; "
            "write one JSON object a line, as jq -c does"
        )


def test_lone_surrogates_are_replaced_and_pairs_are_not() -> None:
    line = r'{"text": "a \ud800 \ud83d\ude00", "title": "\udc00", "id": "\udfff"}'
    (article,) = read(line, JSONL)
    assert isinstance(article, Article)
    assert article.text == "a \ufffd \U0001f600"
    assert (article.title, article.id) == ("\ufffd", "\ufffd")


def test_the_text_column_is_the_one_named() -> None:
    line = '{"text": "no", "Story": "yes"}'
    assert told(line, JSONL, text_column="Story") == ["yes"]
    assert told(line, JSONL, text_column="story") == ["yes"]
    assert told("text;Story\nno;yes", CSV, text_column="Story") == ["yes"]
    (message,) = told(line, JSONL, text_column="x")
    assert message.startswith("-:1: expected a field named x, found text, Story; ")
    (message,) = told("a,b\n1,2\n3,4\n", CSV)
    assert message.startswith("-: expected a column named text or body")
    assert message.endswith(
        ", found a, b; name the column that holds the text with --text-column NAME"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(delimiter: str) -> None:
    rows = [["id", "text", "a title, or none"], ["1", 'He said "a,b;c\td|e".\nYes.', "x"]]
    table = io.StringIO()
    csv.writer(table, delimiter=delimiter).writerows(rows)
    (article,) = read("\ufeff" + table.getvalue(), CSV)
    assert isinstance(article, Article)
    assert (article.id, article.text) == ("1", rows[1][1])


@given(TEXTS, st.sampled_from(["\n", "\r\n"]))
def test_csv_round_trip_and_physical_line_numbers(texts: list[str], end: str) -> None:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["text", "title"])
    starts = []
    for text in texts:
        written = table.getvalue()
        starts.append(1 + len(written.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1)
        writer.writerow([text, "T"])
    found = read(table.getvalue(), CSV)
    assert [a.text for a in found if isinstance(a, Article)] == texts
    assert [a.lines for a in found if isinstance(a, Article)] == [((0, line),) for line in starts]


@given(TEXTS)
def test_jsonl_round_trip(texts: list[str]) -> None:
    content = "\n\n".join(json.dumps({"text": t}, ensure_ascii=False) for t in texts)
    found = read(content, JSONL)
    assert [a.text for a in found if isinstance(a, Article)] == texts
    assert [a.source for a in found if isinstance(a, Article)] == [
        f"-:{2 * i + 1}" for i in range(len(texts))
    ]


def test_ragged_rows() -> None:
    found = told("text,title,date\na\n\nb,T,2024,\n,,\nc,d,e,f\n,T\ng,T,D\n", CSV)
    assert [found[0], found[1], found[4]] == ["a", "b", "g"]
    assert found[2] == (
        "-:6: expected 3 fields as in the header, found 4; "
        "put fields that hold the delimiter in quotation marks"
    )
    assert found[3] == "-:7: expected an article, found an empty text; check the input"


def test_a_quotation_mark_that_never_closes_is_an_error() -> None:
    found = told('text,title\na,b\n"c,d\ne,f\n', CSV)
    assert found[0] == "a"
    assert found[1].startswith("-:3: expected a CSV row, found a quotation mark that opens a field")


def test_stray_quotation_marks_are_text() -> None:
    assert told('text,title\nA 5" pipe,b\nc,d\n', CSV) == ['A 5" pipe', "c"]


@pytest.mark.parametrize("content", ["text,title\n", "text\n\n\n"])
def test_a_header_without_rows_is_an_error(content: str) -> None:
    (message,) = told(content, CSV)
    assert message.startswith("-: expected a CSV table, found a header without rows")


STORY = "The mayor said on Tuesday that the plan would “go ahead”, and critics didn’t agree."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_records_come_in_many_encodings(encoding: str) -> None:
    line = json.dumps({"text": STORY}, ensure_ascii=False)
    assert told(f"{line}\n{line}\n".encode(encoding), JSONL) == [STORY, STORY]
    assert told(f"text|id\n{STORY}|1\n{STORY}|2\n".encode(encoding), CSV) == [STORY, STORY]


def test_a_line_in_another_encoding_is_read_by_itself() -> None:
    lines = [json.dumps({"text": t}, ensure_ascii=False) for t in ("café", STORY, "b")]
    raw = b"\n".join(
        line.encode(e) for line, e in zip(lines, ["utf-8", "cp1252", "utf-8"], strict=True)
    )
    assert told(raw, JSONL) == ["café", STORY, "b"]
    late = "".join(f"{lines[2]}\n" for _ in range(10_000)).encode() + lines[1].encode("cp1252")
    assert told(late, JSONL)[-1] == STORY


def test_a_row_that_ends_at_the_limit_is_not_taken_for_the_end() -> None:
    text = "x" * (MAX_ARTICLE_BYTES - 2)
    too_large, after = told(f'text\r\n"{text}\n\r\n"\r\nb\r\n', CSV)
    assert too_large.startswith("-:2: expected an article of at most")
    assert after == "b"


def test_binary_records_are_one_error() -> None:
    for input_format in (JSONL, CSV):
        (message,) = told(b"PAR1\0\0\0", input_format)
        assert message.startswith("-: expected text, found a binary file (Parquet file)")


@given(st.text(st.sampled_from("ab\r\né")), st.integers(2, 9), st.sampled_from(["utf-8", "utf-16"]))
def test_pieces_rebuild_the_text_and_count_its_lines(text: str, limit: int, encoding: str) -> None:
    lines = TextLines(io.BytesIO(f"x{text}".encode(encoding)), "x")
    pieces = list(iter(lambda: lines.piece(limit), ""))
    assert "".join(pieces) == f"x{text}"
    assert all(len(piece) <= limit for piece in pieces)
    assert lines.number == len(io.StringIO(f"x{text}", newline=None).readlines())


class Stream(io.RawIOBase):
    """A stream that hands out its parts block by block, as a pipe does."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        self._rest = self._rest or next(self._parts, b"")
        block, self._rest = self._rest[:size], self._rest[size:]
        return block


def giant(start: bytes, end: bytes, filling: bytes) -> Iterator[bytes]:
    yield start
    for _ in range(10 * MAX_ARTICLE_BYTES // len(filling)):
        yield filling
    yield end


@pytest.mark.parametrize(
    ("input_format", "start", "end", "filling", "after"),
    [
        (JSONL, b'{"text":"a"}\n{"text":"', b'"}\n{"text":"b"}', b"x" * 50_000, 3),
        (JSONL, b'{"text":"a"}\n{"text":"', b'"}\r\n{"text":"b"}', b"\xc3\xa9" * 25_000, 3),
        (CSV, b"text,title\na,T\n", b",T\nb,T\n", b"x" * 50_000, 4),
        (CSV, b'text,title\na,T\n"', b'",T\nb,T\n', b'x""' * 20_000, 4),
        (
            CSV,
            b'text,title\na,T\n"',
            b'",T\nb,T\n',
            b'""x"" ' * 9_999 + b'""x""\n',
            837,
        ),
    ],
)
def test_a_gigantic_record_is_skipped_in_bounded_memory(
    input_format: InputFormat, start: bytes, end: bytes, filling: bytes, after: int
) -> None:
    tracemalloc.start()
    stream = Stream(giant(start, end, filling))
    found = list(read_inputs(["-"], stream, ReadOptions(input_format)))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    before, error, last = found
    assert isinstance(before, Article)
    assert isinstance(last, Article)
    assert str(error).endswith("found more; split it into articles")
    assert (before.text, last.text, last.line_at(0)) == ("a", "b", after)
    assert peak < 10 * MAX_ARTICLE_BYTES


def test_the_largest_record_that_fits_is_read() -> None:
    room = MAX_ARTICLE_BYTES - len('{"text": ""}\n')
    content = (
        json.dumps({"text": "x" * room}) + "\n" + json.dumps({"text": "x" * (room + 1)}) + "\n"
    )
    fits, too_large = told(content, JSONL)
    assert fits == "x" * room
    assert too_large.startswith("-:2: expected an article of at most 5,000,000 bytes")
