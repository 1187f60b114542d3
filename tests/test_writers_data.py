"""The formats that programs read: json, jsonl, csv, github and sarif."""

import csv
import io
import json
import re
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from reports import KINDS

from attrib.article import Article, Label, ModelIdentity, Report, ScoredArticle, Verdict
from attrib.selection import Selection
from attrib.writers import Format, write
from attrib.writers.rows import COLUMNS

EVERYTHING = Selection()
MODEL = ModelIdentity("invented", "0.0.1", "ab" * 32)


def verdict(index: int, start: int, text: str, kind: str, shares: list[float]) -> Verdict:
    label, source = KINDS[kind]
    others = [other for other in Label if other is not label]
    probabilities = dict(zip([label, *others], shares, strict=True))
    return Verdict(index, start, start + len(text), text, label, shares[0], probabilities, source)


def report(*sentences: tuple[str, str], **about: Any) -> Report:
    """A report on one article, its sentences (kind, text) joined by single spaces."""
    verdicts, start = [], 0
    for index, (kind, text) in enumerate(sentences):
        verdicts.append(verdict(index, start, text, kind, [0.875, 0.1, 0.025]))
        start += len(text) + 1
    article = Article(text=" ".join(text for _, text in sentences), **about)
    return Report(MODEL, (ScoredArticle(article, tuple(verdicts)),))


def written(of: Report, fmt: Format, selection: Selection = EVERYTHING) -> str:
    stream = io.StringIO()
    write(of, fmt, selection, stream, color=False, width=80)
    return stream.getvalue()


FOUR = report(
    ("U", "The bridge closed on Monday."),
    ("A", "It will open in May, the council said."),
    ("V", "Residents say they were not told."),
    ("C", "The council denies it."),
    source="drafts/bridge.txt",
    title="A bridge",
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    articles = []
    anything = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)
    for _ in range(draw(st.integers(0, 2))):
        verdicts: list[Verdict] = []
        text = ""
        for index in range(draw(st.integers(0, 4))):
            sentence = draw(anything)
            cuts = sorted([draw(st.floats(0, 1)), draw(st.floats(0, 1))])
            shares = sorted([cuts[0], cuts[1] - cuts[0], 1 - cuts[1]], reverse=True)
            kind = draw(st.sampled_from("AVUC"))
            verdicts.append(verdict(index, len(text), sentence, kind, shares))
            text += sentence + draw(st.sampled_from([" ", "\n"]))
        article = Article(text, draw(anything), draw(anything), draw(st.none() | anything))
        articles.append(ScoredArticle(article, tuple(verdicts)))
    return Report(MODEL, tuple(articles))


