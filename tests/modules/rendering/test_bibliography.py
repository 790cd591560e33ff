import pytest

from modules.rendering import Source
from modules.rendering.bibliography import details, people, short_name, short_names


def source(key="a", authors=(), year="2022", **fields):
    return Source(key, "article", authors, fields.pop("title", "Title"), year, **fields)


@pytest.mark.parametrize(
    ("authors", "name"),
    [
        ((), "Title 2022"),
        ((("Meta", ""),), "Meta 2022"),
        ((("Dao", "Tri"), ("Fu", "Dan")), "Dao and Fu 2022"),
        ((("Touvron", "Hugo"), ("others", "")), "Touvron et al. 2022"),
        ((("Pope", "Reiner"), ("B", ""), ("C", "")), "Pope et al. 2022"),
    ],
)
def test_short_name_is_author_and_year(authors, name):
    assert short_name(source(authors=authors)) == name


def test_alike_names_get_letters_in_order_of_keys():
    meta = (("Meta", ""),)
    names = short_names([source("z", meta), source("b", meta), source("c", meta, year="2023")])
    assert names == {"b": "Meta 2022a", "z": "Meta 2022b", "c": "Meta 2023"}


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, ""), (1, "G0 F0"), (2, "G0 F0 and G1 F1"), (3, "G0 F0, G1 F1 and G2 F2")],
)
def test_people_are_listed_in_full(count, written):
    assert people([(f"F{n}", f"G{n}") for n in range(count)]) == written


def test_long_lists_of_people_are_cut():
    assert people([(f"F{n}", "") for n in range(30)]).endswith("F9 and 20 others")
    assert people([("F", ""), ("others", "")]) == "F and others"


def test_details_have_no_double_stop():
    assert details(source(eprint="2211.05102v1", note="A note.", checked_on="2026-11-01")) == [
        "arXiv:2211.05102v1",
        "A note",
        "Checked 2026-11-01",
    ]
