"""Articles to verdicts: sound values, plain sentences read right, two engines with one answer."""

import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from attrib import modelfolder
from attrib.article import Article, Label, Report, SourceKind
from attrib.checker import Checker, load
from attrib.classes import FOLD
from attrib.corpus import LabelledArticle, spans
from attrib.errors import InputError, ModelError
from attrib.readers import ReadOptions, read_inputs
from attrib.runtime.onnx import OnnxRuntime
from attrib.runtime.torch import TorchRuntime
from attrib.sentences import split
from attrib.windows import Encoding

# The graph rounds activations, the torch engine does not. Measured over all 894 sentences of the
# invented articles: probabilities differ by 0.034 at the 99th percentile, 0.047 at most, and five
# sentences get another label; with the model before these were 0.033, 0.088 and six.
TOLERANCE_MEDIAN = 0.001
TOLERANCE_99 = 0.045
TOLERANCE_MAX = 0.12
SAME_LABEL = 0.985

A, U, C = Label.ATTRIBUTED, Label.UNATTRIBUTED, Label.CONTESTED


def labels(checker: Checker, text: str) -> list[Label]:
    return [verdict.label for verdict in checker.score(text).verdicts]


def test_every_verdict_is_sound(report: Report) -> None:
    for scored in report.articles:
        text = scored.article.text
        assert [(v.start, v.end) for v in scored.verdicts] == [
            (s.start, s.end) for s in split(text)
        ]
        for index, verdict in enumerate(scored.verdicts):
            assert verdict.index == index
            assert verdict.text == text[verdict.start : verdict.end]
            assert set(verdict.probabilities) == set(Label)
            assert sum(verdict.probabilities.values()) == pytest.approx(1, abs=1e-9)
            assert all(0 <= p <= 1 for p in verdict.probabilities.values())
            assert verdict.confidence == verdict.probabilities[verdict.label]
            assert verdict.confidence == max(verdict.probabilities.values())
            assert (verdict.source_kind is not None) == (verdict.label is A)


def test_a_report_over_a_folder_has_each_article_in_order(
    released: Checker, report: Report, tmp_path: Path
) -> None:
    chosen = report.articles[:3]
    for scored in chosen:
        (tmp_path / f"{scored.article.id}.txt").write_bytes(scored.article.text.encode())
    with Path("/dev/null").open("rb") as nothing:
        read = list(read_inputs([str(tmp_path)], nothing, ReadOptions()))
    again = released.report(a for a in read if isinstance(a, Article))
    assert again.model == report.model
    assert [s.article.id for s in again.articles] == [s.article.id for s in chosen]
    assert [s.verdicts for s in again.articles] == [s.verdicts for s in chosen]
    assert [s.summary.sentences for s in again.articles] == [len(s.verdicts) for s in chosen]


def test_the_report_names_the_model_that_spoke(report: Report) -> None:
    assert report.model == modelfolder.open_folder(modelfolder.released()).identity
    assert len(report.articles) == 27
    assert all(scored.notices == () for scored in report.articles[:3])


def test_an_article_alone_gets_the_verdicts_it_gets_among_others(
    released: Checker, report: Report
) -> None:
    for scored in report.articles[::7]:
        assert released.score_article(scored.article).verdicts == scored.verdicts


def test_the_size_of_batches_does_not_change_probabilities(
    invented: list[LabelledArticle], monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = load(device="cpu")
    text = "\n".join(labelled.article.text for labelled in invented[:4])
    sentences = split(text)
    together, _ = checker.probabilities(text, sentences)
    monkeypatch.setattr(TorchRuntime, "batch_tokens", 1)
    alone, _ = checker.probabilities(text, sentences)
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize(("engine", "tolerance"), [(OnnxRuntime, 0.0), (TorchRuntime, 1e-4)])
def test_what_is_read_beside_a_window_does_not_change_its_logits(
    engine: type[OnnxRuntime] | type[TorchRuntime], tolerance: float
) -> None:
    runtime = engine(modelfolder.open_folder(modelfolder.released()))
    short = Encoding((101, 1996, 5283, 102), (3,))
    long = Encoding((101, *[1996] * 200, 102), (201,))
    (alone,) = runtime.logits([short])
    beside, _ = runtime.logits([short, long])
    assert beside == pytest.approx(alone, abs=tolerance)
    assert not np.allclose(runtime.logits([long])[0], alone)  # logits do depend on the text


def test_a_graph_of_an_earlier_attrib_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(modelfolder.released(), folder)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [None])
    same = helper.make_node("Identity", ["input_ids"], ["logits"])
    out = helper.make_tensor_value_info("logits", TensorProto.INT64, [None])
    graph = helper.make_graph([same], "old", [ids], [out])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / modelfolder.GRAPH)
    modelfolder.write_manifest(folder, modelfolder.open_folder(modelfolder.released()).manifest)
    with pytest.raises(ModelError, match=r"found input_ids: .* attrib model export .*old --dev"):
        load(str(folder))


def test_the_title_takes_no_part_and_is_kept(released: Checker) -> None:
    text = "The dam is safe, the mayor said."
    titled = released.score(text, title="Russia denies everything")
    assert titled.article.title == "Russia denies everything"
    assert titled.verdicts == released.score(text).verdicts