def validator() -> Draft202012Validator:
    schema = json.loads(files("attrib.writers").joinpath("report.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_json_has_exactly_the_documented_keys_in_order() -> None:
    document = json.loads(written(FOUR, Format.JSON))
    assert list(document) == ["schema", "model", "articles"]
    assert list(document["model"]) == ["name", "version", "sha256"]
    article = document["articles"][0]
    assert list(article) == ["id", "source", "title", "summary", "sentences"]
    assert list(article["summary"].values()) == [4, 2, 1, 1, 1]
    assert article["sentences"][2] == {
        "index": 2,
        "start": 68,
        "end": 101,
        "text": "Residents say they were not told.",
        "label": "attributed",
        "confidence": 0.875,
        "probabilities": {"attributed": 0.875, "unattributed": 0.1, "contested": 0.025},
        "source_kind": "unnamed",
    }


@settings(max_examples=60, deadline=None)
@given(reports())
def test_any_report_keeps_the_schema_and_survives_utf8(of: Report) -> None:
    text = written(of, Format.JSON)
    text.encode("utf-8")
    document = json.loads(text)
    assert not list(validator().iter_errors(document))
    for article in document["articles"]:
        for sentence in article["sentences"]:
            shares = sentence["probabilities"]
            assert sum(shares.values()) == pytest.approx(1, abs=2e-4)
            assert sentence["confidence"] == shares[sentence["label"]]


def test_the_schema_refuses_what_it_does_not_know() -> None:
    check = validator()
    for where in ([], ["model"], ["articles", 0], ["articles", 0, "sentences", 0]):
        document: Any = json.loads(written(FOUR, Format.JSON))
        place = document
        for step in where:
            place = place[step]
        place["more"] = 1
        assert not check.is_valid(document)


def test_the_schema_describes_every_field() -> None:
    fields = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "object":
                assert node["additionalProperties"] is False
                fields.extend(node["properties"].values())
                assert set(node["required"]) == set(node["properties"])
            for child in node.values():
                walk(child)

    schema: Any = validator().schema
    walk(schema)
    definitions = schema["$defs"]
    for field in fields:
        target = definitions[field["$ref"].rsplit("/", 1)[1]] if "$ref" in field else {}
        assert field.get("description") or target.get("description"), field
    assert len(fields) == 27


def test_counts_are_of_whole_articles_and_sentences_of_the_selection() -> None:
    document = json.loads(
        written(FOUR, Format.JSON, Selection(frozenset({Label.CONTESTED}), min_confidence=0.5))
    )
    article = document["articles"][0]
    assert article["summary"]["sentences"] == 4
    assert [s["index"] for s in article["sentences"]] == [3]
    nothing = written(FOUR, Format.CSV, Selection(min_confidence=0.9))
    assert nothing.count("\n") == 1


@settings(max_examples=60, deadline=None)
@given(reports())
def test_jsonl_and_csv_hold_the_same_rows(of: Report) -> None:
    lines = [json.loads(line) for line in written(of, Format.JSONL).splitlines()]
    assert all(list(line) == list(COLUMNS) for line in lines)
    header, *rows = csv.reader(io.StringIO(written(of, Format.CSV), newline=""), strict=True)
    assert header == list(COLUMNS)
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        for cell, column in zip(row, COLUMNS, strict=True):
            value = "" if line[column] is None else str(line[column])
            safe = re.sub("[\ud800-\udfff]", "\ufffd", value)
            # "'" in front of what a spreadsheet would run
            assert cell == (f"'{safe}" if re.match(r"[=+\-@\t\r]", safe) else safe)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_cells_are_never_formulas(start: str) -> None:
    text = written(report(("U", start), title=start), Format.CSV)
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row[COLUMNS.index("text")] == row[COLUMNS.index("title")] == f"'{start}"


def test_csv_numbers_are_bare_and_rows_end_in_a_line_feed() -> None:
    text = written(FOUR, Format.CSV)
    assert "\r" not in text
    assert ',0,0,28,"The bridge closed on Monday.","unattributed",0.875,0.1,0.875,0.025,' in text


def test_jsonl_lines_end_only_where_a_row_ends() -> None:
    of = report(("U", "One\u2028two\x85three\x9b31m \u202efour\ud800"))
    text = written(of, Format.JSONL)
    assert len(text.splitlines()) == 1
    assert json.loads(text)["text"] == "One\u2028two\x85three\x9b31m \u202efour\ud800"
    assert text[:-1].isprintable()


def github(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands back as GitHub's runner does."""

    def plain(value: str) -> str:
        for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n")):
            value = value.replace(code, character)
        return value.replace("%25", "%")

    commands = []
    for line in text.removesuffix("\n").split("\n") if text else []:
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match, line
        pairs = (part.split("=", 1) for part in match[2].split(","))
        commands.append((match[1], {k: plain(v) for k, v in pairs}, plain(match[3])))
    return commands


def test_github_warns_of_contested_and_notes_what_no_named_source_vouches_for() -> None:
    commands = github(written(FOUR, Format.GITHUB))
    assert [(level, told["title"]) for level, told, _ in commands] == [
        ("notice", "Unattributed"),
        ("notice", "Unnamed source"),
        ("warning", "Contested"),
    ]
    assert commands[2][2] == (
        "Contested (88%). The article shows two sides that cannot both be right. "
        "“The council denies it.”"
    )


def test_github_shows_named_sources_only_to_those_who_ask() -> None:
    asked = Selection(frozenset({Label.ATTRIBUTED}))
    titles = [told["title"] for _, told, _ in github(written(FOUR, Format.GITHUB, asked))]
    assert titles == ["Attributed", "Unnamed source"]


def test_github_says_where_in_the_file() -> None:
    of = report(
        ("U", "One."), ("U", "Two\ntwo."), source="a,b:c%.txt", lines=((0, 3), (5, 4), (9, 7))
    )
    text = written(of, Format.GITHUB)
    assert text.startswith("::notice file=a%2Cb%3Ac%25.txt,line=3,endLine=3,")
    assert github(text)[1][1] == {
        "file": "a,b:c%.txt",
        "line": "4",
        "endLine": "7",
        "title": "Unattributed",
    }


def test_github_names_the_file_of_a_record() -> None:
    text = written(
        report(("U", "One."), source="C:/feed.jsonl:12", lines=((0, 12),)), Format.GITHUB
    )
    assert github(text)[0][1]["file"] == "C:/feed.jsonl"
    assert github(text)[0][1]["line"] == "12"


@settings(max_examples=60, deadline=None)
@given(reports())
def test_no_article_can_speak_to_the_runner(of: Report) -> None:
    text = written(of, Format.GITHUB)
    text.encode("utf-8")
    assert len(github(text)) == len(json.loads(written(of, Format.SARIF))["runs"][0]["results"])


def test_sarif_tells_the_same_findings() -> None:
    log = json.loads(written(FOUR, Format.SARIF))
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    assert driver["name"] == "attrib"
    levels = {r["id"]: r["defaultConfiguration"]["level"] for r in driver["rules"]}
    assert list(levels.items())[:3] == [
        ("attrib/contested", "warning"),
        ("attrib/unattributed", "note"),
        ("attrib/unnamed-source", "note"),
    ]
    model = {"name": "invented", "version": "0.0.1", "sha256": "ab" * 32}
    assert run["properties"]["model"] == model
    assert [r["ruleId"] for r in run["results"]] == [
        "attrib/unattributed",
        "attrib/unnamed-source",
        "attrib/contested",
    ]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert levels[result["ruleId"]] == result["level"]
        assert result["properties"]["confidence"] == 0.875
    assert run["results"][2]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "drafts/bridge.txt"},
        "region": {"startLine": 1, "endLine": 1, "snippet": {"text": "The council denies it."}},
    }


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("a b/ü?#.txt", "a%20b/%C3%BC%3F%23.txt"),
        ("a\\b.txt", "a/b.txt"),
        ("feed.jsonl:7", "feed.jsonl"),
        ("12:30 notes.txt", "12%3A30%20notes.txt"),
        ("/news/a b.txt", "file:///news/a%20b.txt"),
        ("C:\\news\\a.txt", "file:///C:/news/a.txt"),
        ("caf\udce9.txt", "caf%E9.txt"),  # a byte that is not UTF-8, as Python reads file names
        ("odd\ud800.txt", "odd%EF%BF%BD.txt"),
    ],
)
def test_sarif_names_files_by_uri(source: str, uri: str) -> None:
    run = json.loads(written(report(("U", "One."), source=source), Format.SARIF))["runs"][0]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == uri


