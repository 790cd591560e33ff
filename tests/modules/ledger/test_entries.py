import pytest

from modules.ledger import Entry, LedgerError, check, defects


def cited(**fields):
    return Entry(
        **{
            "id": "kv-cache:x",
            "value": "80",
            "label": "Layers",
            "source": "llama3",
            "at": "Table 3",
        }
        | fields
    )


def assumed(**fields):
    return Entry(**{"id": "kv-cache:x", "value": "2 B", "label": "Size", "because": "bf16"} | fields)


def computed(**fields):
    return Entry(**{"id": "kv-cache:x", "formula": "2 * y", "label": "Both"} | fields)


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (cited(), "cited"),
        (cited(id="llama3_70b.layers"), "cited"),
        (cited(value="3.99 USD/(gpu*hour)", as_of="2026-09-25"), "cited"),
        (cited(as_of="2026-09-25", note="Seen twice", digits=4), "cited"),
        (assumed(), "assumed"),
        (assumed(value="5 USD", as_of="2026-02-28"), "assumed"),
        (computed(), "computed"),
        (computed(unit="USD/(gpu*hour)"), "computed"),
    ],
)
def test_each_kind_passes(entry, kind):
    check(entry)
    assert entry.kind == kind


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (cited(formula="2"), "both a value and a formula"),
        (computed(formula=""), "no value and no formula"),
        (cited(source="", at=""), "neither its source nor because"),
        (cited(because="of it"), "both cited and assumed"),
        (cited(at=""), "cites llama3 without saying where"),
        (assumed(at="Table 3"), "is assumed, so at has no place"),
        (computed(source="llama3"), "is computed, so source has no place"),
        (computed(because="of it"), "is computed, so because has no place"),
        (computed(as_of="2026-09-25"), "is computed, so as_of has no place"),
        (cited(unit="B"), "its unit belongs into the value"),
        (cited(label=""), "has no label"),
        (cited(label="  "), "has no label"),
        (cited(digits=0), "digits is 0"),
        (cited(digits=16), "digits is 16"),
        (cited(value="3.99 USD/(gpu*hour)"), "price without as_of"),
        (assumed(value="5 token/USD"), "price without as_of"),
        (cited(as_of="2026-02-30"), "not a date"),
        (cited(as_of="20260225"), "not a date"),
        (cited(as_of="2026-W08-3"), "not a date"),
        (cited(as_of="yesterday"), "not a date"),
        (cited(value="eighty"), "'eighty' is not a number"),
        (cited(value="80 layers"), "unknown unit 'layers'"),
        (computed(unit="furlong"), "unknown unit 'furlong'"),
        (cited(id="x"), "is not a name such as"),
        (cited(id=""), "is not a name such as"),
        (cited(id="kv-cache:"), "is not a name such as"),
        (cited(id="kv-cache:X"), "is not a name such as"),
        (cited(id="kv-cache:_x"), "is not a name such as"),
        (cited(id="kv-cache:a-b"), "is not a name such as"),
        (cited(id="kv-cache:a.b"), "is not a name such as"),
        (cited(id="KV:x"), "is not a name such as"),
        (cited(id="kv--cache:x"), "is not a name such as"),
        (cited(id="a.b.c"), "is not a name such as"),
        (cited(id="a:b:c"), "is not a name such as"),
        (cited(id="kv-cache:ｘ"), "is not a name such as"),
        (cited(id="kv-cache:x\n"), "is not a name such as"),
        (cited(id="kv-cache:" + "x" * 100), "is not a name such as"),
        (cited(id="kv-cache:token"), "'token' is a unit"),
        (cited(id="kv-cache:ms"), "'ms' is a unit"),
        (cited(id="llama3_70b.hour"), "'hour' is a unit"),
        (cited(id="kv-cache:max"), "'max' is a unit, a function"),
        (cited(id="kv-cache:if"), "a word of formulas"),
    ],
)
def test_what_is_wrong_is_said(entry, reason):
    with pytest.raises(LedgerError, match=reason) as caught:
        check(entry)
    assert str(caught.value).startswith(entry.id)


def test_every_defect_is_listed():
    assert defects(Entry("kv-cache:token", value="5 USD", unit="B", digits=99)) == [
        "'token' is a unit, a function or a word of formulas, so it cannot be a name",
        "has a value, so its unit belongs into the value",
        "has no label",
        "digits is 99, which is not from 1 to 15",
        "is a price without as_of, the day it was seen",
    ]
