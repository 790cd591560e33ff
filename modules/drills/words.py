"""A diagnosis in sentences, for whoever reads the page."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modules.drills.slips import TOLERANCE, Diagnosis, Grade, Slip, SlipKind
from modules.ledger import Quantity, show

MOST_SLIPS = 3  # one ratio may have several reasons; more than these help nobody
_BINARY = {"1": ("KB", "KiB"), "2": ("MB", "MiB"), "3": ("GB", "GiB"), "4": ("TB", "TiB")}

# What a slip is called where only its kind is known: in what a reader answered before.
NAMES: dict[str, str | Promise] = {
    SlipKind.BITS: gettext_lazy("bits for bytes"),
    SlipKind.BINARY: gettext_lazy("decimal for binary prefixes, KB for KiB"),
    SlipKind.KILO: gettext_lazy("1,000 for 1,024"),
    SlipKind.KEYS: gettext_lazy("keys without values"),
    SlipKind.MULTIPLY_ADDS: gettext_lazy("multiply-adds for FLOP"),
    SlipKind.HEADS: gettext_lazy("query heads for key-value heads"),
    SlipKind.DROPPED: gettext_lazy("an input left out"),
    SlipKind.INVERTED: gettext_lazy("an input upside down"),
    SlipKind.CONSTANT: gettext_lazy("a constant of the formula left out"),
    SlipKind.POWER: gettext_lazy("a power left out"),
    SlipKind.PREFIX: gettext_lazy("a prefix off, thousands of times"),
    SlipKind.BINARY_PREFIX: gettext_lazy("a binary prefix off"),
    SlipKind.PERCENT: gettext_lazy("a share for percent"),
    SlipKind.TIME: gettext_lazy("minutes or hours for seconds"),
    SlipKind.UPSIDE_DOWN: gettext_lazy("the answer upside down"),
    SlipKind.ZEROS: gettext_lazy("a zero too many or too few"),
}


def graded(diagnosis: Diagnosis) -> str:
    """Return how near an answer is: "Within 2×: 1.4 times too large."."""
    if diagnosis.is_right:
        return _("Right.")
    if diagnosis.ratio is None:
        return _("It is zero.")
    if diagnosis.ratio <= 0:
        return _("It has the other sign.") if diagnosis.ratio else _("It is not zero.")
    by = _off(diagnosis.ratio)
    if diagnosis.grade is Grade.NEAR:
        return _("Within 2×: %(by)s.") % {"by": by}
    if diagnosis.grade is Grade.ORDER:
        return _("Within 10×: %(by)s.") % {"by": by}
    return _("Far off: %(by)s.") % {"by": by}


def tolerance() -> str:
    return show(Quantity(100 * TOLERANCE)) + "%"


def suspected(diagnosis: Diagnosis, label: Callable[[str], str]) -> str:
    """Return what seems to have gone wrong: "Off by 8: bits for bytes?"; "" where nothing is known.

    `label` gives the name of a number by its id.
    """
    likely = diagnosis.slips[:MOST_SLIPS]
    if not likely:
        return ""
    reasons = dict.fromkeys(_reason(slip, label) for slip in likely)
    return _("Off by %(factor)s: %(reasons)s?") % {
        "factor": _factor(likely[0]),
        "reasons": _(", or ").join(reasons),
    }


def _off(ratio: float) -> str:
    if ratio > 1:
        return _("%(times)s times too large") % {"times": show(Quantity(ratio))}
    return _("%(times)s times too small") % {"times": show(Quantity(1 / ratio))}


def _factor(slip: Slip) -> str:
    """Return the factor that a slip makes: 8, 1.0486, 1,000."""
    if slip.kind in (SlipKind.BINARY, SlipKind.KILO):
        return f"{1.024 ** int(slip.what[0]):.5g}"
    return show(Quantity(max(slip.ratio, 1 / slip.ratio)))


def _reason(slip: Slip, label: Callable[[str], str]) -> str:
    what = ", ".join(f"“{label(key)}”" for key in slip.what) if slip.kind in _ABOUT_INPUTS else "".join(slip.what)
    is_large = slip.ratio > 1
    match slip.kind:
        case SlipKind.BITS:
            return _("bits for bytes") if is_large else _("bytes for bits")
        case SlipKind.BINARY:
            one, other = _BINARY[what] if is_large else _BINARY[what][::-1]
            return _("%(one)s for %(other)s") % {"one": one, "other": other}
        case SlipKind.KILO:
            return _("1,024 for 1,000") if is_large else _("1,000 for 1,024")
        case SlipKind.BINARY_PREFIX:
            return _("KiB for B, or another binary prefix off") if what == "1" else _("binary prefixes off")
        case SlipKind.PREFIX:
            return _("a prefix off, as MB for GB") if what == "1" else _("prefixes off, as MB for TB")
        case SlipKind.DROPPED:
            return _("%(what)s left out") % {"what": what}
        case SlipKind.INVERTED:
            return _("multiplied by %(what)s instead of divided, or the other way round") % {"what": what}
        case SlipKind.CONSTANT:
            return _("the %(number)s of the formula left out") % {"number": what}
        case SlipKind.POWER:
            return _("%(what)s not raised to its power") % {"what": what}
        case SlipKind.HEADS:
            return _("one key and value for every query head")
        case SlipKind.TIME:
            return _("hours for seconds") if max(slip.ratio, 1 / slip.ratio) > 60.5 else _("minutes for seconds")
        case SlipKind.ZEROS:
            return _("a zero too many or too few") if what == "1" else _("zeros too many or too few")
        case _:
            return str(NAMES[slip.kind])


_ABOUT_INPUTS = {SlipKind.DROPPED, SlipKind.INVERTED, SlipKind.POWER, SlipKind.HEADS}
