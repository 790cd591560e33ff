"""Plots that stand in a lesson's text are made of the ledger as it is."""

import pytest

from modules.explorers import ExplorerError, drawn
from modules.ledger import Entry, Graph
from modules.rendering.orders import read_order

ENTRIES = {
    entry.id: entry
    for entry in (
        Entry("one:keys", value="8 token", because="a window", label="Keys"),
        Entry("one:slope", value="3 FLOP/token", because="a toy", label="Slope"),
        Entry("one:work", formula="slope * keys", unit="FLOP", label="Work"),
        Entry("one:same", formula="slope * keys", unit="kFLOP", label="The same"),
        Entry("model.width", value="64", because="a toy", label="Width"),
    )
}


def draw(order):
    return drawn(read_order(order), "growth", "one", Graph(ENTRIES.values()), ENTRIES)


def test_a_plot_follows_the_formula_and_marks_the_ledgers_own_value():
    plot = draw("work over keys from 1 token to 61 token")
    cells = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in plot.rows]
    assert plot.head == ["Keys", "Work"]
    assert (cells[0], cells[-1]) == (["1 token", "3 FLOP"], ["61 tokens", "183 FLOP"])
    assert ["8 tokens", "24 FLOP"] in cells
    assert plot.svg.count('<circle class="f-box"') == 1


def test_axes_say_their_units_in_words():
    svg = draw("work over keys from 1 token to 61 token").svg
    assert ">Keys (tokens)<" in svg
    assert ">Work (FLOP)<" in svg


def test_there_is_a_line_for_each_value_of_another_number():
    plot = draw("work over keys from 1 token to 61 token, log by slope at 3 FLOP/token, 6 FLOP/token")
    assert len(plot.head) == 3
    assert plot.rows[0][2].startswith("6")


def test_two_numbers_stand_on_one_axis_in_one_unit():
    plot = draw("work, same over keys from 1 token to 61 token")
    assert [row[1] for row in plot.rows] == [row[2] for row in plot.rows]
    assert plot.svg.count('<circle class="f-box"') == 2


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("work over nothing from 1 to 2", "the input 'nothing' is not a ledger number"),
        ("nothing over keys from 1 token to 9 token", "it names 'one:nothing', which there is not"),
        ("work over keys from 1 token to 2 token", "outside its bounds"),
        ("work over keys from 9 token to 1 token", "must rise"),
        ("work over keys from 1 B to 9 B", "token"),
        ("work, keys over slope from 1 FLOP/token to 9 FLOP/token", "does not convert"),
        ("work over keys from a to b", "a"),
    ],
)
def test_an_order_that_cannot_be_met_is_refused_in_a_sentence(order, said):
    with pytest.raises(ExplorerError, match=said):
        draw(order)
