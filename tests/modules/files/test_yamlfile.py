from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.files.yamlfile import FORBIDDEN, Fields, FileError, emit, parse

# What a field of a lesson may hold: any text without forbidden characters or edge blanks.
TEXT = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn", "Co"]), min_size=1, max_size=300)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: not FORBIDDEN.search(text))
)
VALUES = st.recursive(
    TEXT.filter(bool),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4) | st.dictionaries(TEXT.filter(bool), inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(TEXT.filter(bool), VALUES, min_size=1, max_size=5))
def test_what_is_written_reads_back(data):
    assert parse(emit(data)) == data


@given(st.dictionaries(TEXT.filter(bool), VALUES, min_size=1, max_size=5))
def test_the_layout_is_canonical(data):
    assert emit(parse(emit(data))) == emit(data)


# What a form may send: blanks at every edge, line ends, and every sign that means something to YAML.
SIGNS = st.text(st.sampled_from("ab \n\t#:-'\"{}[],&*!|>%@`?\\~=é🦀"), min_size=1, max_size=250)


@given(SIGNS)
def test_blanks_and_signs_survive(text):
    data = {"a": {"b": text}, "c": [text, text + "."]}
    assert parse(emit(data)) == data


def test_line_ends_of_browsers_become_those_of_files():
    assert parse(emit({"a": "one\r\ntwo"})) == {"a": "one\ntwo"}


@pytest.mark.parametrize("character", ["\0", "\x1b", "\r", "\x85", "\u2028", "\u202e", "\ud800", "\ufffe"])
def test_what_no_file_could_give_back_is_neither_written_nor_read(character):
    with pytest.raises(FileError, match=f"U\\+{ord(character):04X}"):
        emit({"a": f"one{character}two"})
    with pytest.raises(FileError, match=f"U\\+{ord(character):04X}") as caught:
        parse(f'a: 1\nb: "one\\u{ord(character):04x}two"\n')
    assert caught.value.line == 2


def test_paragraphs_survive():
    data = {"ask": "One.\n\nTwo: *three* # four\n- five"}
    assert parse(emit(data)) == data


@pytest.mark.parametrize("text", ["no", "1e5", "2026-11-23", "null", "~", "0x10", "12:30:45", "=", "<<"])
def test_a_scalar_stays_the_text_it_was(text):
    assert parse(f"a: {text}\n")["a"] == text
    assert emit({"a": text}) == f"a: {text}\n"


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\nb: 2 # why\n", "comments are not kept", 2),
        ("# why\na: 1\n", "comments are not kept", 1),
        ("a: 1\n# why\n", "comments are not kept", 2),
        ("a: &x 1\n", "anchors are not kept", 1),
        ("a: 1\nb: *x\n", "aliases are not kept", 2),
        ("a: !!python/object:os.system 1\n", "tags are not kept", 1),
        ("a: 1\nb: 1\na: 2\n", "'a' is given twice", 3),
        ("a: [1\n", "broken YAML", 2),
        ("- 1\n", "a mapping of fields is expected", 1),
        ("", "a mapping of fields is expected", 1),
        ("a: " + "[" * 13 + "]" * 13, "nested too deep", 1),
    ],
)
def test_what_could_not_be_kept_is_refused_with_its_line(text, message, line):
    with pytest.raises(FileError, match=message) as caught:
        parse(text)
    assert caught.value.line == line


def test_lines_count_from_where_the_yaml_begins():
    with pytest.raises(FileError) as caught:
        parse("a: 1\na: 2\n", first_line=10)
    assert caught.value.line == 11


def test_a_megabyte_of_brackets_is_refused_quickly():
    with pytest.raises(FileError, match="nested too deep"):
        parse("a: " + "[" * 1_000_000)


def test_a_hash_in_a_text_is_no_comment():
    assert parse("a: 'one # two'\nb: |-\n  # three\n") == {"a": "one # two", "b": "# three"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda fields: fields.text("none"), "'none' is missing"),
        (lambda fields: fields.text("list"), "'list' must be text"),
        (lambda fields: fields.number("word"), "'word' must be a whole number, not 'no'"),
        (lambda fields: fields.texts("word"), "'word' must be a list of texts"),
        (lambda fields: fields.mapping("word"), "'word' must be a mapping"),
        (lambda fields: fields.mappings("list"), "'list' must be a list of mappings"),
        (lambda fields: fields.rows("twice", "thing"), "the thing 'x' is given twice"),
        (lambda fields: fields.rows("nameless", "thing"), "'id' is missing"),
        (lambda fields: fields.refuse_unknown(["word"]), "unknown field 'list'"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(call, message):
    fields = parse("word: no\nlist: [a, b]\ntwice: [{id: x}, {id: x}]\nnameless: [{a: b}]\n")
    assert isinstance(fields, Fields)
    with pytest.raises(FileError, match=message):
        call(fields)
