import pytest

from modules.rendering.sentences import CITATION, sentences


def split(text):
    text = text.replace("@", CITATION)
    return [text[start:end].strip().replace(CITATION, "@") for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "One sentence without an end",
        "It holds 3.5 of them.",
        "Some, e.g. 40 of them, i.e. most, hold.",
        "See Fig. 3 and Eq. 4 of Pope et al. 2022.",
        "It was no. 40 on p. 12 vs. 30 before.",
        "Caches, buffers, etc. are counted.",
        "It asks “why?” and goes on.",
        "Version 2.1.3 has it.",
        "About approx. 40 of them.",
        "An end with a citation. @",
        "An end with two. @ @",
        "An end with one at the stop.@",
        "It ends in brackets (see there).",
    ],
)
def test_one_sentence(text):
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("One! Two? Three", ["One!", "Two?", "Three"]),
        ("It is 3.5. Then 4.", ["It is 3.5.", "Then 4."]),
        ("It has 40. vLLM has fewer.", ["It has 40.", "vLLM has fewer."]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("One (in brackets.) Two.", ["One (in brackets.)", "Two."]),
        ('He said "one." Two.', ['He said "one."', "Two."]),
        ("Is it no. Then two.", ["Is it no.", "Then two."]),
        ("Caches, etc. Then two.", ["Caches, etc.", "Then two."]),
        ("The matrix A. The matrix B.", ["The matrix A.", "The matrix B."]),
        ("It helps. @ The rest does not.", ["It helps. @", "The rest does not."]),
        ("It helps.@ The rest does not.", ["It helps.@", "The rest does not."]),
        ("It helps. @ show that it does.", ["It helps.", "@ show that it does."]),
        ("It helps @. @ The rest.", ["It helps @. @", "The rest."]),
    ],
)
def test_several_sentences(text, parts):
    assert split(text) == parts