# Pairs of the plainest sentences: one sign makes the difference.
@pytest.mark.parametrize(
    ("attributed", "unattributed"),
    [
        ('"The dam is safe," Mayor Ana Silva said on Monday.', "The dam was built in 1931."),
        (
            "According to the police report, the driver fled on foot.",
            "The museum opens at nine on Mondays.",
        ),
    ],
)
def test_a_source_that_says_so_and_none(
    attributed: str, unattributed: str, released: Checker
) -> None:
    (verdict,) = released.score(attributed).verdicts
    assert (verdict.label, verdict.source_kind) == (A, SourceKind.NAMED)
    assert labels(released, unattributed) == [U]


def test_a_named_source_and_one_that_asked_not_to_be(released: Checker) -> None:
    kinds = [
        released.score(f"{source} said the suspect had fled the country.").verdicts[0].source_kind
        for source in (
            "Police Chief Ana Silva",
            "A police official who spoke on condition of anonymity",
        )
    ]
    assert kinds == [SourceKind.NAMED, SourceKind.UNNAMED]


def test_a_claim_denied_and_a_request_denied(released: Checker) -> None:
    assert labels(released, "The minister denied the claim that he had taken bribes.") == [C]
    assert labels(released, "The minister denied the request.") != [C]


def test_a_quotation_that_goes_on_stays_with_its_speaker(released: Checker) -> None:
    text = (
        "“We will rebuild the school,” Mayor Ana Silva said on Friday. “We will do it before "
        "winter comes. Nobody will be left behind.” The school was built in 1931."
    )
    assert labels(released, text) == [A, A, A, U]
    # The same words outside a quotation are the outlet's own.
    assert labels(released, "The school was built in 1931. Trams run every nine minutes.") == [U, U]


def test_a_sentence_of_twenty_thousand_words_gets_one_verdict_and_a_warning(
    released: Checker,
) -> None:
    text = "the dam is safe and " * 4_000
    began = time.process_time()
    scored = released.score(text)
    assert time.process_time() - began < 10  # 0.2 on an idle machine
    (verdict,) = scored.verdicts
    assert verdict.text == text.strip()
    assert any("one label" in notice or "too long" in notice for notice in scored.notices)


def test_a_sentence_too_long_among_others_is_told_by_its_index(released: Checker) -> None:
    scored = released.score("The dam held.\n" + "the dam is safe and " * 4_000 + "\nIt rained.")
    assert len(scored.verdicts) == 3
    (notice,) = scored.notices
    assert "1 sentence too long" in notice
    assert "first: sentence 1" in notice


def test_who_speaks_at_the_end_of_a_sentence_too_long_still_counts(released: Checker) -> None:
    claim = "the road to the coast is closed and the bridge is closed and " * 100
    spoken = f"“The dam is safe and {claim}nobody may cross it,” Mayor Ana Silva said on Monday."
    assert labels(released, spoken) == [A]


def test_a_text_without_sentence_end_is_one_sentence(released: Checker) -> None:
    assert [v.text for v in released.score("the dam held").verdicts] == ["the dam held"]


def test_another_language_is_scored_with_a_warning(released: Checker) -> None:
    scored = released.score(
        "Die Bürgermeisterin sagte am Montag, die Brücke bleibe gesperrt. Es regnete die ganze "
        "Nacht, und niemand ging aus dem Haus."
    )
    assert len(scored.verdicts) == 2
    (notice,) = scored.notices
    assert "does not look English" in notice


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff", "123 … ?!", "—" * 50])
def test_a_text_without_a_letter_is_refused(text: str, released: Checker) -> None:
    with pytest.raises(InputError) as raised:
        released.score_article(Article(text, source="draft.txt"))
    assert str(raised.value).startswith("draft.txt: expected an article")


@pytest.mark.parametrize(
    "text",
    ["a", "文", "ا", "e\u0301", "😀 The dam held.", "a\x00b said.", "\ufeffThe\u202e dam held."],
)
def test_odd_texts_are_scored(text: str, released: Checker) -> None:
    (verdict,) = released.score(text).verdicts
    assert verdict.text == text[verdict.start : verdict.end]


def test_half_of_a_surrogate_pair_is_refused_with_its_place(released: Checker) -> None:
    with pytest.raises(InputError, match="surrogate pair at character 14"):
        released.score("The dam held, \ud83d he said.")


def test_an_empty_report_has_no_articles(released: Checker) -> None:
    assert released.report([]).articles == ()


def test_onnx_and_torch_give_the_same_answer(
    released: Checker, invented: Sequence[LabelledArticle]
) -> None:
    torch_checker = load(device="cpu")
    one, other = (
        np.concatenate(
            [
                checker.probabilities(labelled.article.text, spans(labelled))[0] @ FOLD
                for labelled in invented
            ]
        )
        for checker in (released, torch_checker)
    )
    difference = np.abs(one - other)
    assert len(one) > 800
    assert np.median(difference) < TOLERANCE_MEDIAN
    assert np.percentile(difference, 99) < TOLERANCE_99
    assert difference.max() < TOLERANCE_MAX
    assert (one.argmax(axis=1) == other.argmax(axis=1)).mean() >= SAME_LABEL
    assert torch_checker.model == released.model


def test_torch_without_the_extra_says_which_command_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"pip install 'attrib\[train\]'"):
        load(device="cuda")
