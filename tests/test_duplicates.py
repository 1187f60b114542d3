"""Planted copies are found, boilerplate is not, and the share is the true one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import prose

from attrib.duplicates import SHINGLE, near_copies, same_words, words


def found(
    texts: list[str], outlets: list[str | None] | None = None
) -> dict[tuple[int, int], float]:
    pairs = near_copies(texts, outlets or [None] * len(texts))
    return {(pair.first, pair.second): pair.overlap for pair in pairs}


def test_same_words_are_found_whatever_their_case_and_marks() -> None:
    texts = ["The dam — is safe.", "It rained.", "the DAM is\nsafe", "It rained, it rained."]
    assert same_words(texts) == [[0, 2], [1], [3]]
    assert same_words([]) == []


def test_a_planted_passage_is_found_with_its_share() -> None:
    # 40 words of 60 and of 200: 33 shingles of the shorter one's 53
    passage = prose("passage", 40)
    texts = [prose("a", 100), f"{prose('b', 10)} {passage} {prose('c', 10)}"]
    texts += [f"{prose('d', 100)} {passage.upper()}! {prose('e', 60)}", prose("f", 100)]
    assert found(texts) == {(1, 2): pytest.approx(33 / 53)}


@pytest.mark.parametrize(("shared", "told"), [(35, True), (33, False)])
def test_pairs_are_told_from_three_tenths_upwards(shared: int, told: bool) -> None:
    # 100 words are 93 shingles; 35 words share 28, 33 share 26
    passage = prose("passage", shared)
    texts = [f"{prose(name, 100 - shared)} {passage}" for name in "ab"]
    assert bool(found(texts)) is told


def test_less_than_a_shingle_is_no_passage() -> None:
    passage = prose("passage", SHINGLE - 1)
    assert found([f"{prose('a', 3)} {passage}", f"{passage} {prose('b', 3)}"]) == {}
    assert found(["", "Too short.", "Too short!"]) == {}
    assert found([]) == {}


FOOTER = prose("footer", 50)


def test_boilerplate_of_an_outlet_is_no_copy() -> None:
    # 43 of 93 shingles are the outlet's footer: 46 per cent, in six texts of one outlet
    texts = [f"{prose(number, 50)} {FOOTER}" for number in range(6)]
    assert found(texts, ["Post"] * 6) == {}
    assert found(texts) == {}  # outlets unknown count as one
    # The same in six outlets is an agency's report that all of them took over.
    assert len(found(texts, [f"Post {number}" for number in range(6)])) == 15


def test_boilerplate_takes_nothing_from_a_copy() -> None:
    # Without the footer's 43, 50 of 93 shingles are an article's own. The passage's 33 are in two,
    # and so are the 7 that reach from the passage into the footer.
    passage = prose("passage", 40)
    texts = [f"{prose(number, 50)} {FOOTER}" for number in range(6)]
    texts += [f"{prose(name, 10)} {passage} {FOOTER}" for name in "xy"]
    assert found(texts, ["Post"] * 8) == {(6, 7): pytest.approx(40 / 50)}


def test_versions_of_one_story_are_copies_however_many() -> None:
    story = prose("story", 200)
    texts = [f"{story} {prose(number, 20)}" for number in range(7)]
    assert len(found(texts, ["Post"] * 7)) == 21


def test_hundreds_of_versions_are_tied_to_the_first() -> None:
    story = prose("story", 60)
    texts = [f"{story} {prose(number, 10)}" for number in range(120)]
    pairs = found([*texts, prose("other", 60)], [None] * 121)
    assert {(0, number) for number in range(1, 120)} <= pairs.keys()
    assert all(second < 120 for _, second in pairs)


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=24), max_size=6))
def test_the_share_is_that_of_the_shingles(texts: list[list[str]]) -> None:
    # Each text has an outlet of its own, so nothing is boilerplate.
    given_texts = [" ".join(text) for text in texts]
    outlets: list[str | None] = [f"outlet {number}" for number in range(len(texts))]
    shingles = [
        {tuple(w[i : i + SHINGLE]) for i in range(len(w) - SHINGLE + 1)}
        for w in map(words, given_texts)
    ]
    expected = {
        (i, j): len(shingles[i] & shingles[j]) / min(len(shingles[i]), len(shingles[j]))
        for j in range(len(texts))
        for i in range(j)
        if shingles[i] and shingles[j]
    }
    assert found(given_texts, outlets) == {
        pair: pytest.approx(share) for pair, share in expected.items() if share >= 0.3
    }