def test_sarif_fingerprints_outlast_moved_lines_and_tell_repeats_apart() -> None:
    def prints(of: Report) -> list[str]:
        results = json.loads(written(of, Format.SARIF))["runs"][0]["results"]
        return [r["partialFingerprints"]["sentence/v1"] for r in results]

    before = prints(report(("U", "Same."), ("U", "Same."), source="a.txt"))
    moved = prints(report(("A", "New, he said."), ("U", "Same."), ("U", "Same."), source="a.txt"))
    assert before == moved
    assert len(set(before)) == 2
    assert prints(report(("U", "Same."), source="b.txt"))[0] != before[0]


@pytest.mark.parametrize("fmt", list(Format))
def test_writers_are_deterministic_and_take_an_empty_report(fmt: Format) -> None:
    assert written(FOUR, fmt) == written(FOUR, fmt)
    written(Report(MODEL), fmt)


@pytest.mark.parametrize("fmt", [f for f in Format if f not in (Format.TEXT, Format.HTML)])
def test_data_formats_start_without_rich_and_jinja2(fmt: Format) -> None:
    code = (
        "import io, sys; from attrib.article import *; from attrib.selection import Selection; "
        "from attrib.writers import *; write(Report(ModelIdentity('m', '1', 'a')), "
        f"Format('{fmt}'), Selection(), io.StringIO(), False, 80); "
        "assert not {'rich', 'jinja2', 'torch', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
