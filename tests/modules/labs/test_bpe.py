"""The lesson's tokenizer against a naive one, and the promises the lesson makes for it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.labs.bpe import decode, encode, merge, replaceable, replay, split, train, vocabulary

CORPUS = ["the cat sat on the mat, the other cat sat on the hat", "aaaa aaa aa a", "naïve cafés 東京 🦀🦀 ก็ก็"]
PIECE = st.sampled_from([b"a", b"b", b"ab"])
few_letters = st.text(alphabet="aab ", max_size=40)


def ranked(texts, merges):
    return {pair: rank for rank, pair in enumerate(train(texts, merges))}


def by_bytes(word):
    return [bytes([byte]) for byte in word]


def naive_train(texts, merges):
    """Recount everything after every merge."""
    learned = []
    words = [by_bytes(word) for text in texts for word in split(text)]
    for _ in range(merges):
        count = Counter(pair for word in words for pair in naive_pairs(word))
        best = min(count, key=lambda pair: (-count[pair], pair), default=None)
        if best is None or count[best] < 2:
            break
        learned.append(best)
        words = [naive_merge(word, best) for word in words]
    return learned


def naive_pairs(pieces):
    """Count each pair by merging it and seeing how many pieces fewer are left."""
    return Counter({pair: len(pieces) - len(naive_merge(pieces, pair)) for pair in pairwise(pieces)}).elements()


def naive_merge(pieces, pair):
    for i, two in enumerate(pairwise(pieces)):
        if two == pair:
            return [*pieces[:i], b"".join(two), *naive_merge(pieces[i + 2 :], pair)]
    return pieces


def naive_encode(text, learned):
    """Replay training itself: every merge in turn, over every word."""
    words = [by_bytes(word) for word in split(text)]
    for pair in learned:
        words = [naive_merge(word, pair) for word in words]
    return [piece for word in words for piece in word]


@given(st.text())
def test_any_text_comes_back_byte_for_byte(text):
    assert decode(encode(text, ranked(CORPUS, 60))) == text


@pytest.mark.parametrize(
    "text", ["", " ", "\r\n\t", "👩‍👩‍👧‍👦", "e\u0301 é", "\u202eabc", "\x00", "ไทย हिन्दी עברית", "\U0010ffff", "_a_1²½"]
)
def test_awkward_text_comes_back_byte_for_byte(text):
    assert decode(encode(text, ranked(CORPUS, 60))) == text


def test_text_without_merges_is_its_bytes():
    assert encode("é🦀", {}) == by_bytes("é🦀".encode())


@given(st.lists(few_letters, max_size=6), st.integers(0, 25))
def test_training_agrees_with_recounting_everything(texts, merges):
    assert list(train(texts, merges)) == naive_train(texts, merges)


@given(st.lists(few_letters, max_size=6), few_letters)
def test_lowest_rank_first_agrees_with_replaying_training(texts, text):
    learned = list(train(texts, 30))
    assert encode(text, {pair: rank for rank, pair in enumerate(learned)}) == naive_encode(text, learned)


@given(st.lists(few_letters, max_size=6))
def test_no_two_merges_make_the_same_piece(texts):
    ranks = ranked(texts, 50)
    assert len(vocabulary(ranks)) == 256 + len(ranks)


@given(
    st.lists(st.sampled_from([b"a", b"b", b"ab"]), max_size=12), st.tuples(*[st.sampled_from([b"a", b"b", b"ab"])] * 2)
)
def test_a_merge_shortens_by_exactly_its_count(pieces, pair):
    assert len(pieces) - len(merge(pieces, pair)) == list(replaceable(pieces)).count(pair)


def test_the_most_frequent_pair_is_learned_first():
    assert next(train(["cab cab cab", "xy xy"], 1)) == (b"a", b"b")


def test_a_tie_goes_to_the_pair_that_sorts_first():
    assert list(train(["zy zy ab ab"], 1)) == [(b" ", b"a")]
    assert list(train(["zy", "zy", "ab", "ab"], 2)) == [(b"a", b"b"), (b"z", b"y")]


def test_the_order_of_the_texts_does_not_matter():
    assert list(train(CORPUS, 40)) == list(train(CORPUS[::-1], 40))


def test_a_pair_seen_once_is_not_learned():
    assert list(train(["abcdef"], 5)) == []


def test_known_merges_of_a_known_word():
    ranks = {(b"s", b"t"): 0, (b"st", b"r"): 1, (b"a", b"w"): 2}
    states = list(replay(b"straw", ranks))
    assert states == [
        ([b"s", b"t", b"r", b"a", b"w"], (b"s", b"t")),
        ([b"st", b"r", b"a", b"w"], (b"st", b"r")),
        ([b"str", b"a", b"w"], (b"a", b"w")),
        ([b"str", b"aw"], None),
    ]


def test_the_longest_match_is_not_what_encoding_looks_for():
    ranks = {(b"b", b"c"): 0, (b"a", b"b"): 1, (b"ab", b"c"): 2}
    assert encode("abc", ranks) == [b"a", b"bc"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it's 1234, isn't it?", ["it", "'s", " 1234", ",", " isn", "'t", " it", "?"]),
        ("two  spaces ", ["two", " ", " spaces", " "]),
        ("a\n\n  b", ["a", "\n\n ", " b"]),
        ("snake_case", ["snake", "_", "case"]),
        ("東京 2026", ["東京", " 2026"]),
    ],
)
def test_words_are_cut_like_this(text, words):
    assert [word.decode() for word in split(text)] == words


@given(st.text())
def test_cutting_loses_nothing(text):
    assert b"".join(split(text)) == text.encode()


def test_half_a_character_decodes_to_a_mark():
    assert decode([b"\xe0\xa4"]) == "\ufffd"
